//! Drafts: whether the copy of one is kept, and the change that says who took one over.

use super::judge::{Judged, scope_flag};
use super::work::Work;
use xunji_domain::ids::DeviceId;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::DraftTakenOver;
use xunji_protocol::limits::MAX_DRAFT_COPIES;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::drafts::{CopyHead, CopyKept};
use xunji_protocol::verdict::{Cause, Flag};

/// Rows of one moment beside a copy that came.
#[derive(Clone, Debug)]
pub struct CopyRows {
    /// Whose log the copy names; `None` for one that is not here, or the bureau's.
    pub owner: Option<DeviceId>,
    /// The author is somebody of the county.
    pub author_known: bool,
    /// The copy of this (draft, log) that stands.
    pub stands: Option<CopyKept>,
    /// Copies of other drafts in this log.
    pub others: u64,
}

/// What becomes of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyFate {
    /// It is kept in place of the one before.
    Kept,
    /// A newer one stands, or this very one.
    Older,
    /// It is not taken.
    Refused(Code),
}

/// Whether a copy is kept: the higher version stands, whichever came last.
pub fn copy(from: DeviceId, head: &CopyHead, rows: &CopyRows) -> CopyFate {
    if rows.owner != Some(from) || !rows.author_known {
        return CopyFate::Refused(Code::Forbidden);
    }
    match &rows.stands {
        Some(stands) if stands.version >= head.version && Guard::DraftCopy.stands() => {
            CopyFate::Older
        }
        None if rows.others >= MAX_DRAFT_COPIES as u64 => CopyFate::Refused(Code::DraftsFull),
        Some(_) | None => CopyFate::Kept,
    }
}

/// `draft.taken_over`: a fact that is kept as it was said. A draft of another station than the
/// phone's, or of nobody known, is flagged.
pub(super) fn taken_over(work: &Work, change: &Change, said: &DraftTakenOver) -> Judged {
    if said.taker != change.envelope.author {
        return Judged::stopped(Cause::NotAllowed, "taker");
    }
    if said.from_digest == Digest::ZERO || said.from_version == 0 {
        return Judged::stopped(Cause::RuleBroken, "from");
    }
    let station = work
        .at
        .people
        .get(&said.from_author)
        .and_then(|p| p.station);
    let strange = station.is_none_or(|station| scope_flag(work, station).is_some());
    Judged {
        flags: strange.then_some(Flag::OutOfScope).into_iter().collect(),
        ..Judged::default()
    }
}
