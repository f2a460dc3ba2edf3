//! The form in work as one value: the row with everything that hangs on it, and the content it makes.
//! The same rows always make the same content, so that a signature can name its hash.

use super::{acting, position};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::PositionView;
use crate::store::local::drafts::DraftRow;
use crate::store::local::early::{self, Early};
use crate::store::local::photos::{PhotoRow, PhotoState};
use crate::store::local::signatures::Signed;
use crate::store::local::{Read, answers, drafts, findings, licences, photos, signatures};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use xunji_domain::checklist::{Checklist, ItemCode, by_edition};
use xunji_domain::conclusion::{Concluded, ConclusionRule, conclude, not_inspected};
use xunji_domain::grading::{GradeContext, Graded, grade};
use xunji_domain::ids::{InspectionId, StationId};
use xunji_domain::inspection::{
    AnswerRow, Blocker, Finding, InspectionContent, LicenceCheck, OperatorSnapshot, Party,
    PhotoRef, signing_blockers,
};
use xunji_domain::licence::LicenceKind;
use xunji_domain::score_table::{ScoreLine, score_table};
use xunji_domain::scoring::{Score, score};
use xunji_domain::time::ClockReading;
use xunji_domain::words::{Answer, Conclusion};
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;

/// One inspection, whole.
pub(super) struct Form {
    pub row: DraftRow,
    pub checklist: &'static Checklist,
    pub answers: BTreeMap<ItemCode, AnswerRow>,
    pub findings: BTreeMap<ItemCode, Finding>,
    pub early: BTreeMap<ItemCode, Early>,
    pub photos: Vec<PhotoRow>,
    pub licences: Vec<LicenceCheck>,
    pub signed: Vec<Signed>,
    /// Where it began, as it is said.
    pub position: PositionView,
    station: StationId,
    zone: i32,
}

/// What the answers come to.
pub(super) struct Outcome {
    pub score: Score,
    pub concluded: Concluded,
    pub graded: Graded,
}

/// Reads a form.
///
/// # Errors
/// `not_found`, or `checklist_missing` for an edition this program does not hold.
pub(super) fn load(device: &Device, read: &Read<'_>, id: InspectionId) -> Result<Form, ApiError> {
    let row = drafts::get(read, id)?.ok_or_else(|| ApiError::not_found("这份检查"))?;
    let edition = &row.checklist;
    let checklist = by_edition(&edition.id, edition.version, &edition.digest).ok_or_else(|| {
        ApiError::new(
            "checklist_missing",
            "这份检查用的检查表版本不在本程序里，内容都在；请安装最新版本后再打开",
        )
    })?;
    Ok(Form {
        checklist,
        answers: answers::of_draft(read, id)?
            .into_iter()
            .map(|a| (a.item.clone(), a))
            .collect(),
        findings: findings::of_draft(read, id)?
            .into_iter()
            .map(|f| (f.item.clone(), f))
            .collect(),
        early: early::of_draft(read, id)?,
        photos: photos::of_draft(read, id.0)?,
        licences: licences::of_draft(read, id)?,
        signed: signatures::of_draft(read, id.0)?,
        station: acting::enrolment(read)?.station,
        zone: device.zone(),
        position: position::view(device, &row, &acting::reading(device, read)?)?,
        row,
    })
}

impl Form {
    /// Refuses a form that is final.
    ///
    /// # Errors
    /// `already_signed`.
    pub fn open(self) -> Result<Self, ApiError> {
        match self.row.signed_change {
            None => Ok(self),
            Some(_) => Err(ApiError::new(
                "already_signed",
                "这份检查已经签字定稿，原记录不再改动；需要更正的，请在记录页做补正",
            )),
        }
    }

    /// The day of the visit.
    pub fn day(&self) -> NaiveDate {
        self.row
            .started_at
            .time()
            .date(self.zone)
            .unwrap_or_default()
    }

    fn given(&self) -> BTreeMap<ItemCode, Answer> {
        let answers = self.answers.iter();
        answers.map(|(k, a)| (k.clone(), a.answer)).collect()
    }

    /// The score line by line; without lines where nothing was inspected.
    pub fn score_table(&self) -> Vec<ScoreLine> {
        if self.row.not_inspected.is_some() {
            return Vec::new();
        }
        score_table(self.checklist, &self.given())
    }

