//! The fictional county 槐安县 as data: what a demo, a test and a screenshot start from. Nothing in it
//! is real: the area code is unassigned, the towns do not exist, the people are invented.

mod crowd;
mod seed;
#[cfg(test)]
mod tests;

pub use seed::CountyError;

use crate::calendar::Market;
use crate::ids::StationId;
use crate::operator::Operator;
use crate::org::{Bureau, Grid, Person, Station};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What every page and every PDF of fictional data says.
pub const DEMO_MARK: &str = "演示数据";
/// The market of the demo: 26 operators.
pub const MAIN_MARKET: &str = "柳汀大集";
/// The station responsible for it.
pub const MAIN_STATION: &str = "柳汀所";

/// A street, town or township.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Town {
    /// Twelve-digit statistics code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The responsible station.
    pub station: StationId,
}

/// The county on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoCounty {
    /// 县局.
    pub bureau: Bureau,
    /// 监管所.
    pub stations: Vec<Station>,
    /// 乡镇街道.
    pub towns: Vec<Town>,
    /// 网格.
    pub grids: Vec<Grid>,
    /// 集市.
    pub markets: Vec<Market>,
    /// Inspectors, assistant, supervisors, clerk, administrator.
    pub people: Vec<Person>,
    /// The register.
    pub operators: Vec<Operator>,
}

impl DemoCounty {
    /// The county as it is on `day`: cards and licences begin and end so many days from it, so that the
    /// mix of valid, expiring and expired ones is the same whenever the demo is run.
    ///
    /// # Errors
    /// Only when the built-in files are broken or `day` is at the end of the calendar.
    pub fn on(day: NaiveDate) -> Result<Self, CountyError> {
        seed::build(
            include_str!("../../county/places.toml"),
            include_str!("../../county/operators.toml"),
            day,
        )
    }

    /// The market with a name.
    pub fn market(&self, name: &str) -> Option<&Market> {
        self.markets.iter().find(|market| market.name == name)
    }

    /// The station with a name.
    pub fn station(&self, name: &str) -> Option<&Station> {
        self.stations.iter().find(|station| station.name == name)
    }

    /// The person with a name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The operators at a market, in register order.
    pub fn operators_at<'a>(&'a self, market: &Market) -> impl Iterator<Item = &'a Operator> {
        let id = market.id;
        self.operators
            .iter()
            .filter(move |operator| operator.slot.as_ref().is_some_and(|slot| slot.market == id))
    }
}
