//! What a decision looks at: rows of one moment, as plain data.

use super::incoming::Incoming;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_domain::ids::{
    AmendmentId, ConflictId, InspectionId, LogId, OperatorId, PersonId, ReviewId, StationId,
};
use xunji_domain::inspection::{InspectionContent, InspectionEvent, OpenItem};
use xunji_domain::operator::Operator;
use xunji_domain::org::Person;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::kinds::Payload;
use xunji_protocol::log::LogHead;
use xunji_protocol::state::{ConflictState, InspectionSummary};
use xunji_protocol::verdict::VerdictRow;

/// Kind and id of a record with a state.
pub type RecordKey = (&'static str, Uuid);

/// Which rows a decision needs.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Changes that may be known: those that came and the one before the first.
    pub hashes: Vec<Digest>,
    /// Authors.
    pub people: BTreeSet<PersonId>,
    /// Register entries.
    pub operators: BTreeSet<OperatorId>,
    /// Records.
    pub inspections: BTreeSet<InspectionId>,
    /// Record numbers.
    pub numbers: BTreeSet<String>,
    /// Conflicts.
    pub conflicts: BTreeSet<ConflictId>,
    /// Changes about which a person says something.
    pub stopped: BTreeSet<Digest>,
}

/// The log that speaks.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Whose it is.
    pub owner: Owner,
    /// Its key.
    pub key: PublicKey,
    /// Where it stands.
    pub head: LogHead,
    /// A branch was seen on it.
    pub branched: bool,
    /// Places whose change its phone has declared lost, with the hash it had.
    pub holes: BTreeMap<u64, Digest>,
}

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The bureau's own: reviews and what the server writes.
    Bureau,
    /// A phone's.
    Device {
        /// The phone.
        device: xunji_domain::ids::DeviceId,
        /// Its station.
        station: StationId,
        /// Not revoked.
        active: bool,
    },
}

/// A change that is stored already.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its seq.
    pub seq: u64,
    /// On the main line.
    pub main: bool,
    /// The first verdict, which is answered for ever.
    pub first: VerdictRow,
}

/// A change that was held back.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// Its line.
    pub log: LogId,
    /// The station of the phone; `None` for the bureau's own.
    pub station: Option<StationId>,
    /// The verdict as it stands.
    pub last: VerdictRow,
    /// What it waits for, when it is held.
    pub waits_for: Option<String>,
}

/// A record with all that decides what happens to it next.
#[derive(Clone, Debug)]
pub struct Record {
    /// As everybody sees it.
    pub summary: InspectionSummary,
    /// As it reads after all amendments.
    pub content: InspectionContent,
    /// Its events in server order.
    pub events: Vec<InspectionEvent>,
    /// What each review sent back.
    pub reviews: BTreeMap<ReviewId, Vec<OpenItem>>,
    /// Amendments that are in.
    pub amendments: BTreeSet<AmendmentId>,
}

/// Rows of one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The log.
    pub log: LogRow,
    /// Known changes among those asked for.
    pub known: BTreeMap<Digest, Known>,
    /// People among those asked for.
    pub people: BTreeMap<PersonId, Person>,
    /// All stations.
    pub stations: BTreeSet<StationId>,
    /// Register entries among those asked for.
    pub operators: BTreeMap<OperatorId, Operator>,
    /// Records among those asked for.
    pub inspections: BTreeMap<InspectionId, Record>,
    /// Conflicts among those asked for.
    pub conflicts: BTreeMap<ConflictId, ConflictState>,
    /// Changes among those asked for, applied or not.
    pub stopped: BTreeMap<Digest, Stopped>,
    /// Records that bear a number already.
    pub numbers: BTreeMap<String, BTreeSet<InspectionId>>,
    /// Revision of every record asked for; 0 where there is none. The commit compares them.
    pub revs: BTreeMap<RecordKey, u64>,
}

impl Reads {
    /// What the decision on these changes looks at.
    pub fn of(changes: &[Incoming]) -> Self {
        let mut reads = Self::default();
        reads
            .hashes
            .extend(changes.first().map(|c| c.change.envelope.prev));
        for incoming in changes {
            reads.hashes.push(incoming.change.hash);
            reads.people.insert(incoming.change.envelope.author);
            reads.add(incoming);
        }
        reads
    }

    fn add(&mut self, incoming: &Incoming) {
        match incoming.payload() {
            Some(Payload::OperatorRegistered(operator)) => {
                self.operators.insert(operator.id);
            }
            Some(Payload::OperatorEdited(edit)) => {
                self.operators.insert(edit.operator);
            }
            Some(Payload::InspectionSigned(signed)) => {
                self.operators.insert(signed.content.operator_id);
                self.inspections.insert(signed.content.id);
                self.numbers.insert(signed.content.record_no.clone());
            }
            Some(Payload::InspectionAmended(amendment)) => {
                self.inspections.insert(amendment.inspection);
            }
            Some(Payload::InspectionReviewed(review)) => {
                self.inspections.insert(review.inspection);
            }
            Some(Payload::ConflictResolved(said)) => {
                self.operators.insert(said.operator);
                self.conflicts.extend(&said.conflicts);
            }
            Some(Payload::ChangeSettled(said)) => {
                self.stopped.insert(said.change);
            }
            Some(Payload::RecordErased(said)) => {
                self.inspections.insert(said.record);
            }
            Some(Payload::DraftTakenOver(said)) => {
                self.people.insert(said.from_author);
            }
            Some(Payload::LogOpened(_)) | None => {}
        }
    }
}

impl LogRow {
    /// The line's id.
    pub fn id(&self) -> LogId {
        self.head.log
    }
}
