//! The state of a record as a total function of its events in server order. An event that is
//! illegal in the present state is kept and named, never refused: two people may have acted
//! without knowing of each other.

use crate::checklist::ItemCode;
use crate::words::InspectionState;
use serde::{Deserialize, Serialize};

/// One item that a supervisor sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenItem {
    /// The item.
    pub item: ItemCode,
    /// Why.
    pub reason: String,
}

/// What happened to a record. Hashes are those of the change that made the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum InspectionEvent {
    /// Signed on site.
    Signed {
        /// Hash of the change.
        version: String,
    },
    /// 通过.
    Approved {
        /// The version the reviewer saw.
        seen: String,
    },
    /// 退回.
    Returned {
        /// The version the reviewer saw.
        seen: String,
        /// Items sent back.
        items: Vec<OpenItem>,
    },
    /// 补正.
    Amended {
        /// The version it builds on.
        parent: String,
        /// Hash of the change.
        version: String,
        /// The items it touches.
        items: Vec<ItemCode>,
    },
    /// 作废.
    Voided,
}

impl InspectionEvent {
    /// The event without what a person wrote: its record was erased by a rule.
    pub fn erase(&mut self) {
        if let Self::Returned { items, .. } = self {
            items.iter_mut().for_each(|item| item.reason.clear());
        }
    }
}

/// Why an event stands beside the ordinary course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// A second signed version of one inspection: both kept, a person decides.
    SignedTwice,
    /// The event does not fit the state it met.
    IllegalTransition,
    /// The review named a version that is no longer the last: the record stays in the queue.
    StaleReview,
}

/// The result of the fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// Where the record stands; `None` before it was signed.
    pub state: Option<InspectionState>,
    /// The last version: hash of the signed change or of the last amendment.
    pub version: Option<String>,
    /// Items that wait for an amendment.
    pub open: Vec<OpenItem>,
    /// Index of each odd event and why.
    pub odd: Vec<(usize, Oddity)>,
}

/// Folds the events of one record in server order.
pub fn fold(events: &[InspectionEvent]) -> Folded {
    let mut at = Folded {
        state: None,
        version: None,
        open: Vec::new(),
        odd: Vec::new(),
    };
    for (index, event) in events.iter().enumerate() {
        if let Some(odd) = step(&mut at, event) {
            at.odd.push((index, odd));
        }
    }
    at
}

fn step(at: &mut Folded, event: &InspectionEvent) -> Option<Oddity> {
    use InspectionState as S;
    match (at.state, event) {
        (None, InspectionEvent::Signed { version }) => {
            at.state = Some(S::Signed);
            at.version = Some(version.clone());
            None
        }
        (Some(_), InspectionEvent::Signed { .. }) => Some(Oddity::SignedTwice),
        (None | Some(S::Voided | S::Draft), _) => Some(Oddity::IllegalTransition),
        (Some(_), InspectionEvent::Voided) => {
            at.state = Some(S::Voided);
            at.open.clear();
            None
        }
        (Some(S::Signed | S::Amended), InspectionEvent::Approved { seen }) => {
            if at.version.as_ref() != Some(seen) {
                return Some(Oddity::StaleReview);
            }
            at.state = Some(S::Approved);
            None
        }
        (Some(_), InspectionEvent::Approved { .. }) => Some(Oddity::IllegalTransition),
        (Some(S::Returned), InspectionEvent::Returned { .. }) => Some(Oddity::IllegalTransition),
        (Some(_), InspectionEvent::Returned { seen, items }) => {
            if at.version.as_ref() != Some(seen) {
                return Some(Oddity::StaleReview);
            }
            at.state = Some(S::Returned);
            at.open.clone_from(items);
            None
        }
        (Some(_), InspectionEvent::Amended { version, items, .. }) => {
            // Two amendments both stand; the later one in server order is the last version. The
            // record leaves 退回 only when no item is left open.
            at.open.retain(|o| !items.contains(&o.item));
            if at.open.is_empty() {
                at.state = Some(S::Amended);
            }
            at.version = Some(version.clone());
            None
        }
    }
}
