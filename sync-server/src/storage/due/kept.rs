//! What keeps a record whose time is over.

use super::{Due, KeptBack, Row};
use crate::storage::columns::{digest, json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_domain::ids::{BureauId, InspectionId};
use xunji_domain::inspection::InspectionContent;
use xunji_domain::words::{Answer, InspectionState, Measure};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// A change that was not applied.
pub(super) struct Stopped {
    pub(super) hash: Digest,
    verdict: Verdict,
    closed: bool,
}

pub(super) fn kept(
    db: &Connection,
    bureau: BureauId,
    row: &Row,
    beside: &[Stopped],
) -> Result<BTreeSet<KeptBack>, StoreError> {
    let mut kept = BTreeSet::new();
    match row.state {
        Some(InspectionState::Approved) => {}
        Some(InspectionState::Voided) => {
            kept.insert(KeptBack::Voided);
        }
        _ => {
            kept.insert(KeptBack::Unreviewed);
        }
    }
    let conflict = "SELECT 1 FROM conflict WHERE bureau = ?1 AND operator = ?2 AND resolved = 0";
    if db
        .prepare_cached(conflict)?
        .exists(params![bureau.as_bytes(), row.operator.as_bytes()])?
    {
        kept.insert(KeptBack::Conflict);
    }
    if is_open(db, bureau, row)? {
        kept.insert(KeptBack::OpenFinding);
    }
    for change in beside {
        match change.verdict {
            Verdict::Held => {
                kept.insert(KeptBack::Held);
            }
            Verdict::Quarantined if !change.closed => {
                kept.insert(KeptBack::Quarantined);
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// Whether a finding that was not put right on the spot was never answered otherwise by a later visit.
fn is_open(db: &Connection, bureau: BureauId, row: &Row) -> Result<bool, StoreError> {
    let mut open: BTreeSet<_> = row
        .findings
        .iter()
        .filter(|finding| finding.measure != Some(Measure::OnSite))
        .map(|finding| finding.item.clone())
        .collect();
    if open.is_empty() {
        return Ok(false);
    }
    let mut statement = db.prepare_cached(
        "SELECT content FROM inspection WHERE bureau = ?1 AND operator = ?2 AND started_at > ?3 AND state <> 'voided'",
    )?;
    let key = params![bureau.as_bytes(), row.operator.as_bytes(), row.started_at];
    let later = statement.query_map(key, |row| json::<InspectionContent>(row, 0))?;
    for content in later {
        for answer in content?.answers {
            if matches!(answer.answer, Answer::Pass | Answer::NotApplicable) {
                open.remove(&answer.item);
            }
        }
    }
    Ok(!open.is_empty())
}

/// Changes that were not applied, by each record that they name.
pub(super) fn stopped(
    db: &Connection,
    bureau: BureauId,
) -> Result<BTreeMap<Uuid, Vec<Stopped>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT v.hash, v.last, c.envelope FROM verdict v
         CROSS JOIN change c ON c.bureau = v.bureau AND c.hash = v.hash
         WHERE v.bureau = ?1 AND v.verdict <> 'applied' AND c.kind LIKE 'inspection.%'",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes()], |row| {
        let last: VerdictRow = json(row, 1)?;
        let envelope: Envelope = json(row, 2)?;
        let stopped = Stopped {
            hash: digest(row, 0)?,
            verdict: last.verdict,
            closed: last.closed.is_some(),
        };
        Ok((envelope.records, stopped))
    })?;
    let mut by_record: BTreeMap<Uuid, Vec<Stopped>> = BTreeMap::new();
    for row in rows {
        let (records, stopped) = row?;
        if let Some(first) = records.first() {
            by_record.entry(*first).or_default().push(stopped);
        }
    }
    Ok(by_record)
}

/// A report is evidence of every record in it: it goes with the last of them, and none goes before.
pub(super) fn keep_reports_whole(all: &mut [Due]) {
    loop {
        let going: BTreeSet<InspectionId> = all
            .iter()
            .filter(|due| due.kept.is_empty())
            .map(|due| due.record)
            .collect();
        let mut changed = false;
        for due in all.iter_mut().filter(|due| due.kept.is_empty()) {
            let stays = due
                .reports
                .iter()
                .any(|held| !held.records.is_subset(&going));
            if stays {
                changed |= due.kept.insert(KeptBack::Report);
            }
        }
        if !changed {
            return;
        }
    }
}
