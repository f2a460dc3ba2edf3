//! A record signed on site.

use super::judge::{Judged, clock_flag, scope_flag};
use super::operator;
use super::plan::Row;
use super::snapshot::Record;
use super::work::Work;
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::checklist::by_edition;
use xunji_domain::inspection::{
    InspectionContent, InspectionEvent, Party, PhotoRef, SignedInspection, fold, signing_blockers,
};
use xunji_domain::operator::FieldWrite;
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::state::InspectionSummary;
use xunji_protocol::summary;
use xunji_protocol::verdict::{Cause, Flag};

/// `inspection.signed`.
pub(super) fn signed(
    work: &mut Work,
    change: &Change,
    body: &SignedInspection,
    document: Option<Digest>,
) -> Result<Judged, CanonicalError> {
    let content = &body.content;
    let Some(document) = document else {
        return Ok(Judged::stopped(Cause::Malformed, "content"));
    };
    if let Some(rule) = broken_rule(body, document) {
        return Ok(Judged::stopped(Cause::RuleBroken, rule));
    }
    if !work.at.stations.contains(&content.station) {
        return Ok(Judged::stopped(Cause::RuleBroken, "station"));
    }
    if let Some(first) = work.at.inspections.get(&content.id).cloned() {
        return signed_twice(work, change, first, content);
    }
    let Some(mut summary) = summary::signed(&change.envelope, change.hash, body, work.context.now)
    else {
        return Ok(Judged::stopped(Cause::RuleBroken, "started_at"));
    };
    let mut judged = known_licences(work, change, content)?;
    judged.flags.extend(scope_flag(work, content.station));
    judged.flags.extend(number_flag(work, content));
    let ends = [&content.started_at, &change.envelope.captured_at];
    let stamped = ends.into_iter().chain(&content.ended_at);
    judged.flags.extend(clock_flag(work, stamped));
    flag(&mut summary, &judged.flags);
    add_rows(work, change, content);
    let event = InspectionEvent::Signed {
        version: change.hash.to_hex(),
    };
    let mut record = Record {
        summary,
        content: content.clone(),
        events: Vec::new(),
        reviews: BTreeMap::new(),
        amendments: BTreeSet::new(),
    };
    happened(work, change, &mut record, event);
    judged.touches.push(work.put_inspection(record)?);
    Ok(judged)
}

/// Appends an event to a record; the fold of all events gives its state, version and open items.
/// Returns the flag of an event that does not fit.
pub(super) fn happened(
    work: &mut Work,
    change: &Change,
    record: &mut Record,
    event: InspectionEvent,
) -> Option<xunji_domain::inspection::Oddity> {
    let n = record.events.len();
    record.events.push(event.clone());
    let inspection = record.summary.id;
    work.rows.push(Row::Event {
        inspection,
        n: n as u64,
        change: change.hash,
        event,
    });
    let folded = fold(&record.events);
    if let Some(state) = folded.state {
        record.summary.state = state;
    }
    if let Some(version) = folded.version.as_deref().and_then(Digest::from_hex) {
        record.summary.version = version;
    }
    record.summary.open = folded.open;
    folded
        .odd
        .into_iter()
        .find_map(|(index, odd)| (index == n).then_some(odd))
}

/// Adds flags to what everybody sees of a record.
pub(super) fn flag(summary: &mut InspectionSummary, flags: &[Flag]) {
    summary.flags.extend_from_slice(flags);
    summary.flags.sort_unstable();
    summary.flags.dedup();
}

/// Names the originals a change brings.
pub(super) fn name_photos(
    work: &mut Work,
    change: &Change,
    inspection: xunji_domain::ids::InspectionId,
    photos: &[PhotoRef],
) {
    work.rows.extend(photos.iter().map(|photo| Row::Photo {
        sha256: photo.sha256.clone(),
        inspection,
        photo: photo.id,
        log: change.envelope.log,
        size: photo.size,
    }));
}

