//! The content of an inspection: the same shape while it is a draft and when it is signed.

use crate::checklist::ItemCode;
use crate::conclusion::Concluded;
use crate::grading::Graded;
use crate::ids::{
    FindingId, GridId, InspectionId, MarketId, OperatorId, PersonId, PhotoId, StationId,
};
use crate::operator::{Licence, Operator};
use crate::scoring::Score;
use crate::time::{ClockReading, GeoFix};
use crate::words::{Answer, AnsweredBy, Conclusion, Measure};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which edition of a checklist was filled in. A draft never moves to a new one silently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistRef {
    /// `XCY-6`.
    pub id: String,
    /// Edition.
    pub version: u32,
    /// SHA-256 of the edition's bytes, hex.
    pub digest: String,
}

/// The operator as it was on the day; references are soft, this copy is the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSnapshot {
    /// The register entry at signing.
    #[serde(flatten)]
    pub operator: Operator,
}

/// A number read on site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Key within the item, e.g. `on_duty`.
    pub key: String,
    /// Decimal digits as typed, `-12.5`: canonical JSON holds no floats.
    pub value: String,
}

/// One answered item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRow {
    /// The item.
    pub item: ItemCode,
    /// The answer.
    pub answer: Answer,
    /// Why it was not checked, or a note.
    #[serde(default)]
    pub note: String,
    /// Numbers read.
    #[serde(default)]
    pub readings: Vec<Reading>,
    /// Milliseconds the item was on the screen before the last answer.
    pub shown_ms: i64,
    /// How the answer was given.
    pub answered_by: AnsweredBy,
    /// When.
    pub at: ClockReading,
}

/// 问题: one per failed item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id.
    pub id: FindingId,
    /// The failed item.
    pub item: ItemCode,
    /// What was found.
    #[serde(default)]
    pub problem: String,
    /// What was ordered; `None` in an unfinished draft.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// Last day for [`Measure::Deadline`].
    #[serde(default)]
    pub deadline: Option<NaiveDate>,
    /// Why there is no photo; empty where there is one.
    #[serde(default)]
    pub no_photo_reason: String,
}

/// What a photo shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PhotoPurpose {
    /// One or several items.
    Items {
        /// The items it serves.
        items: Vec<ItemCode>,
    },
    /// The stall or shop front.
    Storefront,
    /// A certificate.
    Licence,
}

/// Where the bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoOrigin {
    /// Taken by the camera for this record.
    Camera,
    /// 导入: chosen from the gallery.
    Imported,
}

/// A photo as the signed record names it: by the hash of its original bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoRef {
    /// Id.
    pub id: PhotoId,
    /// SHA-256 of the original, hex.
    pub sha256: String,
    /// Bytes of the original.
    pub size: i64,
    /// What it shows.
    pub purpose: PhotoPurpose,
    /// Camera or gallery.
    pub origin: PhotoOrigin,
    /// 已损坏: what could be read was kept.
    #[serde(default)]
    pub damaged: bool,
    /// When it was taken over.
    pub at: ClockReading,
}

/// A certificate as checked on site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceCheck {
    /// What stands on it.
    #[serde(flatten)]
    pub licence: Licence,
    /// 与上次一致: confirmed by one tap against the known licence.
    pub same_as_last: bool,
    /// The check digit did not fit and the inspector kept the number as read.
    #[serde(default)]
    pub check_digit_mismatch: bool,
    /// When.
    pub at: ClockReading,
}

/// One line of the pen: delta-coded points, `[x0, y0, dx, dy, …]` in 1/1000 of the pad's width.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stroke(pub Vec<i32>);

/// A signature on the screen. Any later change of the content voids it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Pen lines.
    pub strokes: Vec<Stroke>,
    /// SHA-256 of the canonical [`InspectionContent`], hex.
    pub document: String,
    /// When.
    pub at: ClockReading,
}

/// An inspector who stands on the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectorOnRecord {
    /// Person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// 执法证号.
    pub card_no: String,
    /// Last valid day of the card.
    pub card_valid_to: Option<NaiveDate>,
}

