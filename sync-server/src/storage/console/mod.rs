//! Reads and writes of the console. Every read of county data takes a [`Scope`]: what lies outside
//! it does not exist for the caller.

pub mod accounts;
pub mod batches;
pub mod compare;
pub mod conflicts;
pub mod earlier;
pub mod files;
pub mod held;
pub mod places;
pub mod raw;
pub mod records;
pub mod register;
pub mod reports;
pub mod sessions;
pub mod visits;
pub mod writers;

use uuid::Uuid;
use xunji_domain::ids::{BureauId, StationId};

/// What a signed-in person may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The county.
    pub bureau: BureauId,
    /// The one station, or `None` for all of the county.
    pub station: Option<StationId>,
}

impl Scope {
    /// Whether a station's records are visible.
    pub fn sees(&self, station: StationId) -> bool {
        self.station.is_none_or(|own| own == station)
    }

    /// The part of this scope that lies in `station`; `None` where it sees nothing of it.
    pub fn narrowed(self, station: Option<StationId>) -> Option<Self> {
        match station {
            None => Some(self),
            Some(wanted) if self.sees(wanted) => Some(Self {
                station: Some(wanted),
                ..self
            }),
            Some(_) => None,
        }
    }

    /// The station as a parameter of `(?2 IS NULL OR station = ?2)`.
    pub(super) fn station_column(&self) -> Option<[u8; 16]> {
        self.station.map(|station| *station.as_bytes())
    }
}

/// An id read from a request; `None` is answered as a record that does not exist.
pub fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok()
}