fn signed_twice(
    work: &mut Work,
    change: &Change,
    mut first: Record,
    second: &InspectionContent,
) -> Result<Judged, CanonicalError> {
    // They are evidence as those of the first version are: asked for, shown, never a file of nobody's.
    if Guard::SecondVersion.stands() {
        name_photos(work, change, second.id, &second.photos);
    }
    let event = InspectionEvent::Signed {
        version: change.hash.to_hex(),
    };
    happened(work, change, &mut first, event);
    flag(&mut first.summary, &[Flag::SignedTwice]);
    let key = work.put_inspection(first)?;
    Ok(Judged {
        flags: vec![Flag::SignedTwice],
        touches: vec![key],
        ..Judged::stopped(Cause::RuleBroken, "signed_twice")
    })
}

/// A certificate read or confirmed on site is the newest knowledge of it: it goes into the register
/// by the rule of field writes, seen against the entry as it was at the visit.
fn known_licences(
    work: &mut Work,
    change: &Change,
    content: &InspectionContent,
) -> Result<Judged, CanonicalError> {
    let Some(known) = work.operator(content.operator_id) else {
        return Ok(Judged::default());
    };
    let writes: Vec<FieldWrite> = content
        .licences
        .iter()
        .filter_map(|check| {
            let kind = serde_json::to_value(check.licence.kind).ok()?;
            let field = format!("licence.{}", kind.as_str()?);
            let seen = content.operator.operator.field(&field).ok()?;
            Some(FieldWrite {
                new: serde_json::to_value(&check.licence).ok()?,
                field,
                seen,
            })
        })
        .collect();
    operator::write(work, change, &known, &writes)
}

fn number_flag(work: &mut Work, content: &InspectionContent) -> Option<Flag> {
    let bearers = work
        .at
        .numbers
        .entry(content.record_no.clone())
        .or_default();
    bearers.insert(content.id);
    (bearers.len() > 1).then_some(Flag::NumberTwice)
}

fn add_rows(work: &mut Work, change: &Change, content: &InspectionContent) {
    let (record_no, inspection) = (content.record_no.clone(), content.id);
    work.rows.push(Row::Number {
        record_no,
        inspection,
        change: change.hash,
    });
    name_photos(work, change, inspection, &content.photos);
}

/// The first rule of signing that does not hold. Phones ask the same rules before they let anybody
/// sign; a record that breaks one was not made by an honest phone, and a person has to look.
fn broken_rule(body: &SignedInspection, document: Digest) -> Option<String> {
    let content = &body.content;
    let document = document.to_hex();
    if content.ended_at.is_none() || content.conclusion.is_none() {
        return Some("unfinished".to_owned());
    }
    if body.inspector_signatures.len() != content.inspectors.len() {
        return Some("inspector_signatures".to_owned());
    }
    let party = match &body.party {
        Party::Signed { signature, .. } => Some(signature),
        Party::Refused { .. } | Party::Absent => None,
    };
    if body
        .inspector_signatures
        .iter()
        .chain(party)
        .any(|s| s.document != document)
    {
        return Some("signature_document".to_owned());
    }
    let checklist = &content.checklist;
    // An edition this program does not hold is judged by the rules that need none.
    let known = by_edition(&checklist.id, checklist.version, &checklist.digest);
    let Some(day) = content.started_at.time().date(content.zone) else {
        return Some("started_at".to_owned());
    };
    let people: BTreeSet<_> = content.inspectors.iter().map(|i| i.person).collect();
    let blockers = known
        .map(|list| signing_blockers(content, list, Some(&body.party), day))
        .unwrap_or_default();
    if people.len() < 2 {
        return Some("too_few_inspectors".to_owned());
    }
    let first = serde_json::to_value(blockers.first()?).ok()?;
    first
        .get("code")
        .and_then(|code| code.as_str())
        .map(str::to_owned)
}
