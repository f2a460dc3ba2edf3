//! Rows in, the next step out. Nothing is remembered here: after a kill the same rows give the same step.
//!
//! Order on a weak link: changes and the bodies that belong to them, what the server has to tell,
//! thumbnails, copies of drafts, working copies, originals. One request at a time, so a new change goes next at any
//! request's end.

use super::push;
use xunji_domain::ids::{InspectionId, LogId};
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::steps::files::FileKind;

/// Everything the next step depends on.
#[derive(Clone, Debug, Default)]
pub struct SyncRows {
    /// The phone has a certificate.
    pub enrolled: bool,
    /// The token will hold for another request.
    pub token_valid: bool,
    /// Logs with changes that can go, in the order in which they go.
    pub logs: Vec<LogRows>,
    /// Queued files without a receipt, in the order they were queued.
    pub files: Vec<QueuedFile>,
    /// Pictures of signed records whose copies are still being made.
    pub underived: u64,
    /// The server has to be asked for news.
    pub pull_due: bool,
    /// The server has to be asked whether the mirror holds what it holds.
    pub compare_due: bool,
    /// A draft of which the server lacks a copy.
    pub draft_due: Option<InspectionId>,
    /// The server has to be asked which drafts of other phones are on offer.
    pub offers_due: bool,
    /// The phone says that the link costs money; `None` where it does not tell.
    pub metered: Option<bool>,
    /// Slower than 1 Mbit/s over the last 30 s.
    pub slow: bool,
    /// 用流量传: originals go now.
    pub originals_now: bool,
}

/// One log.
#[derive(Clone, Debug)]
pub struct LogRows {
    /// The log.
    pub log: LogId,
    /// Changes that can go now, in order and without a gap.
    pub unsent: Vec<UnsentChange>,
}

/// A change that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsentChange {
    /// Seq.
    pub seq: u64,
    /// Bytes of its lines in a segment.
    pub size: usize,
}

/// A file that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuedFile {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Kind.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Where its upload stands.
    pub at: UploadAt,
    /// It was refused a moment ago, or cannot be read here: others go first.
    pub resting: bool,
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadAt {
    /// The server does not know it: create it and send the first bytes along.
    New,
    /// The creation was not answered: create it again, which gives the same upload, without bytes.
    MaybeCreated,
    /// A request was not answered: ask the server for the offset.
    Unsure,
    /// The server told this offset.
    Offset(u64),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fetch a token; also tells time and heads.
    Hello,
    /// Send changes.
    Push {
        /// The log.
        log: LogId,
        /// First seq.
        first: u64,
        /// Number of changes.
        count: usize,
    },
    /// Fetch one page.
    Pull {
        /// Bytes at most.
        max_bytes: usize,
    },
    /// Ask whether the mirror is the server's, or fetch what is not.
    Compare,
    /// Send the copy of a draft.
    CopyDraft {
        /// The draft.
        draft: InspectionId,
    },
    /// Ask which drafts of other phones are on offer.
    Offers,
    /// Go on with a file.
    Upload {
        /// The file.
        file: QueuedFile,
        /// Bytes to send from where it stands.
        len: u64,
    },
    /// Nothing can be done now.
    Wait(Reason),
}

/// Why nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Everything has arrived.
    Done,
    /// The phone has no certificate.
    NotEnrolled,
    /// Originals wait for a faster link.
    FasterLink,
    /// Originals wait for a link that costs nothing.
    FreeLink,
    /// Copies are being made.
    Deriving,
    /// Files that were refused a moment ago, or cannot be read here.
    Resting,
}

/// How far a run is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// All changes and their bodies.
    Records,
    /// … and thumbnails.
    Thumbnails,
    /// … and working copies.
    Copies,
    /// … and originals, copies of drafts, and the server's news.
    All,
    /// All changes, and the server's news.
    Pulled,
}

