//! What a decision wants written: data, not calls. One plan is one transaction.

use super::snapshot::RecordKey;
use std::collections::BTreeMap;
use xunji_domain::ids::{BureauId, InspectionId, LogId, PhotoId};
use xunji_domain::inspection::{InspectionContent, InspectionEvent};
use xunji_domain::operator::Operator;
use xunji_domain::org::{Person, Station};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::kinds::{ChangeSettled, RecordErased, Review};
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::state::{ConflictState, InspectionSummary};
use xunji_protocol::verdict::VerdictRow;

/// Everything one transaction writes, and what must still be as it was read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The county.
    pub bureau: BureauId,
    /// Epoch of the store.
    pub epoch: u64,
    /// Server time.
    pub at: Millis,
    /// How the log moves; `None` when nothing new was said in a log.
    pub log: Option<LogMove>,
    /// Changes to store.
    pub changes: Vec<NewChange>,
    /// The signature that came with them.
    pub head: Option<HeadSignature>,
    /// The receipt, signed by the caller before the commit and given out after it.
    pub receipt: Option<(LogHead, SignedStatement)>,
    /// Revisions as they were read.
    pub revs: BTreeMap<RecordKey, u64>,
    /// How many records bore each number when it was read.
    pub numbers: BTreeMap<String, usize>,
    /// New states, in the order in which the records were first touched.
    pub records: Vec<RecordWrite>,
    /// Rows that are only added.
    pub rows: Vec<Row>,
    /// Verdicts in the order of the changes.
    pub verdicts: Vec<NewVerdict>,
}

/// A log's step from one head to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogMove {
    /// As it was read.
    pub from: LogHead,
    /// As it stands then.
    pub to: LogHead,
    /// A branch was seen.
    pub branched: bool,
}

/// A change to store verbatim.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// Hash.
    pub hash: Digest,
    /// Line.
    pub log: LogId,
    /// Seq.
    pub seq: u64,
    /// On the main line.
    pub main: bool,
    /// Kind.
    pub kind: String,
    /// Exact bytes.
    pub envelope: Vec<u8>,
    /// Digest of the body.
    pub body_digest: Digest,
    /// Exact bytes, where they are here.
    pub body: Option<Vec<u8>>,
    /// The body travels as a file.
    pub as_file: bool,
}

/// A record's new state. Its revision and position are given at the commit.
#[derive(Clone, Debug)]
pub struct RecordWrite {
    /// Which record.
    pub key: RecordKey,
    /// The feed it stands in from now on.
    pub feed: String,
    /// The state's bytes.
    pub bytes: Vec<u8>,
    /// Derived columns.
    pub derived: Derived,
}

/// Derived columns of a record, one shape per kind.
#[derive(Clone, Debug)]
pub enum Derived {
    /// `operator`.
    Operator(Box<Operator>),
    /// `inspection`, `inspector`, `finding`.
    Inspection(Box<InspectionSummary>, Box<InspectionContent>),
    /// `conflict`.
    Conflict(Box<ConflictState>),
    /// `person`.
    Person(Person),
    /// `station`.
    Station(Station),
    /// Nothing beside the state: bureau, grid, market.
    None,
}

/// A row that is only ever added.
#[derive(Clone, Debug)]
pub enum Row {
    /// `inspection_event`.
    Event {
        /// The record.
        inspection: InspectionId,
        /// Its place among the record's events.
        n: u64,
        /// The change that says it.
        change: Digest,
        /// What happened.
        event: InspectionEvent,
    },
    /// `record_no`.
    Number {
        /// The number.
        record_no: String,
        /// The record.
        inspection: InspectionId,
        /// The change.
        change: Digest,
    },
    /// `photo_ref`.
    Photo {
        /// SHA-256 of the original, hex.
        sha256: String,
        /// The record.
        inspection: InspectionId,
        /// The photo.
        photo: PhotoId,
        /// The log whose change names it.
        log: LogId,
        /// Bytes.
        size: i64,
    },
    /// `review`.
    Review {
        /// The change.
        change: Digest,
        /// The review.
        review: Box<Review>,
    },
    /// `log_hole`, where log and phone are those that declare it.
    Hole {
        /// The change that declares it.
        change: Digest,
        /// The log that declares it.
        by: LogId,
        /// The place, and the hash the change had.
        lost: LogHead,
    },
    /// `settled`.
    Settled {
        /// The change that says it.
        change: Digest,
        /// What it says.
        said: Box<ChangeSettled>,
    },
    /// `erased`: the bodies and file rows that a change names go, and with them what was derived from them.
    Erased {
        /// The change that says it.
        change: Digest,
        /// What it says.
        said: Box<RecordErased>,
    },
    /// `amendment`.
    Amendment {
        /// The change.
        change: Digest,
        /// The amendment.
        amendment: xunji_domain::ids::AmendmentId,
        /// The record.
        inspection: InspectionId,
    },
}

/// A verdict whose effects are filled in at the commit.
#[derive(Clone, Debug)]
pub struct NewVerdict {
    /// The row, without effects.
    pub row: VerdictRow,
    /// Records whose positions are its effects.
    pub touches: Vec<RecordKey>,
    /// What a held change waits for.
    pub waits_for: Option<String>,
    /// A later verdict; the first one stays as it was answered.
    pub later: Option<Later>,
}

/// A later verdict on a change that is stored already.
#[derive(Clone, Debug)]
pub struct Later {
    /// The log whose feed tells it.
    pub log: LogId,
    /// The verdict as it was read: another one since then makes the plan stale.
    pub before: VerdictRow,
}

/// What the commit gave: the verdicts with their positions, in the order of the plan.
pub type Positions = Vec<VerdictRow>;
