//! A phone at its fullest: thousands of records of its station, hundreds sent back, with the longest names and reasons
//! that can be typed. Lists come in pages, nothing is out of reach, and no answer is too large for a phone's bridge.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::phone::{Phone, put};
use crate::store::StoreError;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::OnceLock;
use uuid::Uuid;
use xunji_domain::checklist::for_kind;
use xunji_domain::ids::{InspectionId, LogId, OperatorId};
use xunji_domain::inspection::OpenItem;
use xunji_domain::inspection::PhotoPurpose;
use xunji_domain::words::InspectionState;
use xunji_protocol::limits::{MAX_SHORT, MAX_TEXT};
use xunji_protocol::state::{self, InspectionSummary};

/// Records of colleagues, all of them later than the phone's own one.
const OTHERS: usize = 2_000;
/// Every so many of them were sent back.
const RETURNED: usize = 10;
/// Every so many of them are of today.
const TODAY: usize = 20;
/// What an old WebView's bridge carries without a pause.
const BRIDGE: usize = 100_000;
const MINUTE_MS: i64 = 60_000;

struct Full {
    phone: Phone,
    /// Signed here, with a photo that nobody has received, the oldest of all.
    own: String,
}

/// Built once: every test here only looks.
fn full() -> &'static Full {
    static FULL: OnceLock<Full> = OnceLock::new();
    FULL.get_or_init(|| {
        let phone = Phone::on_duty();
        let own = signed(&phone);
        let summary = phone.call(json!({"cmd": "record", "id": own}))["summary"].clone();
        colleagues(&phone, &serde_json::from_value(summary).unwrap());
        in_work(&phone);
        operators(&phone);
        Full { phone, own }
    })
}

fn signed(phone: &Phone) -> String {
    let id = phone.all_passed(&phone.stall(0).clone());
    phone.photo(id.parse().unwrap(), PhotoPurpose::Storefront, b"not sent");
    phone.close(&id);
    id
}

fn colleagues(phone: &Phone, own: &InspectionSummary) {
    let list = for_kind(own.operator_kind).unwrap();
    let reason = |at: usize| format!("{at}{}", "位".repeat(MAX_TEXT - 4));
    let open: Vec<OpenItem> = list
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| OpenItem {
            item: item.code.clone(),
            reason: reason(at),
        })
        .collect();
    let write = |m: &crate::store::mirror::Write<'_>| -> Result<(), StoreError> {
        for n in 0..OTHERS {
            let mut other = own.clone();
            other.id = InspectionId(phone.device.new_id().unwrap());
            other.log = LogId(phone.device.new_id().unwrap());
            other.record_no = format!("LT-20261021-{n:04}");
            other.operator_name = "柳".repeat(MAX_SHORT);
            other.started_at.0 += (1 + i64::try_from(n).unwrap()) * MINUTE_MS;
            other.state = InspectionState::Approved;
            if n % TODAY != 0 {
                other.day = other.day.pred_opt().unwrap();
            }
            if n % RETURNED == 0 {
                other.state = InspectionState::Returned;
                other.open = open.clone();
            }
            put(m, state::INSPECTION, other.id.0, &other)?;
        }
        Ok(())
    };
    phone.device.mirror().write(write).unwrap();
}

/// A market's worth of visits that were begun, and photos that nobody placed.
fn in_work(phone: &Phone) {
    for nth in 1..13 {
        let operator = phone.stall(nth).id;
        phone.call(json!({"cmd": "start_inspection", "operator": operator}));
    }
    for n in 0..300_u32 {
        phone.photo(Uuid::nil(), PhotoPurpose::Storefront, &n.to_be_bytes());
    }
}

