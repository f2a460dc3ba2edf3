//! What the rules look at: the record, and what is known of earlier ones. Plain data; who calls loads
//! it once for a whole list.

use super::SignalCode;
use crate::checklist::ItemCode;
use crate::ids::{InspectionId, PersonId, StationId};
use crate::inspection::{InspectionContent, Party};
use crate::time::{ClockReading, Millis};
use crate::words::{Answer, Conclusion, InspectionState, OperatorKind};
use chrono::NaiveDate;

/// The record, as it reads after all amendments.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The content.
    pub content: &'a InspectionContent,
    /// How the inspected party closed it; `None` when the signed body does not read any more.
    pub party: Option<&'a Party>,
    /// Day in the station's zone.
    pub day: NaiveDate,
    /// The conclusion that stands.
    pub conclusion: Conclusion,
    /// Where it stands.
    pub state: InspectionState,
    /// Number of amendments.
    pub amendments: u32,
    /// When the server stored what was signed.
    pub received_at: Millis,
    /// The day report was made before it came.
    pub after_report: bool,
    /// What the register said of its changes.
    pub raised: &'a [SignalCode],
}

/// What is known beside the record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Visits of the station, in any order; those outside the 90 days before the record do not count.
    pub visits: &'a [Visit],
    /// The visit to the same operator before this one.
    pub earlier: Option<&'a Earlier>,
    /// Other records that name an original of this one.
    pub reused: &'a [Reused],
    /// The roster.
    pub cards: &'a [Card],
}

/// A visit as others are compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Id.
    pub id: InspectionId,
    /// Acting station.
    pub station: StationId,
    /// Whom.
    pub kind: OperatorKind,
    /// Its inspectors, sorted.
    pub team: Vec<PersonId>,
    /// Start.
    pub started_at: Millis,
    /// Day in the station's zone.
    pub day: NaiveDate,
    /// See [`seconds`].
    pub seconds: i64,
    /// Not 未能检查.
    pub inspected: bool,
    /// Concluded 符合 without a failed item.
    pub all_pass: bool,
}

/// The visit before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its day.
    pub day: NaiveDate,
    /// Its answers.
    pub answers: Vec<(ItemCode, Answer)>,
}

/// Another record with the same original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reused {
    /// SHA-256 of the original, hex.
    pub sha256: String,
    /// Day of the other record.
    pub day: NaiveDate,
    /// Its number; `None` when it lies outside what the reader may see.
    pub record_no: Option<String>,
}

/// A card as the roster knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Whose.
    pub person: PersonId,
    /// 执法证号.
    pub card_no: Option<String>,
    /// Last valid day.
    pub valid_to: Option<NaiveDate>,
}

/// Whole seconds a visit took, never below zero. A wall clock that was set back would make it
/// shorter than it was: then the time since boot counts.
pub fn seconds(started: &ClockReading, ended: &ClockReading) -> i64 {
    let wall = ended.time().0 - started.time().0;
    let since_boot = match started.boot == ended.boot {
        true => ended.boottime - started.boottime,
        false => 0,
    };
    wall.max(since_boot).max(0) / 1000
}

impl Record<'_> {
    /// Whole seconds of the visit; 0 without an end.
    pub(super) fn seconds(&self) -> i64 {
        let content = self.content;
        content
            .ended_at
            .as_ref()
            .map_or(0, |ended| seconds(&content.started_at, ended))
    }

    /// Its inspectors, sorted.
    pub(super) fn team(&self) -> Vec<PersonId> {
        let mut team: Vec<_> = self.content.inspectors.iter().map(|i| i.person).collect();
        team.sort_unstable();
        team
    }

    /// The answer to an item and how long it was looked at.
    pub(super) fn answer(&self, item: &ItemCode) -> Option<(Answer, i64)> {
        let row = self.content.answers.iter().find(|row| row.item == *item)?;
        Some((row.answer, row.shown_ms))
    }
}
