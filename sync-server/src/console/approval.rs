//! Whether a record can be approved, and the sentence that says why not. One rule for the list, the
//! record's page and the approval itself.

use super::signed_in::SignedIn;
use crate::storage::console::files::PhotoFiles;
use xunji_domain::words::{InspectionState, Role};
use xunji_protocol::problem::Code;
use xunji_protocol::state::InspectionSummary;

/// What stands against an approval: the problem's code and the sentence.
pub(super) type Objection = (Code, String);

/// The first thing that stands against `reader` approving the record now.
pub(super) fn objection(
    reader: &SignedIn,
    summary: &InspectionSummary,
    photos: &[PhotoFiles],
) -> Option<Objection> {
    match summary.state {
        InspectionState::Signed | InspectionState::Amended => {}
        InspectionState::Returned => return Some((Code::Stale, "已退回，等待补正".to_owned())),
        other => return Some((Code::Stale, format!("{}，无须再审", other.label()))),
    }
    if reader.person.role != Role::Supervisor {
        return Some((Code::Forbidden, "由监管所所长审核".to_owned()));
    }
    if own(reader, summary) {
        return Some((
            Code::OwnRecord,
            "本人参加了检查，由其他审核人审核".to_owned(),
        ));
    }
    let wanting = photos.iter().filter(|p| !p.can_be_judged()).count();
    (wanting > 0).then(|| {
        (
            Code::NotComplete,
            format!("工作照还差 {wanting} 张，收齐后再审"),
        )
    })
}

/// Whether the reader stands on the record as an inspector.
pub(super) fn own(reader: &SignedIn, summary: &InspectionSummary) -> bool {
    summary
        .inspectors
        .iter()
        .any(|(person, _)| *person == reader.person.id)
}

/// Originals that an approval names as still missing, hex.
pub(super) fn originals_missing(photos: &[PhotoFiles]) -> Vec<String> {
    photos
        .iter()
        .filter(|p| p.original.is_none())
        .map(|p| p.photo.sha256.clone())
        .collect()
}
