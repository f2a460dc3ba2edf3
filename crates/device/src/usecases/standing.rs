//! What is worth knowing about an operator before going there: one short note, the weightiest first.

use chrono::NaiveDate;
use serde::Serialize;
use xunji_domain::licence::validity::{Validity, validity};
use xunji_domain::operator::Operator;
use xunji_domain::words::InspectionState;
use xunji_protocol::state::{FailedItem, InspectionSummary};

/// How a note is shown. Shape and word say the same, so that colour is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum Tone {
    /// Wrong: overdue, expired.
    Fail,
    /// Worth a second look.
    Warn,
    /// Waits for a visit.
    Brand,
    /// Nothing to say.
    Plain,
    /// Done.
    Pass,
}

/// The note of one operator. Ordered by how soon somebody should go there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Standing {
    /// How it is shown.
    pub tone: Tone,
    /// For people: 逾期未改 1, 证照已过期, 今天已查.
    pub text: String,
}

/// The note of an operator on a day.
pub fn standing(operator: &Operator, last: Option<&InspectionSummary>, day: NaiveDate) -> Standing {
    let last = last.filter(|l| l.state != InspectionState::Voided);
    if last.is_some_and(|l| l.day == day) {
        return note(Tone::Pass, "今天已查");
    }
    let (overdue, due) = rectifications(last, day);
    if overdue > 0 {
        return note(Tone::Fail, format!("逾期未改 {overdue}"));
    }
    let worst = worst_licence(operator, day);
    match worst {
        Some((Validity::Expired, _)) => return note(Tone::Fail, "证照已过期"),
        _ if due > 0 => return note(Tone::Warn, format!("待复查 {due}")),
        Some((Validity::Expiring, to)) => {
            return note(Tone::Warn, format!("{} 到期", to.format("%m-%d")));
        }
        _ => {}
    }
    match last {
        None => note(Tone::Brand, "没查过"),
        Some(_) if operator.licences.is_empty() => note(Tone::Warn, "未录证照"),
        Some(last) => note(Tone::Plain, last.day.to_string()),
    }
}

/// Failed items of the last visit that were given a deadline: passed, and still to come. What was put
/// right on the spot has none.
fn rectifications(last: Option<&InspectionSummary>, day: NaiveDate) -> (usize, usize) {
    let failed: &[FailedItem] = last.map_or(&[], |l| &l.failed);
    let deadlines = failed.iter().filter_map(|f| f.deadline);
    let (overdue, due): (Vec<_>, Vec<_>) = deadlines.partition(|deadline| *deadline < day);
    (overdue.len(), due.len())
}

fn worst_licence(operator: &Operator, day: NaiveDate) -> Option<(Validity, NaiveDate)> {
    let dated = operator.licences.iter().filter_map(|l| l.valid_to);
    dated.min().map(|to| (validity(Some(to), day), to))
}

fn note(tone: Tone, text: impl Into<String>) -> Standing {
    Standing {
        tone,
        text: text.into(),
    }
}
