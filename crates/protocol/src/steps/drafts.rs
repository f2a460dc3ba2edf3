//! drafts: safety copies of visits in work. They travel outside the log: the newest version of each
//! (draft, log) stays, nobody reads them, and another phone takes one over by a recorded act.

use crate::digest::Digest;
use crate::frame::{BODY, FrameError, FrameWriter, HEADER, read_frame};
use crate::limits::MAX_DRAFT_COPY;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{InspectionId, LogId, MarketId, PersonId, StationId};
use xunji_domain::inspection::{
    AnswerRow, ChecklistRef, Finding, InspectorOnRecord, LicenceCheck, PhotoRef, Reading,
};
use xunji_domain::operator::Operator;
use xunji_domain::time::{ClockReading, GeoFix, Millis};
use xunji_domain::words::{Conclusion, OperatorKind};

/// `POST`, a gzipped frame in ([`write_copy`]), JSON out ([`CopyKept`]).
pub const PATH: &str = "/api/v1/sync/drafts";
/// `POST`, JSON in and out: [`OffersRequest`], [`Offers`].
pub const OFFERED_PATH: &str = "/api/v1/sync/drafts/offered";
/// `POST`, JSON in ([`FetchRequest`]), the frame of one copy out, gzipped where the asker reads that.
pub const FETCH_PATH: &str = "/api/v1/sync/drafts/fetch";
/// Content type of a copy.
pub const CONTENT_TYPE: &str = "application/x-xunji-draft";

/// What is said of a copy without reading it. The server keeps these bytes beside the body's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyHead {
    /// The visit: a record signed from it bears this id, on whatever phone.
    pub inspection: InspectionId,
    /// The log that was open on the phone that holds the draft.
    pub log: LogId,
    /// Counts up on that phone with every copy of this draft: the highest one is the newest, whatever
    /// arrives last.
    pub version: u64,
    /// Whose draft it is.
    pub author: PersonId,
    /// Name at the time.
    pub author_name: String,
    /// Everybody who is to stand on the record.
    pub inspectors: Vec<PersonId>,
    /// When the copy was made.
    pub captured_at: ClockReading,
    /// SHA-256 of the body's bytes.
    pub digest: Digest,
    /// Name of the operator.
    pub operator_name: String,
    /// Its kind.
    pub operator_kind: OperatorKind,
    /// Record number, final since the visit began.
    pub record_no: String,
    /// When the visit began.
    pub started_at: Millis,
    /// Items with an answer.
    pub answered: u32,
    /// Items.
    pub total: u32,
    /// Photos taken: they stay on the phone that took them.
    pub photos: u32,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The draft itself, as canonical JSON: everything that was answered and typed. A drawn signature is never
/// in it, and of photos only what names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyBody {
    /// The operator as it was when the visit began.
    pub operator: Operator,
    /// Edition being filled in.
    pub checklist: ChecklistRef,
    /// The acting station.
    pub station: StationId,
    /// The market, when the visit is at one.
    pub market: Option<MarketId>,
    /// Start.
    pub started_at: ClockReading,
    /// Where it began.
    pub position: Option<GeoFix>,
    /// 已出示执法证件并告知.
    pub notice_given: bool,
    /// 未能检查, with its reason.
    pub not_inspected: Option<String>,
    /// Chosen by the inspector where it differs from the suggestion.
    pub conclusion: Option<Conclusion>,
    /// Why it differs.
    pub conclusion_reason: String,
    /// Opinion of the inspected party.
    pub party_opinion: String,
    /// Who inspects.
    pub inspectors: Vec<InspectorOnRecord>,
    /// Answers by item, each with how long it was looked at: the trace of the visit.
    pub answers: Vec<AnswerRow>,
    /// Findings, also of items whose answer was changed back.
    pub findings: Vec<Finding>,
    /// What was noted or read at items that have no answer yet.
    pub early: Vec<EarlyNote>,
    /// Certificates checked.
    pub licences: Vec<LicenceCheck>,
    /// Photos by the hash of their bytes.
    pub photos: Vec<PhotoRef>,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What stands at an item before its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyNote {
    /// The item.
    pub item: ItemCode,
    /// A note.
    pub note: String,
    /// Numbers read.
    pub readings: Vec<Reading>,
}

