//! The run: one change of the bureau's and one transaction a record, then its files.

use super::plan::Plan;
use super::{remove, sweep};
use crate::app::App;
use crate::decide::Snapshot;
use crate::problem::Answer;
use crate::storage::due::Due;
use crate::storage::erased;
use crate::write::append_bureau_change;
use serde::Serialize;
use std::collections::BTreeSet;
use xunji_domain::ids::{InspectionId, PersonId};
use xunji_domain::retention::RetentionRule;
use xunji_domain::words::InspectionState;
use xunji_protocol::kinds::{RECORD_ERASED, RecordErased};
use xunji_protocol::problem::Code;
use xunji_protocol::verdict::Verdict;

/// Who ordered it, and by which paper.
#[derive(Clone, Debug)]
pub struct Order {
    /// The paper: an appraisal, a decision, with its number.
    pub paper: String,
    /// The person.
    pub by: PersonId,
    /// Name now.
    pub by_name: String,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Records that were erased.
    pub records: u64,
    /// Files whose bytes were removed, those of an earlier run among them.
    pub files: u64,
    /// Records that changed while the run was under way: they wait for the next one.
    pub changed: u64,
    /// The log of the database was brought in and cut: no old page stands there.
    pub log_cut: bool,
}

/// Erases what a plan says. `tell` hears how many records are done of how many.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store or the disk. What was erased before it stays erased; the same run
/// again goes on there.
pub fn run(
    app: &App,
    rule: &RetentionRule,
    plan: &Plan,
    order: &Order,
    tell: &mut dyn FnMut(u64, u64),
) -> Answer<Done> {
    erased::leave_no_trace(&app.store)?;
    let mut done = Done {
        files: sweep(app)?,
        ..Done::default()
    };
    let mut gone = BTreeSet::new();
    for (n, due) in (1..).zip(&plan.go) {
        let said = said(app, rule, order, due, &gone);
        if !one(app, due, &said)? {
            done.changed += 1;
            continue;
        }
        gone.insert(due.record);
        done.records += 1;
        for file in &said.files {
            done.files += u64::from(remove(app, *file)?);
        }
        tell(n, plan.go.len() as u64);
    }
    done.files += sweep(app)?;
    done.log_cut = erased::cut_log(&app.store)?;
    Ok(done)
}

/// What is said of one record. A report goes with the last of its records.
fn said(
    app: &App,
    rule: &RetentionRule,
    order: &Order,
    due: &Due,
    gone: &BTreeSet<InspectionId>,
) -> RecordErased {
    let last = |records: &BTreeSet<InspectionId>| {
        let mut others = records.iter().filter(|record| **record != due.record);
        others.all(|record| gone.contains(record))
    };
    let reports: Vec<_> = due
        .reports
        .iter()
        .filter(|held| last(&held.records))
        .collect();
    RecordErased {
        record: due.record,
        rule: rule.id.clone(),
        rule_text: rule.text.clone(),
        order: order.paper.clone(),
        changes: due.changes.iter().map(|(hash, _)| *hash).collect(),
        files: due
            .files
            .keys()
            .copied()
            .chain(reports.iter().map(|held| held.pdf))
            .collect(),
        reports: reports.iter().map(|held| held.report).collect(),
        orderer: order.by,
        orderer_name: order.by_name.clone(),
        at: app.clock.now(),
    }
}

/// Appends the change; `false` when something has happened to the record since it was looked at.
fn one(app: &App, due: &Due, said: &RecordErased) -> Answer<bool> {
    let records = vec![due.record.0];
    let as_seen = |snapshot: &Snapshot| match snapshot.inspections.get(&due.record) {
        Some(record)
            if record.events.len() == due.events
                && record.summary.state == InspectionState::Approved =>
        {
            Ok(())
        }
        _ => Err(Code::Stale.into()),
    };
    let written = append_bureau_change(app, RECORD_ERASED, said, records, said.orderer, as_seen);
    match written {
        Ok(row) if row.verdict == Verdict::Applied => Ok(true),
        Ok(_) => Err(Code::Forbidden.into()),
        Err(refusal) if refusal.0.code == Code::Stale => Ok(false),
        Err(refusal) => Err(refusal),
    }
}
