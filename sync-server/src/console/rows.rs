//! 检查 as every list shows it.

use super::judged::trace;
use crate::app::App;
use crate::problem::Answer;
use crate::storage::console::{Scope, places};
use chrono::NaiveDate;
use serde::Serialize;
use xunji_domain::calendar::Market;
use xunji_domain::checklist::edition;
use xunji_domain::ids::{InspectionId, MarketId, OperatorId, StationId};
use xunji_domain::inspection::InspectionContent;
use xunji_domain::org::Station;
use xunji_domain::signals::seconds;
use xunji_domain::trace::VisitTrace;
use xunji_domain::words::{Conclusion, GradeLetter, InspectionState, OperatorKind, Severity};
use xunji_protocol::digest::Digest;
use xunji_protocol::state::InspectionSummary;

/// Failed items by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FailedCounts {
    /// 关键项.
    pub critical: usize,
    /// 重点项.
    pub major: usize,
    /// 一般项.
    pub minor: usize,
}

/// Failed items of the present version.
pub(super) fn failed(summary: &InspectionSummary, content: &InspectionContent) -> FailedCounts {
    let list = edition(&content.checklist);
    let mut counts = FailedCounts::default();
    for failed in &summary.failed {
        let item = list.and_then(|l| l.item(&failed.item));
        match item.map(|item| item.severity) {
            Some(Severity::Critical) => counts.critical += 1,
            Some(Severity::Major) => counts.major += 1,
            Some(Severity::Minor) | None => counts.minor += 1,
        }
    }
    counts
}

/// Names of places, read once for a list.
pub(super) struct Names {
    stations: Vec<Station>,
    markets: Vec<Market>,
}

impl Names {
    pub(super) fn load(app: &App) -> Answer<Self> {
        Ok(Self {
            stations: places::stations(&app.store, app.bureau)?,
            markets: places::markets(&app.store, app.bureau)?,
        })
    }

    pub(super) fn station(&self, id: StationId) -> Option<&str> {
        let found = self.stations.iter().find(|station| station.id == id)?;
        Some(&found.name)
    }

    /// Stations of a scope in the order of their codes.
    pub(super) fn in_scope(&self, scope: Scope) -> Vec<(StationId, &str)> {
        let seen = self
            .stations
            .iter()
            .filter(|station| scope.sees(station.id));
        seen.map(|station| (station.id, station.name.as_str()))
            .collect()
    }

    pub(super) fn market(&self, id: MarketId) -> Option<&str> {
        let found = self.markets.iter().find(|market| market.id == id)?;
        Some(&found.name)
    }
}

/// A record as every list shows it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: InspectionId,
    record_no: String,
    operator: OperatorId,
    operator_name: String,
    place: Option<String>,
    kind: OperatorKind,
    station_name: String,
    market: Option<Named>,
    day: NaiveDate,
    started_text: String,
    ended_text: String,
    minutes: i64,
    seconds: i64,
    conclusion: Conclusion,
    grade: Option<GradeLetter>,
    score_permille: Option<i64>,
    failed: FailedCounts,
    inspectors: Vec<String>,
    state: InspectionState,
    state_text: &'static str,
    version: Digest,
    trace: VisitTrace,
}

/// A market in a row.
#[derive(Debug, Serialize)]
struct Named {
    id: MarketId,
    name: String,
}

/// The row of a record.
pub(super) fn row(summary: &InspectionSummary, content: &InspectionContent, names: &Names) -> Row {
    let zone = content.zone;
    let seconds = content
        .ended_at
        .as_ref()
        .map_or(0, |ended| seconds(&content.started_at, ended));
    let slot = content.operator.operator.slot.as_ref();
    let market = |id| Named {
        id,
        name: names.market(id).unwrap_or_default().to_owned(),
    };
    Row {
        id: summary.id,
        record_no: summary.record_no.clone(),
        operator: summary.operator,
        operator_name: summary.operator_name.clone(),
        place: slot.map(|slot| slot.slot.clone()),
        kind: summary.operator_kind,
        station_name: names
            .station(summary.station)
            .unwrap_or_default()
            .to_owned(),
        market: summary.market.map(market),
        day: summary.day,
        started_text: summary.started_at.clock_text(zone),
        ended_text: summary.ended_at.clock_text(zone),
        minutes: seconds / 60,
        seconds,
        conclusion: summary.conclusion,
        grade: summary.graded.letter,
        score_permille: summary.score_permille,
        failed: failed(summary, content),
        inspectors: summary
            .inspectors
            .iter()
            .map(|(_, name)| name.clone())
            .collect(),
        state: summary.state,
        state_text: shown_state(summary),
        version: summary.version,
        trace: trace(content),
    }
}

/// 待审 for what waits, the state's own word for the rest.
pub(super) fn state_text(state: InspectionState) -> &'static str {
    match state {
        InspectionState::Signed => "待审",
        InspectionState::Amended => "已补正，待审",
        other => other.label(),
    }
}

/// 已按规定删除 where nothing else is left, else the word of the state.
pub(super) fn shown_state(summary: &InspectionSummary) -> &'static str {
    match summary.erased {
        Some(_) => "已按规定删除",
        None => state_text(summary.state),
    }
}

/// Whether a record waits for a review.
pub(super) fn waits(state: InspectionState) -> bool {
    matches!(state, InspectionState::Signed | InspectionState::Amended)
}
