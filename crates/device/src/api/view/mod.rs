//! The answers of the commands. Each is exported to TypeScript, so that face and core cannot drift apart.

mod amendments;
mod bundle;
mod drafts;
mod operators;
mod people;
mod photos;
mod position;
mod records;
mod status;
mod trip;

pub use amendments::{AmendmentItem, AmendmentView, FinishedAmendment};
pub use bundle::{BundleFiles, BundleLevel, BundleState};
pub use drafts::{
    BlockerView, ConfirmRules, DraftDelta, DraftRowView, DraftView, Finished, LicenceRow,
    NextMarket, OfferedDraftView, OfferedDrafts, PartyView, Progress, SectionProgress,
    SignatureView, TakenOver, VisitRules,
};
pub use operators::{
    ChecklistItem, ChecklistView, ConflictView, LastVisit, LicenceView, MarketView, NumberAnswer,
    OperatorList, OperatorRow, OperatorView,
};
pub use people::PersonView;
pub use photos::{ExpectedPhoto, PhotoView};
pub use position::{PositionState, PositionView};
pub use records::{Count, RecordList, RecordRow, RecordView, VersionView};
pub use status::{StationView, Status, SyncSummary, TodayDate, TodayView};
pub use trip::{ChecklistBrief, MarketDay, Readiness, ReadyLine, ToVisit, VisitView};
