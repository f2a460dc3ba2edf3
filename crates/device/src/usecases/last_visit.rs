//! The last visit of an operator with its 检纹, from what every colleague's phone has of a record.

use crate::api::view::{ChecklistBrief, VisitView};
use xunji_domain::checklist::{self, Checklist, for_kind};
use xunji_domain::trace::{TraceBar, VisitTrace};
use xunji_domain::words::{OperatorKind, Severity};
use xunji_protocol::state::InspectionSummary;

/// The visit as the stall page shows it.
pub(super) fn view(visit: &InspectionSummary) -> VisitView {
    VisitView {
        id: visit.id.to_string(),
        day_text: visit.day.to_string(),
        score_permille: visit.score_permille,
        conclusion: visit.conclusion,
        grade: visit.graded.letter.map(|l| l.label().to_owned()),
        inspectors: visit
            .inspectors
            .iter()
            .map(|(_, name)| name.clone())
            .collect(),
        trace: trace(visit),
    }
}

/// What the next inspection of this kind is about.
pub(super) fn brief(kind: OperatorKind) -> Option<ChecklistBrief> {
    let list = for_kind(kind)?;
    let critical = list
        .items
        .iter()
        .filter(|i| i.severity == Severity::Critical);
    Some(ChecklistBrief {
        name: list.name.clone(),
        items: list.items.len(),
        critical: critical.count(),
    })
}

/// The bars of a visit. Empty where the summary was made before it said how the answers were given, or
/// where the edition is one this program does not know: a trace of guesses would accuse somebody.
pub(super) fn trace(visit: &InspectionSummary) -> VisitTrace {
    let Some(list) = edition(visit).filter(|_| !visit.looks.is_empty()) else {
        return VisitTrace::default();
    };
    let bars = list.items.iter().map(|item| {
        let at = visit
            .answers
            .iter()
            .position(|(code, _)| *code == item.code);
        let look = at.and_then(|at| visit.looks.get(at));
        TraceBar {
            item: item.code.clone(),
            section: item.section,
            shown_ms: look.map_or(0, |(ms, _)| *ms),
            answer: at
                .and_then(|at| visit.answers.get(at))
                .map(|(_, answer)| *answer),
            answered_by: look.map(|(_, by)| *by),
        }
    });
    VisitTrace(bars.collect())
}

fn edition(visit: &InspectionSummary) -> Option<&'static Checklist> {
    let (id, version) = visit.checklist.split_once('/')?;
    let version: u32 = version.parse().ok()?;
    checklist::all()
        .ok()?
        .iter()
        .find(|c| c.id == id && c.version == version)
}
