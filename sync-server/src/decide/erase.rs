//! 按规定删除: what is left of a record, and what goes.

use super::judge::Judged;
use super::plan::Row;
use super::work::Work;
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::RecordErased;
use xunji_protocol::state::Erasure;
use xunji_protocol::summary;
use xunji_protocol::verdict::Cause;

/// `record.erased`. Whether a rule reaches the record and nothing holds it back is asked before such a change
/// is written; here is who may say it, and of what.
pub(super) fn erased(
    work: &mut Work,
    change: &Change,
    said: &RecordErased,
) -> Result<Judged, CanonicalError> {
    let Some(mut record) = work.at.inspections.get(&said.record).cloned() else {
        return Ok(Judged::stopped(Cause::RuleBroken, "record"));
    };
    if said.orderer != change.envelope.author {
        return Ok(Judged::stopped(Cause::NotAllowed, "orderer"));
    }
    if said.order.is_empty() || said.changes.is_empty() {
        return Ok(Judged::stopped(Cause::RuleBroken, "order"));
    }
    let by = Erasure {
        rule: said.rule.clone(),
        rule_text: said.rule_text.clone(),
        order: said.order.clone(),
        by_name: said.orderer_name.clone(),
        at: said.at,
        change: change.hash,
    };
    record.summary = summary::erased(&record.summary, by);
    record.content = record.content.erased();
    work.rows.push(Row::Erased {
        change: change.hash,
        said: Box::new(said.clone()),
    });
    let key = work.put_inspection(record)?;
    Ok(Judged {
        touches: vec![key],
        ..Judged::default()
    })
}