/// The next step. `size` is what one request may carry, by [`super::request::RequestSize`].
pub fn plan(rows: &SyncRows, size: usize) -> Step {
    if !rows.enrolled {
        return Step::Wait(Reason::NotEnrolled);
    }
    match work(rows, size) {
        Step::Wait(reason) => Step::Wait(reason),
        _ if !rows.token_valid => Step::Hello,
        step => step,
    }
}

fn work(rows: &SyncRows, size: usize) -> Step {
    if !Guard::TextFirst.stands()
        && let Some(file) = next_file(rows, FileKind::Original)
    {
        return upload(file, size);
    }
    let sendable = rows.logs.iter().find(|l| !l.unsent.is_empty());
    if let Some(log) = sendable
        && let Some(first) = log.unsent.first()
    {
        let count = push::select(&log.unsent, size);
        return Step::Push {
            log: log.log,
            first: first.seq,
            count,
        };
    }
    if let Some(file) = next_file(rows, FileKind::Body) {
        return upload(file, size);
    }
    if rows.pull_due {
        return Step::Pull { max_bytes: size };
    }
    if let Some(file) = next_file(rows, FileKind::Thumbnail) {
        return upload(file, size);
    }
    // A few kilobytes once a minute: what a lost phone would take with it.
    if let Some(draft) = rows.draft_due {
        return Step::CopyDraft { draft };
    }
    if rows.offers_due {
        return Step::Offers;
    }
    if let Some(file) = next_file(rows, FileKind::Copy) {
        return upload(file, size);
    }
    let original = next_file(rows, FileKind::Original);
    match (original, held_back(rows)) {
        (Some(file), None) => upload(file, size),
        // Never before evidence that could go.
        _ if rows.compare_due => Step::Compare,
        (Some(_), Some(reason)) => Step::Wait(reason),
        (None, _) => Step::Wait(idle(rows)),
    }
}

fn next_file(rows: &SyncRows, kind: FileKind) -> Option<QueuedFile> {
    rows.files
        .iter()
        .find(|f| f.kind == kind && !f.resting)
        .copied()
}

fn upload(file: QueuedFile, size: usize) -> Step {
    let len = match file.at {
        UploadAt::New => file.size.min(size as u64),
        UploadAt::MaybeCreated | UploadAt::Unsure => 0,
        UploadAt::Offset(from) => file.size.saturating_sub(from).min(size as u64),
    };
    Step::Upload { file, len }
}

/// Why originals wait; the phone's own word on cost goes before the measurement.
fn held_back(rows: &SyncRows) -> Option<Reason> {
    match (rows.originals_now, rows.metered, rows.slow) {
        (true, _, _) | (false, Some(false), _) | (false, None, false) => None,
        (false, Some(true), _) => Some(Reason::FreeLink),
        (false, None, true) => Some(Reason::FasterLink),
    }
}

fn idle(rows: &SyncRows) -> Reason {
    if rows.underived > 0 {
        Reason::Deriving
    } else if !rows.files.is_empty() {
        Reason::Resting
    } else {
        Reason::Done
    }
}

/// Whether a run has reached its goal.
pub fn reached(rows: &SyncRows, goal: Goal) -> bool {
    let none_of = |kinds: &[FileKind]| !rows.files.iter().any(|f| kinds.contains(&f.kind));
    let text = rows.logs.iter().all(|l| l.unsent.is_empty()) && none_of(&[FileKind::Body]);
    let derived = rows.underived == 0;
    text && match goal {
        Goal::Records => true,
        Goal::Pulled => !rows.pull_due,
        Goal::Thumbnails => derived && none_of(&[FileKind::Thumbnail]),
        Goal::Copies => derived && none_of(&[FileKind::Thumbnail, FileKind::Copy]),
        Goal::All => {
            let asked = !rows.pull_due && !rows.compare_due && !rows.offers_due;
            derived && rows.files.is_empty() && rows.draft_due.is_none() && asked
        }
    }
}
