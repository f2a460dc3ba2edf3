//! The county's organisation: bureau, stations, grids, markets, people with cards.

use crate::ids::{BureauId, GridId, MarketId, PersonId, StationId};
use crate::section_confirm::SectionConfirm;
use crate::words::Role;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// 县局.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bureau {
    /// Tenant key.
    pub id: BureauId,
    /// 槐安县市场监督管理局.
    pub name: String,
    /// Six digits of GB/T 2260.
    pub area_code: String,
    /// Province profile the bureau works under.
    pub province: String,
    /// Fictional data: every page and PDF says 演示数据.
    pub demo: bool,
    /// 按部分确认, where the bureau has switched it on; off unless it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_confirm: Option<SectionConfirm>,
    /// The bureau has switched positions off: phones neither ask for one nor record one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub positions_off: bool,
}

/// 监管所.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// Id.
    pub id: StationId,
    /// 柳汀所, as in record numbers and lists.
    pub name: String,
    /// Short code in record numbers, e.g. `LT`.
    pub code: String,
    /// Minutes east of UTC.
    pub zone: i32,
}

/// 网格.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Id.
    pub id: GridId,
    /// 12-digit area code plus a two-digit suffix, `379921101000-03`.
    pub code: String,
    /// Display name.
    pub name: String,
    /// The responsible station.
    pub station: StationId,
}

/// A person with a role; inspectors carry a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Display name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The station; `None` for bureau-wide roles.
    pub station: Option<StationId>,
    /// 执法证号.
    pub card_no: Option<String>,
    /// Last day on which the card is valid.
    pub card_valid_to: Option<NaiveDate>,
}

impl Person {
    /// Whether this person may sign as an inspector on `day`: the role and a valid card (49号令第23条 asks for
    /// two such people on every record).
    pub fn may_sign_on(&self, day: NaiveDate) -> bool {
        matches!(self.role, Role::Inspector | Role::Supervisor)
            && self.card_no.is_some()
            && self.card_valid_to.is_some_and(|to| day <= to)
    }
}

/// Where a stall stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketSlot {
    /// The market.
    pub market: MarketId,
    /// Stall number or a description of the place, `东排 12 号`.
    pub slot: String,
}
