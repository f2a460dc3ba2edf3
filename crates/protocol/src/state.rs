//! States as feeds carry them: the same bytes for every device. Kinds are for ever.

use crate::digest::Digest;
use crate::verdict::Flag;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use xunji_domain::checklist::ItemCode;
use xunji_domain::grading::Graded;
use xunji_domain::ids::{
    ConflictId, GridId, InspectionId, LogId, MarketId, OperatorId, PersonId, ReviewId, StationId,
};
use xunji_domain::inspection::OpenItem;
use xunji_domain::time::Millis;
use xunji_domain::words::{Answer, AnsweredBy, Conclusion, InspectionState, Measure, OperatorKind};

/// `xunji_domain::operator::Operator` (station feed).
pub const OPERATOR: &str = "operator";
/// [`InspectionSummary`] (station feed).
pub const INSPECTION: &str = "inspection";
/// `xunji_domain::org::Person` (station feed of the person's station).
pub const PERSON: &str = "person";
/// `xunji_domain::org::Station` (bureau feed).
pub const STATION: &str = "station";
/// `xunji_domain::org::Grid` (bureau feed).
pub const GRID: &str = "grid";
/// Market with its calendar rule (bureau feed).
pub const MARKET: &str = "market";
/// `xunji_domain::org::Bureau` (bureau feed).
pub const BUREAU: &str = "bureau";
/// [`ConflictState`] (station feed).
pub const CONFLICT: &str = "conflict";
/// [`crate::verdict::VerdictRow`] of a change (log feed); the id is [`change_id`].
pub const VERDICT: &str = "verdict";

/// Feed of the bureau: stations, grids, markets.
pub fn bureau_feed() -> String {
    "b".to_owned()
}

/// Feed of one station: roster, operators, inspections, conflicts.
pub fn station_feed(station: StationId) -> String {
    format!("s.{station}")
}

/// Feed of one log: later verdicts.
pub fn log_feed(log: LogId) -> String {
    format!("l.{log}")
}

/// The id under which a change stands where records do: the first 16 bytes of its hash.
pub fn change_id(hash: Digest) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(hash.0.split_at(16).0);
    Uuid::from_bytes(bytes)
}

/// One failed item as a summary names it: enough for 上次问题 on the next visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedItem {
    /// The item.
    pub item: ItemCode,
    /// What was found.
    pub problem: String,
    /// What was ordered.
    pub measure: Option<Measure>,
    /// Until when.
    pub deadline: Option<NaiveDate>,
}

/// A record as every colleague sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionSummary {
    /// Id.
    pub id: InspectionId,
    /// Record number.
    pub record_no: String,
    /// Whom.
    pub operator: OperatorId,
    /// Name as signed.
    pub operator_name: String,
    /// Kind as signed.
    pub operator_kind: OperatorKind,
    /// Acting station.
    pub station: StationId,
    /// Grid at the time.
    pub grid: GridId,
    /// Market.
    pub market: Option<MarketId>,
    /// Checklist id and edition, `XCY-6/1`.
    pub checklist: String,
    /// Start, UTC.
    pub started_at: Millis,
    /// End, UTC.
    pub ended_at: Millis,
    /// Day in the station's zone.
    pub day: NaiveDate,
    /// Conclusion that stands.
    pub conclusion: Conclusion,
    /// Grade.
    pub graded: Graded,
    /// Score in permille; `None` where nothing was applicable.
    pub score_permille: Option<i64>,
    /// Answers of the present version, item by item (codes only).
    pub answers: Vec<(ItemCode, Answer)>,
    /// How each of `answers` was given, in the same order: milliseconds on the screen and the way. An item
    /// that an amendment added has none. From these a colleague's phone draws 检纹 without the record's body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<(i64, AnsweredBy)>,
    /// Failed items of the present version.
    pub failed: Vec<FailedItem>,
    /// Inspectors: id and name.
    pub inspectors: Vec<(PersonId, String)>,
    /// Where it stands.
    pub state: InspectionState,
    /// Hash of the present version (signed change or last amendment).
    pub version: Digest,
    /// Hash of the signed change.
    pub signed_change: Digest,
    /// Digest of the signed body, for fetching it.
    pub body: Digest,
    /// Log that signed it.
    pub log: LogId,
    /// Items that wait for an amendment.
    pub open: Vec<OpenItem>,
    /// The review that opened them.
    pub review: Option<ReviewId>,
    /// Name of the last reviewer.
    pub reviewer_name: Option<String>,
    /// Number of amendments.
    pub amendments: u32,
    /// Flags.
    pub flags: Vec<Flag>,
    /// SHA-256 of originals the record names, hex.
    pub photos: Vec<String>,
    /// When the server stored the signed change.
    pub received_at: Millis,
    /// Its text and photos were erased by a rule: what stands here is all that is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
    /// Fields a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Why a record is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Id of the rule.
    pub rule: String,
    /// What the rule said.
    pub rule_text: String,
    /// The paper that ordered it.
    pub order: String,
    /// Name of who ordered it.
    pub by_name: String,
    /// When, server time.
    pub at: Millis,
    /// The change that says it.
    pub change: Digest,
}

/// Two values of one field, waiting for a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictState {
    /// Id.
    pub id: ConflictId,
    /// The entry.
    pub operator: OperatorId,
    /// The field.
    pub field: String,
    /// What the later writer saw.
    pub seen: Value,
    /// What stood there.
    pub standing: Value,
    /// What was written and is shown.
    pub written: Value,
    /// The change that met it.
    pub change: Digest,
    /// Who wrote it.
    pub author: PersonId,
    /// When the server met it.
    pub at: Millis,
    /// Decided by a person.
    pub resolved: bool,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
}

/// What a person decided about the values of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The value that stood from then on.
    pub value: Value,
    /// Why; may be empty.
    pub reason: String,
    /// Who.
    pub by: PersonId,
    /// Name at the time.
    pub by_name: String,
    /// When, server time.
    pub at: Millis,
    /// The change that says it.
    pub change: Digest,
}
