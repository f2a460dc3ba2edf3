//! The state of the phone and the first page.

use super::{Count, DraftRowView, MarketDay, MarketView, PersonView, RecordRow, ToVisit};
use crate::usecases::answering::{AnswerWay, Hand};
use serde::Serialize;

/// A day in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct TodayDate {
    /// `2026-10-21`.
    pub date: String,
    /// 九月十二; empty outside the table.
    pub lunar: String,
    /// 星期三.
    pub weekday: String,
    /// All of it.
    pub text: String,
}

/// The phone's station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct StationView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code in record numbers.
    pub code: String,
}

/// What is still on this phone alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct SyncSummary {
    /// Records.
    pub records: Count,
    /// Photos, counted by their originals.
    pub photos: Count,
    /// What the rest waits for.
    pub waiting_for: String,
}

/// The state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Status {
    /// The phone belongs to a station.
    pub enrolled: bool,
    /// Fictional data: every page says 演示数据.
    pub demo: bool,
    /// Name of the bureau.
    pub bureau: Option<String>,
    /// The station.
    pub station: Option<StationView>,
    /// Where the server is.
    pub server_url: String,
    /// Version of this program.
    pub app_version: String,
    /// The page to open, when it was left on the same day.
    pub page: Option<String>,
    /// Today.
    pub today: TodayDate,
    /// Today's inspectors.
    pub inspectors: Vec<PersonView>,
    /// Those of the last day, proposed while today has none.
    pub proposed: Vec<PersonView>,
    /// What is still on this phone alone.
    pub unsent: SyncSummary,
    /// How the checklist is answered on this phone.
    pub answer_way: AnswerWay,
    /// The hand that holds this phone.
    pub hand: Hand,
    /// A damaged file of records was moved aside; nothing is written until a new one is asked for.
    pub local_lost: bool,
    /// The day a new file was made of what still read of a damaged one, as `10 月 14 日`.
    pub rescued: Option<String>,
    /// What lies in quarantine, by file name.
    pub quarantined_files: Vec<String>,
}

/// 今日.
#[derive(Clone, Debug, PartialEq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct TodayView {
    /// Markets held today.
    pub markets_today: Vec<MarketView>,
    /// The next market days, today's first; daily markets are not named.
    pub market_days: Vec<MarketDay>,
    /// Who stands on today's markets.
    pub to_visit: ToVisit,
    /// 待归位: photos that nobody has placed yet.
    pub tray: u32,
    /// Inspections in work.
    pub drafts: Vec<DraftRowView>,
    /// Drafts of today's people that are on another phone and can be gone on with here.
    pub offered: u32,
    /// The first records sent back, this phone's own before others.
    pub returned: Vec<RecordRow>,
    /// How many were sent back.
    pub returned_total: usize,
    /// The latest records of today.
    pub visited_today: Vec<RecordRow>,
    /// How many there are of today.
    pub visited_total: usize,
    /// What is still on this phone alone.
    pub sync: SyncSummary,
}