    /// Score, suggested conclusion and grade.
    pub fn results(&self) -> Outcome {
        let given = self.given();
        let rule = ConclusionRule::default();
        let context = GradeContext {
            on: self.day(),
            licence_from: self.licence_from(),
            last_accident: None,
        };
        if let Some(reason) = &self.row.not_inspected {
            let nothing = score(self.checklist, &BTreeMap::new());
            return Outcome {
                graded: grade(&nothing, &context),
                score: nothing,
                concluded: not_inspected(reason, &rule),
            };
        }
        let score = score(self.checklist, &given);
        Outcome {
            graded: grade(&score, &context),
            concluded: conclude(self.checklist, &given, &rule),
            score,
        }
    }

    /// The content as it stands; with `ended_at` it is what the signatures name.
    pub fn content(&self, ended_at: Option<&ClockReading>) -> InspectionContent {
        let Outcome {
            score,
            concluded,
            graded,
        } = self.results();
        let failed = |item: &ItemCode| {
            self.answers
                .get(item)
                .is_some_and(|a| a.answer == Answer::Fail)
        };
        let row = &self.row;
        InspectionContent {
            id: row.id,
            record_no: row.record_no.clone(),
            operator: OperatorSnapshot {
                operator: row.operator.clone(),
            },
            operator_id: row.operator.id,
            station: self.station,
            grid: row.operator.grid,
            market: row.market,
            checklist: row.checklist.clone(),
            started_at: row.started_at.clone(),
            ended_at: ended_at.cloned(),
            zone: self.zone,
            position: row.position.clone(),
            notice_given: row.notice_given,
            not_inspected: row.not_inspected.clone(),
            answers: self
                .checklist
                .items
                .iter()
                .filter_map(|i| self.answers.get(&i.code).cloned())
                .collect(),
            findings: self
                .findings
                .values()
                .filter(|f| failed(&f.item))
                .cloned()
                .collect(),
            photos: photo_refs(&self.photos),
            licences: self.licences.clone(),
            inspectors: row.inspectors.clone(),
            conclusion: Some(self.conclusion(&concluded)),
            score: row.not_inspected.is_none().then_some(score),
            concluded: Some(concluded),
            conclusion_reason: row.conclusion_reason.clone(),
            graded: Some(graded),
            party_opinion: row.party_opinion.clone(),
            extra: serde_json::Map::new(),
        }
    }

    /// The inspected party's end of the record, when there is one.
    pub fn party(&self) -> Option<&Party> {
        self.signed.iter().find_map(|s| match s {
            Signed::Party(party) => Some(party),
            Signed::Inspector { .. } => None,
        })
    }

    /// Everything that blocks signing now.
    pub fn blockers(&self) -> Vec<Blocker> {
        let content = self.content(self.row.ended_at.as_ref());
        signing_blockers(&content, self.checklist, self.party(), self.day())
    }

    fn conclusion(&self, concluded: &Concluded) -> Conclusion {
        self.row.conclusion.unwrap_or(concluded.conclusion)
    }

    /// First day of the certificate the grade asks about: the registration of the operator's own kind.
    fn licence_from(&self) -> Option<NaiveDate> {
        let asked = |kind: LicenceKind| {
            matches!(
                kind,
                LicenceKind::StallCard
                    | LicenceKind::SmallRestaurantRegistration
                    | LicenceKind::WorkshopRegistration
            )
        };
        let checked = self.licences.iter().map(|c| &c.licence);
        checked
            .chain(&self.row.operator.licences)
            .find(|l| asked(l.kind))
            .and_then(|l| l.valid_from)
    }
}

/// The photos as a record names them: only sealed ones, in the order they were asked for.
pub(super) fn photo_refs(rows: &[PhotoRow]) -> Vec<PhotoRef> {
    rows.iter()
        .filter(|p| p.state == PhotoState::Sealed)
        .filter_map(|p| {
            let sealed = p.sealed.as_ref()?;
            Some(PhotoRef {
                id: p.id,
                sha256: sealed.sha256.to_hex(),
                size: i64::try_from(sealed.size).ok()?,
                purpose: p.purpose.clone(),
                origin: p.origin,
                damaged: sealed.damaged,
                at: sealed.at.clone(),
            })
        })
        .collect()
}

/// The hash a signature names.
///
/// # Errors
/// `too_large` for content without canonical form, which the limits on typed text exclude.
pub(super) fn document<T: serde::Serialize>(content: &T) -> Result<Digest, ApiError> {
    let bytes = canonical_bytes(content).map_err(|e| {
        ApiError::new("too_large", "这份内容无法定稿，内容都在；请联系管理员")
            .with(serde_json::json!({ "detail": e.to_string() }))
    })?;
    Ok(Digest::of(&bytes))
}
