//! What a rule would erase, and what it leaves with the reason. A look; nothing is written.

use crate::app::App;
use crate::problem::Answer;
use crate::storage::due::{self, Before, Due, KeptBack};
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use std::collections::BTreeMap;
use xunji_domain::retention::{Covers, RetentionRule};
use xunji_domain::time::{CHINA_OFFSET_MIN, Millis};

/// Records whose time is over.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Those that go, oldest first.
    pub go: Vec<Due>,
    /// Those that stay, each with its reasons.
    pub stay: Vec<Due>,
}

/// Figures of what goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Records.
    pub records: u64,
    /// Bodies, by the kind of their change.
    pub bodies: BTreeMap<String, u64>,
    /// Photos and what was made from them, bodies that came as files.
    pub files: u64,
    /// Day reports.
    pub reports: u64,
    /// Bytes of bodies and files.
    pub bytes: u64,
}

/// Looks at everything that was completed before a day.
///
/// # Errors
/// [`crate::problem::Refusal`] of the store.
pub fn plan(app: &App, rule: &RetentionRule, before: NaiveDate) -> Answer<Plan> {
    let Covers::Inspection = rule.covers;
    let before = Before {
        moment: midnight(before),
        day: before,
    };
    let all = due::due(&app.store, app.bureau, before)?;
    let (go, stay) = all.into_iter().partition(|due| due.kept.is_empty());
    Ok(Plan { go, stay })
}

/// The moment at which a day begins here.
fn midnight(day: NaiveDate) -> Millis {
    let utc = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    Millis(utc - i64::from(CHINA_OFFSET_MIN) * 60_000)
}

impl Plan {
    /// Figures of what goes.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            records: self.go.len() as u64,
            ..Counts::default()
        };
        let mut reports = BTreeMap::new();
        for due in &self.go {
            for (_, kind) in &due.changes {
                *counts.bodies.entry(kind.clone()).or_default() += 1;
            }
            counts.files += due.files.len() as u64;
            counts.bytes += due.body_bytes + due.files.values().sum::<u64>();
            reports.extend(due.reports.iter().map(|held| (held.report, ())));
        }
        counts.reports = reports.len() as u64;
        counts
    }
}

/// Why a record stays, in words.
pub fn reason(kept: KeptBack) -> &'static str {
    match kept {
        KeptBack::Unreviewed => "还没有审核通过",
        KeptBack::Voided => "已作废，按作废记录保留",
        KeptBack::OpenFinding => "有问题没有复查到改正",
        KeptBack::Conflict => "该主体的台账有冲突待裁定",
        KeptBack::Held => "有变更等待自动入账",
        KeptBack::Quarantined => "有变更等人处理",
        KeptBack::Report => "同一份日报里还有留存的记录",
    }
}
