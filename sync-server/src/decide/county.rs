//! The county's organisation as states: what `admin init` and later the administrator write. A
//! state that is there already, byte for byte, is left alone, so that a second run changes nothing.

use super::Context;
use super::plan::{Derived, Plan, RecordWrite};
use super::snapshot::RecordKey;
use std::collections::BTreeMap;
use xunji_domain::calendar::Market;
use xunji_domain::org::{Bureau, Grid, Person, Station};
use xunji_protocol::canonical::{CanonicalError, canonical_bytes};
use xunji_protocol::digest::Digest;
use xunji_protocol::state::{BUREAU, GRID, MARKET, PERSON, STATION, bureau_feed, station_feed};

/// One piece of the organisation.
#[derive(Clone, Debug)]
pub enum Seed {
    /// 县局.
    Bureau(Bureau),
    /// 监管所.
    Station(Station),
    /// 网格.
    Grid(Grid),
    /// 集市 with its calendar rule.
    Market(Market),
    /// A person; in the station's feed, or in the bureau's where the role is bureau-wide.
    Person(Person),
}

impl Seed {
    /// Which record it is.
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Bureau(bureau) => (BUREAU, bureau.id.0),
            Self::Station(station) => (STATION, station.id.0),
            Self::Grid(grid) => (GRID, grid.id.0),
            Self::Market(market) => (MARKET, market.id.0),
            Self::Person(person) => (PERSON, person.id.0),
        }
    }

    fn write(&self) -> Result<RecordWrite, CanonicalError> {
        let (feed, bytes, derived) = match self {
            Self::Bureau(bureau) => (bureau_feed(), canonical_bytes(bureau)?, Derived::None),
            Self::Station(station) => (
                bureau_feed(),
                canonical_bytes(station)?,
                Derived::Station(station.clone()),
            ),
            Self::Grid(grid) => (bureau_feed(), canonical_bytes(grid)?, Derived::None),
            Self::Market(market) => (bureau_feed(), canonical_bytes(market)?, Derived::None),
            Self::Person(person) => {
                let feed = person.station.map_or_else(bureau_feed, station_feed);
                (
                    feed,
                    canonical_bytes(person)?,
                    Derived::Person(person.clone()),
                )
            }
        };
        Ok(RecordWrite {
            key: self.key(),
            feed,
            bytes,
            derived,
        })
    }
}

/// The plan that brings the organisation in. `present` holds revision and digest of what is there.
///
/// # Errors
/// [`CanonicalError`] for a market state with floats.
pub fn seed(
    seeds: &[Seed],
    present: &BTreeMap<RecordKey, (u64, Digest)>,
    context: Context,
) -> Result<Plan, CanonicalError> {
    let mut records = Vec::new();
    let mut revs = BTreeMap::new();
    for piece in seeds {
        let write = piece.write()?;
        let known = present.get(&write.key);
        revs.insert(write.key, known.map_or(0, |(rev, _)| *rev));
        if known.is_none_or(|(_, digest)| *digest != Digest::of(&write.bytes)) {
            records.push(write);
        }
    }
    Ok(Plan {
        bureau: context.bureau,
        epoch: context.epoch,
        at: context.now,
        log: None,
        changes: Vec::new(),
        head: None,
        receipt: None,
        revs,
        numbers: BTreeMap::new(),
        records,
        rows: Vec::new(),
        verdicts: Vec::new(),
    })
}