/// Somebody who saw the refusal (49号令第34条).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// Name.
    pub name: String,
    /// Unit or relation.
    #[serde(default)]
    pub unit: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Signature, where the witness gave one.
    #[serde(default)]
    pub signature: Option<Signature>,
}

/// A sound or film recording kept in place of a witness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvEvidence {
    /// Number of the recording on the recorder.
    pub number: String,
}

/// How the inspected party closed the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Party {
    /// Signed on the screen.
    Signed {
        /// Who signed.
        name: String,
        /// 经营者本人, 家属, 雇员 …
        relation: String,
        /// The signature.
        signature: Signature,
    },
    /// Refused (行政诉讼证据规定第15条: the reason is noted, others present may sign).
    Refused {
        /// The reason given or seen.
        reason: String,
        /// A witness …
        witness: Option<Witness>,
        /// … or a recording.
        recording: Option<AvEvidence>,
    },
    /// Nobody there: only with 未能检查.
    Absent,
}

/// Everything on the record except signatures. Its canonical bytes are what the signatures name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionContent {
    /// Id.
    pub id: InspectionId,
    /// `{station}-{yyyymmdd}-{log's short code}{nn}`, final offline.
    pub record_no: String,
    /// The operator as it was.
    pub operator: OperatorSnapshot,
    /// Whom the visit concerned.
    pub operator_id: OperatorId,
    /// The acting station; never changes.
    pub station: StationId,
    /// The grid at the time.
    pub grid: GridId,
    /// The market, when the visit was at one.
    pub market: Option<MarketId>,
    /// Edition filled in.
    pub checklist: ChecklistRef,
    /// Start.
    pub started_at: ClockReading,
    /// End; `None` in a draft.
    pub ended_at: Option<ClockReading>,
    /// Minutes east of UTC of the station, for printing.
    pub zone: i32,
    /// Where it began; `None` says there was no fix, never (0,0).
    pub position: Option<GeoFix>,
    /// 已出示执法证件并告知 (49号令第24条).
    pub notice_given: bool,
    /// 未能检查, with its reason.
    #[serde(default)]
    pub not_inspected: Option<String>,
    /// Answers by item in checklist order.
    pub answers: Vec<AnswerRow>,
    /// Findings of the failed items.
    pub findings: Vec<Finding>,
    /// Photos.
    pub photos: Vec<PhotoRef>,
    /// Certificates checked.
    pub licences: Vec<LicenceCheck>,
    /// The two (or more) inspectors.
    pub inspectors: Vec<InspectorOnRecord>,
    /// Score with its arithmetic; `None` in a draft.
    pub score: Option<Score>,
    /// Suggested conclusion with its arithmetic.
    pub concluded: Option<Concluded>,
    /// The conclusion that stands.
    pub conclusion: Option<Conclusion>,
    /// Why it differs from the suggestion.
    #[serde(default)]
    pub conclusion_reason: String,
    /// Grade with its arithmetic.
    pub graded: Option<Graded>,
    /// Opinion of the inspected party.
    #[serde(default)]
    pub party_opinion: String,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A record that is final: content and signatures. The body of `inspection.signed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInspection {
    /// What was signed.
    pub content: InspectionContent,
    /// One signature per inspector, in the order of `content.inspectors`.
    pub inspector_signatures: Vec<Signature>,
    /// The inspected party.
    pub party: Party,
}

impl InspectionContent {
    /// What is left of it when it was erased by a rule: which visit, of whom by id, when, by which edition, with
    /// which conclusion. No name, no answer, no word, no place.
    #[must_use]
    pub fn erased(&self) -> Self {
        Self {
            operator: OperatorSnapshot {
                operator: self.operator.operator.nameless(),
            },
            position: None,
            not_inspected: None,
            answers: Vec::new(),
            findings: Vec::new(),
            photos: Vec::new(),
            licences: Vec::new(),
            inspectors: Vec::new(),
            score: None,
            concluded: None,
            conclusion_reason: String::new(),
            graded: None,
            party_opinion: String::new(),
            extra: Map::new(),
            ..self.clone()
        }
    }
}
