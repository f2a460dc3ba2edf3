//! The kinds of change and their bodies. Codes are for ever. Bytes are never migrated: [`crate::schema`] brings an
//! older body to the present shape.

use crate::digest::Digest;
use crate::log::LogHead;
use crate::schema::{self, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xunji_domain::ids::{
    ConflictId, InspectionId, LogId, OperatorId, PersonId, ReportId, ReviewId,
};
use xunji_domain::inspection::{Amendment, OpenItem, SignedInspection};
use xunji_domain::operator::{FieldWrite, Operator};
use xunji_domain::time::Millis;

/// A new entry of the register.
pub const OPERATOR_REGISTERED: &str = "operator.registered";
/// Field writes to an entry.
pub const OPERATOR_EDITED: &str = "operator.edited";
/// A record signed on site.
pub const INSPECTION_SIGNED: &str = "inspection.signed";
/// 补正.
pub const INSPECTION_AMENDED: &str = "inspection.amended";
/// 审核, written by the server into the bureau's log.
pub const INSPECTION_REVIEWED: &str = "inspection.reviewed";
/// 裁定: which value of a field stands, written by the server into the bureau's log.
pub const CONFLICT_RESOLVED: &str = "conflict.resolved";
/// What a person did about a change that was held back, written by the server into the bureau's log.
pub const CHANGE_SETTLED: &str = "change.settled";
/// 按规定删除: bodies and files of a record are no longer kept, written by the server into the bureau's log.
pub const RECORD_ERASED: &str = "record.erased";
/// A log begins where another could not go on; said by the device, or by the server in the bureau's log.
pub const LOG_OPENED: &str = "log.opened";

/// A draft goes on on another phone; said by the phone that took it over.
pub const DRAFT_TAKEN_OVER: &str = "draft.taken_over";

/// Body of [`LOG_OPENED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOpened {
    /// The log that was open before, and where it stood.
    pub before: LogHead,
    /// Why it could not go on.
    pub reason: OpenedBecause,
    /// Changes that were made and can no longer be read where they were made: the place of each and the
    /// hash it had. What follows them is taken all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<LogHead>,
}

/// Why a log was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBecause {
    /// The line was continued in two places: a copied phone, or a restored one that had gone on writing.
    Fork,
    /// The server knows more of the line than the phone: an older copy of the phone was put back.
    PhoneRestored,
    /// The data lies under another keystore than the one it was made under.
    Copied,
    /// A stored change no longer matches its hash.
    Damaged,
    /// The server's store was put back to an earlier state (bureau's log).
    ServerRestored,
}

/// Body of [`OPERATOR_EDITED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorEdited {
    /// The entry.
    pub operator: OperatorId,
    /// The writes, in order.
    pub writes: Vec<FieldWrite>,
}

/// Body of [`DRAFT_TAKEN_OVER`]: when is in the envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTakenOver {
    /// The visit: the record will bear the same id, so that two phones that both sign it are noticed.
    pub inspection: InspectionId,
    /// Its record number.
    pub record_no: String,
    /// The log of the phone it was taken from.
    pub from_log: LogId,
    /// The version that was taken over.
    pub from_version: u64,
    /// SHA-256 of what was taken over.
    pub from_digest: Digest,
    /// Whose draft it was.
    pub from_author: PersonId,
    /// Name at the time.
    pub from_author_name: String,
    /// Whose draft it is from now on.
    pub taker: PersonId,
    /// Name at the time.
    pub taker_name: String,
    /// Photos that stayed on the other phone.
    pub photos_left: u32,
}

/// What a supervisor decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum ReviewDecision {
    /// 通过.
    Approved {
        /// Originals that had not arrived yet; a later mismatch re-queues the record.
        originals_missing: Vec<String>,
    },
    /// 退回.
    Returned {
        /// The items, each with its reason.
        items: Vec<OpenItem>,
    },
}

/// Body of [`INSPECTION_REVIEWED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Id.
    pub id: ReviewId,
    /// The record.
    pub inspection: InspectionId,
    /// Hash of the version the reviewer saw.
    pub seen: String,
    /// Who.
    pub reviewer: PersonId,
    /// Name at the time.
    pub reviewer_name: String,
    /// When, server time.
    pub at: Millis,
    /// The decision.
    #[serde(flatten)]
    pub decision: ReviewDecision,
}