/// A copy whose bytes match its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftCopy {
    /// What is said of it.
    pub head: CopyHead,
    /// Exact bytes of the head.
    pub head_bytes: Vec<u8>,
    /// Exact bytes of the body.
    pub body: Vec<u8>,
}

/// What the server holds of a (draft, log) once a copy came: the phone's copy is acknowledged when version
/// and digest are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyKept {
    /// Version that stands.
    pub version: u64,
    /// Its digest.
    pub digest: Digest,
    /// When it came, server time: 30 days are counted from here.
    pub stored_at: Millis,
}

/// Asks which drafts can be taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffersRequest {}

/// What can be taken over at this phone's station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Copies of drafts that nobody has signed, the latest first; also this phone's own.
    pub drafts: Vec<Offer>,
    /// Drafts of this phone that went on elsewhere.
    pub taken: Vec<Taken>,
}

/// A draft on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What its copy says of itself.
    pub head: CopyHead,
    /// When the copy came, server time.
    pub stored_at: Millis,
}

/// A draft that another phone has taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The visit.
    pub inspection: InspectionId,
    /// Name of who took it over.
    pub by_name: String,
    /// When, by the taker's phone.
    pub at: Millis,
}

/// Asks for one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRequest {
    /// The visit.
    pub inspection: InspectionId,
    /// The log of the phone that made the copy.
    pub log: LogId,
}

/// Why bytes are not a copy. Nothing of it is taken.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Frame.
    #[error("copy {0}")]
    Frame(#[from] FrameError),
    /// Head, order or digest.
    #[error("copy is malformed: {0}")]
    Malformed(&'static str),
    /// More than a copy may hold.
    #[error("copy is too large")]
    TooLarge,
    /// Could not be written.
    #[error("copy does not serialise: {0}")]
    Json(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct CopyEnd {}

/// Writes a copy. `body` are the bytes that `head.digest` names.
///
/// # Errors
/// [`CopyError::TooLarge`] beyond the limit; [`CopyError::Json`] never for a real head.
pub fn write_copy(head: &CopyHead, body: &[u8]) -> Result<Vec<u8>, CopyError> {
    frame(&serde_json::to_vec(head)?, body)
}

impl DraftCopy {
    /// The same bytes as they came.
    ///
    /// # Errors
    /// [`CopyError::TooLarge`] beyond the limit.
    pub fn to_frame(&self) -> Result<Vec<u8>, CopyError> {
        frame(&self.head_bytes, &self.body)
    }
}

fn frame(head: &[u8], body: &[u8]) -> Result<Vec<u8>, CopyError> {
    if body.len() > MAX_DRAFT_COPY {
        return Err(CopyError::TooLarge);
    }
    let mut frame = FrameWriter::default();
    frame.line(HEADER, head);
    frame.line(BODY, body);
    Ok(frame.finish(CopyEnd {})?)
}

/// Reads a copy: the frame, and the body against its digest.
///
/// # Errors
/// [`CopyError`] when anything is cut, too large or does not match.
pub fn read_copy(bytes: &[u8]) -> Result<DraftCopy, CopyError> {
    let frame = read_frame::<CopyEnd>(bytes)?;
    let [(HEADER, head_bytes), (BODY, body)] = frame.lines.as_slice() else {
        return Err(CopyError::Malformed("lines"));
    };
    if body.len() > MAX_DRAFT_COPY {
        return Err(CopyError::TooLarge);
    }
    let head: CopyHead =
        serde_json::from_slice(head_bytes).map_err(|_| CopyError::Malformed("head"))?;
    if head.version == 0 || head.version > MAX_VERSION {
        return Err(CopyError::Malformed("version"));
    }
    if head.digest != Digest::of(body) {
        return Err(CopyError::Malformed("body does not match its digest"));
    }
    Ok(DraftCopy {
        head,
        head_bytes: head_bytes.to_vec(),
        body: body.to_vec(),
    })
}

/// Every JSON reader holds it exactly.
const MAX_VERSION: u64 = (1 << 53) - 1;
