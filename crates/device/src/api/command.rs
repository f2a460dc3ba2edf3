//! Every command, as it comes in. Names are for ever.

use crate::usecases::amendments::ItemAmended;
use crate::usecases::answering::{AnswerWay, Hand};
use crate::usecases::answers::{NumberRead, Tap};
use crate::usecases::bundle::{Along, ExportBundle};
use crate::usecases::findings::FindingWrite;
use crate::usecases::operators::Search;
use crate::usecases::position::Told;
use crate::usecases::record_list::Listing;
use crate::usecases::register::NewOperator;
use crate::usecases::sections::ConfirmSection;
use crate::usecases::signing::{PartyRefuses, PartySigns};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{AmendmentId, InspectionId, OperatorId, PersonId, PhotoId};
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose, Stroke};
use xunji_domain::licence::LicenceKind;
use xunji_domain::operator::{FieldWrite, Licence};
use xunji_domain::time::GeoFix;
use xunji_domain::words::Conclusion;

/// A command of the face or of a headless phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "cmd", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are those of the use case each variant names"
)]
pub enum Command {
    /// The state of the phone.
    Status {},
    /// Enrols this phone.
    Enrol { server_url: String, code: String },
    /// The people of the station.
    Roster {},
    /// Sets today's inspectors.
    SetInspectors { ids: Vec<PersonId> },
    /// The first page.
    Today {},
    /// 出发前检查.
    Readiness {},
    /// A page of the register.
    Operators(Search),
    /// One entry.
    Operator { id: OperatorId },
    /// A new entry.
    RegisterOperator(NewOperator),
    /// Field writes.
    EditOperator {
        id: OperatorId,
        writes: Vec<FieldWrite>,
    },
    /// Every market.
    Markets {},
    /// A checklist.
    Checklist { id: String },
    /// Begins an inspection, or opens today's again.
    StartInspection {
        operator: OperatorId,
        /// Where the phone is; none says there was no fix.
        #[serde(default)]
        position: Option<GeoFix>,
    },
    /// What the receiver said of the place of a visit that begins.
    Position {
        inspection: InspectionId,
        told: Told,
    },
    /// An inspection in work.
    Draft { id: InspectionId },
    /// Drafts of other phones that can be gone on with.
    OfferedDrafts {},
    /// Goes on with one of them.
    TakeOverDraft {
        inspection: InspectionId,
        log: xunji_domain::ids::LogId,
    },
    /// One tap.
    Answer(Tap),
    /// What the visit is held to and reminded of.
    VisitRules { inspection: InspectionId },
    /// 按部分确认.
    ConfirmSection(ConfirmSection),
    /// Answers are taken back.
    TakeBack {
        inspection: InspectionId,
        items: Vec<ItemCode>,
    },
    /// A note.
    Note {
        inspection: InspectionId,
        item: ItemCode,
        text: String,
    },
    /// A number read.
    Reading(NumberRead),
    /// Parts of a finding.
    Finding {
        inspection: InspectionId,
        item: ItemCode,
        #[serde(flatten)]
        parts: FindingWrite,
    },
    /// 已告知.
    Notice {
        inspection: InspectionId,
        given: bool,
    },
    /// 未能检查.
    NotInspected {
        inspection: InspectionId,
        reason: Option<String>,
    },
    /// The conclusion that stands.
    Conclusion {
        inspection: InspectionId,
        conclusion: Option<Conclusion>,
        #[serde(default)]
        reason: String,
    },
    /// 当事人意见.
    PartyOpinion {
        inspection: InspectionId,
        text: String,
    },
    /// A photo is about to be taken, for an inspection or an amendment.
    ExpectPhoto {
        inspection: uuid::Uuid,
        purpose: PhotoPurpose,
    },
    /// The camera's file is here.
    TakeOver {
        photo: PhotoId,
        path: PathBuf,
        origin: PhotoOrigin,
    },
    /// The camera's file lies in the system's picture folder under this name.
    TakeNamed {
        photo: PhotoId,
        name: String,
        /// Bytes, as the page knows them.
        size: u64,
    },
    /// A photo is given up.
    CancelPhoto { photo: PhotoId },
    /// Takes back that a photo was given up.
    RestorePhoto { photo: PhotoId },
    /// What a photo shows.
    AssignPhoto {
        photo: PhotoId,
        purpose: PhotoPurpose,
        /// Only for a photo of the tray: where it belongs.
        #[serde(default)]
        inspection: Option<uuid::Uuid>,
    },
    /// 待归位.
    Tray {},
    /// What a typed number looks like to its rule.
    CheckNumber { kind: LicenceKind, number: String },
    /// 与上次一致.
    LicenceSame {
        inspection: InspectionId,
        kind: LicenceKind,
    },
    /// A certificate as typed.
    LicenceTyped {
        inspection: InspectionId,
        licence: Licence,
    },
    /// An inspector signs.
    SignInspector {
        inspection: InspectionId,
        person: PersonId,
        strokes: Vec<Stroke>,
    },
    /// The inspected party signs.
    SignParty(PartySigns),
    /// The inspected party refuses.
    RefuseParty(PartyRefuses),
    /// Nobody is there.
    PartyAbsent { inspection: InspectionId },
    /// The record becomes final.
    Finish { inspection: InspectionId },
    /// A page of a list of records.
    Records(Listing),
    /// One record.
    Record { id: InspectionId },
    /// Begins an amendment, or opens it again.
    StartAmendment { inspection: InspectionId },
    /// An amendment in work.
    Amendment { id: AmendmentId },
    /// One item of an amendment.
    AmendItem(ItemAmended),
    /// Why the record is amended.
    AmendReason {
        amendment: AmendmentId,
        reason: String,
    },
    /// Somebody signs the amendment: a person's id, or `party`.
    SignAmendment {
        amendment: AmendmentId,
        person: String,
        strokes: Vec<Stroke>,
    },
    /// The amendment becomes final.
    FinishAmendment { amendment: AmendmentId },
    /// What the sync page shows.
    SyncState {},
    /// 现在同步.
    SyncNow {
        #[serde(default)]
        originals_now: bool,
    },
    /// The person or the net is back.
    CameBack {},
    /// Runs sync on this thread up to a goal.
    SyncRun {
        until: Until,
        max_ms: u64,
        #[serde(default)]
        originals_now: bool,
    },
    /// Writes what has no receipt into files that somebody carries to the server.
    ExportBundle(ExportBundle),
    /// What a bundle would hold, and how far one is that is being written.
    BundleState {},
    /// The same writing for a page: into the folder that the shell named.
    WriteBundle {
        #[serde(default)]
        along: Along,
    },
    /// Reads the file of receipts that came back.
    ImportReceipts { path: PathBuf },
    /// The same, from what the file holds.
    TakeReceipts { text: String },
    /// Cards or dock.
    SetAnswerWay { way: AnswerWay },
    /// The hand that holds the phone.
    SetHand { hand: Hand },
    /// Remembers the page.
    SavePage { route: String },
    /// The key of the files, as the bureau read it out: for a phone that lost it and does not open.
    EnterKey { code: String },
    /// Begins a new `local.db` after a damaged one was moved aside.
    BeginNewLocal {},
}

impl Command {
    /// Whether it names a place on the disk: a page may not say where the core reads and writes.
    pub fn names_a_place(&self) -> bool {
        matches!(
            self,
            Self::ExportBundle(_) | Self::ImportReceipts { .. } | Self::TakeOver { .. }
        )
    }
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// All changes.
    Records,
    /// … and thumbnails.
    Thumbnails,
    /// … and working copies.
    Copies,
    /// … and originals, and the server's news.
    All,
    /// All changes, and the server's news.
    Pulled,
}