/// Body of [`CONFLICT_RESOLVED`]: one field, with all conflicts of it that were open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictResolved {
    /// The entry.
    pub operator: OperatorId,
    /// The field.
    pub field: String,
    /// The conflicts this closes.
    pub conflicts: Vec<ConflictId>,
    /// The value that stood in the field when it was decided.
    pub seen: Value,
    /// The value that stands from now on.
    pub value: Value,
    /// Why; empty where one of the written values was chosen without a word.
    pub reason: String,
    /// Who.
    pub resolver: PersonId,
    /// Name at the time.
    pub resolver_name: String,
    /// When, server time.
    pub at: Millis,
}

/// What a person did about a change that was held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The work of a phone that was revoked counts all the same: it is judged again without that question.
    Accepted,
    /// Nothing more is going to be done about it; it stays as it is.
    Closed,
}

/// Body of [`CHANGE_SETTLED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSettled {
    /// Hash of the change.
    pub change: Digest,
    /// What was decided.
    pub decision: Settled,
    /// Why.
    pub reason: String,
    /// Who.
    pub settler: PersonId,
    /// Name at the time.
    pub settler_name: String,
    /// When, server time.
    pub at: Millis,
}

/// Body of [`RECORD_ERASED`]: one record, with everything of it that is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordErased {
    /// The record.
    pub record: InspectionId,
    /// Id of the rule.
    pub rule: String,
    /// What the rule said.
    pub rule_text: String,
    /// The paper that ordered it: an appraisal, a decision, with its number.
    pub order: String,
    /// Hashes of the changes whose bodies go; envelope, digest and verdict stay.
    pub changes: Vec<Digest>,
    /// SHA-256 of the files that go: originals, what was made from them, bodies, reports.
    pub files: Vec<Digest>,
    /// Day reports that hold nothing else any more.
    pub reports: Vec<ReportId>,
    /// Who ordered it.
    pub orderer: PersonId,
    /// Name at the time.
    pub orderer_name: String,
    /// When, server time.
    pub at: Millis,
}

/// A body, read.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(Serialize), serde(untagged))]
pub enum Payload {
    /// [`OPERATOR_REGISTERED`].
    OperatorRegistered(Box<Operator>),
    /// [`OPERATOR_EDITED`].
    OperatorEdited(OperatorEdited),
    /// [`INSPECTION_SIGNED`].
    InspectionSigned(Box<SignedInspection>),
    /// [`INSPECTION_AMENDED`].
    InspectionAmended(Box<Amendment>),
    /// [`INSPECTION_REVIEWED`].
    InspectionReviewed(Review),
    /// [`CONFLICT_RESOLVED`].
    ConflictResolved(Box<ConflictResolved>),
    /// [`CHANGE_SETTLED`].
    ChangeSettled(ChangeSettled),
    /// [`RECORD_ERASED`].
    RecordErased(Box<RecordErased>),
    /// [`LOG_OPENED`].
    LogOpened(LogOpened),
    /// [`DRAFT_TAKEN_OVER`].
    DraftTakenOver(Box<DraftTakenOver>),
}

/// Why a body cannot be read now.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// Newer than this program: held until the upgrade.
    #[error("{kind} version {version} is newer than this program")]
    TooNew {
        /// Kind.
        kind: String,
        /// Version of the body.
        version: u32,
    },
    /// Not the shape it says it is: needs a person.
    #[error("body of {kind} does not read: {reason}")]
    Malformed {
        /// Kind.
        kind: String,
        /// What serde said; it names fields, never values of people.
        reason: String,
    },
}

/// How far a program reads: [`newest_version`], or what an older one knew.
pub type Newest = fn(&str) -> Option<u32>;

/// The newest schema version of a kind; `None` for a kind this program does not know.
pub fn newest_version(kind: &str) -> Option<u32> {
    schema::kind(kind).map(Kind::newest)
}

/// Reads the JSON of a body.
///
/// # Errors
/// [`PayloadError::TooNew`] for unknown kinds and newer versions, [`PayloadError::Malformed`] when
/// the JSON does not fit.
pub fn read_payload(kind: &str, version: u32, json: Value) -> Result<Payload, PayloadError> {
    read_payload_as(newest_version, kind, version, json)
}

/// [`read_payload`] of a program that reads so far.
///
/// # Errors
/// As [`read_payload`].
pub fn read_payload_as(
    newest: Newest,
    kind: &str,
    version: u32,
    json: Value,
) -> Result<Payload, PayloadError> {
    match schema::kind(kind) {
        Some(known) if newest(kind).is_some_and(|newest| version <= newest) => {
            known.read(version, json)
        }
        _ => Err(PayloadError::TooNew {
            kind: kind.to_owned(),
            version,
        }),
    }
}
