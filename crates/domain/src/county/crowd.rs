//! A register as large as a county's: generated stalls, restaurants and workshops beside the sixty of
//! the demo, so that lists and searches can be measured. Nothing in it is real.

use super::{DemoCounty, MAIN_MARKET, MAIN_STATION};
use crate::ids::OperatorId;
use crate::licence::LicenceKind;
use crate::operator::{Licence, Operator, OperatorStatus};
use crate::org::MarketSlot;
use crate::words::OperatorKind;
use chrono::{Duration, NaiveDate};
use uuid::Uuid;

/// First words of a name: where it is.
const PLACES: [&str; 8] = [
    "柳汀",
    "石门洼",
    "杏埠",
    "东皋",
    "南荡",
    "桥头",
    "村口",
    "老井",
];
/// Second words: whose it is.
const HOUSES: [&str; 7] = ["谷家", "麦香", "禾记", "小满", "白露", "三槐", "半亩"];
/// Third words: what is sold, by kind in the order of `OperatorKind`.
const FOODS: [&[&str]; 3] = [
    &[
        "煎饼馃子",
        "油条豆浆",
        "烤地瓜",
        "糖酥火烧",
        "炸串",
        "凉皮凉面",
        "烤面筋",
        "羊杂汤",
        "炒田螺",
        "切糕",
        "冰糖葫芦",
        "炒花生",
    ],
    &[
        "水饺馆",
        "拉面馆",
        "包子铺",
        "炒鸡店",
        "早点铺",
        "麻辣烫",
        "粥铺",
        "砂锅店",
    ],
    &[
        "手工煎饼坊",
        "香油坊",
        "粉条坊",
        "豆腐坊",
        "花饽饽坊",
        "桃酥坊",
    ],
];
/// Invented names of people.
const OWNERS: [&str; 12] = [
    "谷小满",
    "麦冬生",
    "禾有田",
    "白露生",
    "田三槐",
    "井半亩",
    "柳春社",
    "石朴之",
    "桑知秋",
    "艾清和",
    "秋实禾",
    "池映荷",
];

impl DemoCounty {
    /// `count` more operators of the main station at its main market, always the same ones for a day.
    /// None without that station and market.
    pub fn crowd(&self, day: NaiveDate, count: u32) -> Vec<Operator> {
        let (Some(station), Some(market)) = (self.station(MAIN_STATION), self.market(MAIN_MARKET))
        else {
            return Vec::new();
        };
        let numbered = 1..=count;
        numbered
            .map(|number| Operator {
                station: station.id,
                grid: market.grid,
                slot: Some(MarketSlot {
                    market: market.id,
                    slot: format!("外场{number}号"),
                }),
                ..one(day, number)
            })
            .collect()
    }
}

fn one(day: NaiveDate, number: u32) -> Operator {
    let kind = match number % 10 {
        0..=4 => OperatorKind::Stall,
        5..=7 => OperatorKind::SmallRestaurant,
        _ => OperatorKind::Workshop,
    };
    let owner = pick(&OWNERS, number / 3);
    let food = pick(foods(kind), number / 7);
    let place = pick(&PLACES, number / 11);
    Operator {
        id: OperatorId(Uuid::from_u128(FIRST_ID + u128::from(number))),
        kind,
        name: format!("{place}{}{food}{number}号", pick(&HOUSES, number)),
        owner: owner.to_owned(),
        phone: String::new(),
        address: format!("柳汀镇柳汀大集外场{number}号"),
        station: crate::ids::StationId(Uuid::nil()),
        grid: crate::ids::GridId(Uuid::nil()),
        slot: None,
        varieties: vec![food.to_owned()],
        status: OperatorStatus::Active,
        licences: vec![card(day, kind, number, owner, food)],
        demo: true,
        extra: serde_json::Map::new(),
    }
}

/// Before the first generated id; version 7 like every other.
const FIRST_ID: u128 = 0x0199_a0c4_0007_7000_8000_0000_0000_0000;

fn foods(kind: OperatorKind) -> &'static [&'static str] {
    match kind {
        OperatorKind::Stall => FOODS[0],
        OperatorKind::SmallRestaurant => FOODS[1],
        OperatorKind::Workshop => FOODS[2],
    }
}

fn pick(words: &'static [&'static str], at: u32) -> &'static str {
    let at = usize::try_from(at).unwrap_or(0) % words.len().max(1);
    words.get(at).copied().unwrap_or_default()
}

fn card(day: NaiveDate, kind: OperatorKind, number: u32, owner: &str, food: &str) -> Licence {
    let (licence, word) = match kind {
        OperatorKind::Stall => (LicenceKind::StallCard, "卡"),
        OperatorKind::SmallRestaurant => (LicenceKind::SmallRestaurantRegistration, "登"),
        OperatorKind::Workshop => (LicenceKind::WorkshopRegistration, "坊"),
    };
    let later = |days: i64| Duration::try_days(days).and_then(|d| day.checked_add_signed(d));
    Licence {
        kind: licence,
        number: format!("演示{word}〔2026〕379921-{number:05}"),
        holder: owner.to_owned(),
        valid_from: later(-200 - i64::from(number % 300)),
        // One in forty expires within the month.
        valid_to: later(i64::from(number % 40) * 25 + 5),
        scope: food.to_owned(),
    }
}