/// A whole county, everybody's name as long as it can be.
fn operators(phone: &Phone) {
    let base = phone.stall(1).clone();
    let write = |m: &crate::store::mirror::Write<'_>| -> Result<(), StoreError> {
        for n in 0..1_000 {
            let mut operator = base.clone();
            operator.id = OperatorId(phone.device.new_id().unwrap());
            operator.name = format!("{n:04}{}", "家".repeat(MAX_SHORT - 4));
            operator.owner = "甲".repeat(MAX_SHORT);
            operator.address = "柳".repeat(MAX_SHORT);
            put(m, state::OPERATOR, operator.id.0, &operator)?;
        }
        Ok(())
    };
    phone.device.mirror().write(write).unwrap();
}

fn page(filter: &str, offset: usize) -> Value {
    let phone = &full().phone;
    phone.call(json!({"cmd": "records", "filter": filter, "limit": 50, "offset": offset}))
}

/// The ids of a whole list, read page by page.
fn all(filter: &str) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let page = page(filter, ids.len());
        let rows = page["rows"].as_array().unwrap();
        assert!(rows.len() <= 50, "{}", rows.len());
        if rows.is_empty() {
            assert_eq!(page["total"], json!(ids.len()));
            return ids;
        }
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
    }
}

#[test]
fn every_record_is_on_one_page_and_the_oldest_on_the_last() {
    let ids = all("all");
    assert_eq!(ids.len(), OTHERS + 1);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert_eq!(ids.last(), Some(&full().own));
}

#[test]
fn what_is_not_sent_is_found_behind_two_thousand_later_records() {
    assert_eq!(all("unsent"), [full().own.clone()]);
}

#[test]
fn what_was_sent_back_and_what_is_of_the_day_comes_in_pages_too() {
    assert_eq!(all("returned").len(), OTHERS / RETURNED);
    // The phone's own one is of that day as well.
    assert_eq!(all("day").len(), OTHERS / TODAY + 1);
}

#[test]
fn no_page_is_longer_than_fifty_whatever_is_asked_for() {
    let phone = &full().phone;
    for limit in [0, 50, 100_000] {
        let ask = json!({"cmd": "records", "filter": "all", "limit": limit});
        let rows = phone.call(ask)["rows"].as_array().unwrap().len();
        assert_eq!(rows, 50, "{limit}");
    }
}

#[test]
fn the_first_page_shows_the_first_of_each_list_and_says_how_many_there_are() {
    let today = full().phone.call(json!({"cmd": "today"}));
    assert_eq!(today["returned_total"], json!(OTHERS / RETURNED));
    assert_eq!(today["visited_total"], json!(OTHERS / TODAY + 1));
    for list in ["returned", "visited_today"] {
        assert_eq!(today[list].as_array().unwrap().len(), 20, "{list}");
    }
}

#[test]
fn no_list_is_too_large_for_the_bridge() {
    let Full { phone, own } = full();
    let lists = [
        json!({"cmd": "status"}),
        json!({"cmd": "roster"}),
        json!({"cmd": "today"}),
        json!({"cmd": "readiness"}),
        json!({"cmd": "markets"}),
        json!({"cmd": "operators", "query": "", "limit": 100_000}),
        json!({"cmd": "operators", "query": "", "limit": 50, "offset": 950}),
        json!({"cmd": "operator", "id": phone.stall(0).id}),
        json!({"cmd": "offered_drafts"}),
        json!({"cmd": "tray"}),
        json!({"cmd": "records", "filter": "all"}),
        json!({"cmd": "records", "filter": "returned"}),
        json!({"cmd": "records", "filter": "unsent"}),
        json!({"cmd": "records", "filter": "day"}),
        json!({"cmd": "record", "id": own}),
        json!({"cmd": "sync_state"}),
    ];
    let sizes: Vec<(String, usize)> = lists
        .iter()
        .map(|ask| (ask.to_string(), phone.call(ask.clone()).to_string().len()))
        .collect();
    let over: Vec<_> = sizes.iter().filter(|(_, size)| *size >= BRIDGE).collect();
    assert!(over.is_empty(), "{over:?}");
    let most = sizes.iter().map(|(_, size)| size).max().unwrap();
    assert!(*most > BRIDGE / 10, "the phone is not full: {sizes:?}");
}
