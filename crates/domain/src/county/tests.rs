#![allow(clippy::unwrap_used)]

use super::*;
use crate::calendar::{is_market_day, latest_past_market_day};
use crate::licence::{LicenceKind, NumberCheck, area, card, check, phone, validity};
use crate::operator::{Licence, OperatorStatus};
use crate::text::{matches, nfc, search_keys};
use crate::words::{OperatorKind, Role};
use std::collections::BTreeSet;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn county() -> DemoCounty {
    DemoCounty::on(today()).unwrap()
}

fn licence(operator: &Operator, kinds: &[LicenceKind]) -> Option<Licence> {
    operator
        .licences
        .iter()
        .find(|l| kinds.contains(&l.kind))
        .cloned()
}

fn of_kind(county: &DemoCounty, kind: OperatorKind) -> Vec<&Operator> {
    county.operators.iter().filter(|o| o.kind == kind).collect()
}

fn state(operator: &Operator, kinds: &[LicenceKind]) -> Option<validity::Validity> {
    licence(operator, kinds).map(|l| validity::validity(l.valid_to, today()))
}

#[test]
fn places_and_people() {
    let county = county();
    assert_eq!(county.bureau.name, "槐安县市场监督管理局");
    let counts = [
        county.stations.len(),
        county.towns.len(),
        county.grids.len(),
        county.markets.len(),
    ];
    assert_eq!(counts, [3, 6, 10, 6]);
    let names: Vec<&str> = county.stations.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["槐下所", "柳汀所", "杏埠所"]);
    let inspectors: Vec<&Person> = county
        .people
        .iter()
        .filter(|p| p.role == Role::Inspector)
        .collect();
    let names: Vec<&str> = inspectors.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["检查员甲", "检查员乙", "检查员丙", "检查员丁"]);
    for inspector in inspectors {
        assert!(inspector.may_sign_on(today()));
        let number = inspector.card_no.as_deref().unwrap();
        assert_eq!(card::check(number), NumberCheck::ok(number));
    }
    let supervisor = county.person("所长甲").unwrap();
    assert_eq!(
        supervisor.station,
        county.station(MAIN_STATION).map(|s| s.id)
    );
    assert!(!county.person("协管员甲").unwrap().may_sign_on(today()));
}

#[test]
fn sixty_operators_and_twenty_six_at_the_main_market() {
    let county = county();
    let counts = OperatorKind::ALL
        .iter()
        .map(|k| of_kind(&county, *k).len())
        .collect::<Vec<_>>();
    assert_eq!(counts, [28, 20, 12]);
    let market = county.market(MAIN_MARKET).unwrap();
    let count = |kind| {
        county
            .operators_at(market)
            .filter(|o| o.kind == kind)
            .count()
    };
    let here: Vec<usize> = OperatorKind::ALL.iter().map(|kind| count(*kind)).collect();
    assert_eq!(here, [16, 6, 4]);
    let everywhere: usize = county
        .markets
        .iter()
        .map(|m| county.operators_at(m).count())
        .sum();
    assert_eq!(everywhere, 60);
}

#[test]
fn the_licence_mix_of_the_plan() {
    use validity::Validity::{Expired, Expiring, NoTerm, Valid};
    let county = county();
    let stalls = of_kind(&county, OperatorKind::Stall);
    let card = |o: &Operator| licence(o, &[LicenceKind::StallCard]);
    let unfiled = stalls.iter().filter(|o| card(o).is_none()).count();
    let bad = |o: &Operator| card(o).is_some_and(|c| c.valid_to.is_some() || c.holder != o.owner);
    let wrong = stalls.iter().filter(|o| bad(o)).count();
    assert_eq!((stalls.len() - unfiled - wrong, wrong, unfiled), (20, 4, 4));
    let good = stalls
        .iter()
        .find(|o| card(o).is_some() && !bad(o))
        .unwrap();
    assert_eq!(state(good, &[LicenceKind::StallCard]), Some(NoTerm));

    let held = [
        LicenceKind::SmallRestaurantRegistration,
        LicenceKind::FoodPermit,
    ];
    let restaurants = of_kind(&county, OperatorKind::SmallRestaurant);
    let with = |kind, expect| {
        restaurants
            .iter()
            .filter(|o| state(o, &[kind]) == Some(expect))
            .count()
    };
    assert_eq!(with(held[0], Valid), 16);
    assert_eq!(with(held[1], Valid), 2);
    assert_eq!(with(held[0], Expired), 2);

    let workshops = of_kind(&county, OperatorKind::Workshop);
    let kind = [LicenceKind::WorkshopRegistration];
    let with = |expect| {
        workshops
            .iter()
            .filter(|o| state(o, &kind) == expect)
            .count()
    };
    assert_eq!(
        (with(Some(Valid)), with(Some(Expiring)), with(None)),
        (9, 1, 2)
    );
    let expiring = workshops
        .iter()
        .find(|o| state(o, &kind) == Some(Expiring))
        .unwrap();
    let left = validity::days_left(licence(expiring, &kind).unwrap().valid_to.unwrap(), today());
    assert_eq!(left, 20);
    let closed: Vec<_> = county
        .operators
        .iter()
        .filter(|o| o.status == OperatorStatus::Closed)
        .collect();
    assert_eq!((closed.len(), closed[0].kind), (1, OperatorKind::Workshop));
}

#[test]
fn every_number_is_valid_and_fictional() {
    let county = county();
    for operator in &county.operators {
        assert!(operator.demo);
        assert!(["", "13800138000"].contains(&operator.phone.as_str()));
        assert!(!phone::check(&operator.phone).is_format_error());
        for licence in &operator.licences {
            let result = check(licence.kind, &licence.number);
            let fits = matches!(result, NumberCheck::Ok { .. } | NumberCheck::NoRule { .. });
            assert!(fits && result.normalised() == licence.number, "{licence:?}");
            let ours = licence.number.contains("3799210") || licence.number.contains("379921");
            assert!(ours, "{licence:?}");
        }
    }
    for grid in &county.grids {
        assert_eq!(area::check_grid(&grid.code), NumberCheck::ok(&grid.code));
    }
}

/// Every reference points to something, and nothing stands twice.
#[test]
fn the_county_holds_together() {
    let county = county();
    let stations: BTreeSet<_> = county.stations.iter().map(|s| s.id).collect();
    let grid_of = |id| county.grids.iter().find(|g| g.id == id);
    for operator in &county.operators {
        assert!(
            grid_of(operator.grid).is_some_and(|g| g.station == operator.station),
            "{}",
            operator.name
        );
        let market = operator.slot.as_ref().map(|s| s.market).unwrap();
        let market = county.markets.iter().find(|m| m.id == market).unwrap();
        assert_eq!(market.station, operator.station, "{}", operator.name);
    }
    assert!(county.grids.iter().all(|g| stations.contains(&g.station)));
    assert!(county.towns.iter().all(|t| stations.contains(&t.station)));
    assert!(
        county
            .markets
            .iter()
            .all(|m| county.towns.iter().any(|t| t.code == m.town))
    );
    let names: BTreeSet<_> = county.operators.iter().map(|o| &o.name).collect();
    let ids: BTreeSet<_> = county.operators.iter().map(|o| o.id).collect();
    let slots: BTreeSet<_> = county
        .operators
        .iter()
        .map(|o| o.slot.as_ref().map(|s| (s.market, &s.slot)))
        .collect();
    let numbers: Vec<_> = county
        .operators
        .iter()
        .flat_map(|o| &o.licences)
        .map(|l| &l.number)
        .collect();
    assert_eq!((names.len(), ids.len(), slots.len()), (60, 60, 60));
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    assert!(
        county
            .operators
            .iter()
            .all(|o| o.id.0.get_version_num() == 7)
    );
}

#[test]
fn three_rare_names_stand_at_the_main_market() {
    let county = county();
    let market = county.market(MAIN_MARKET).unwrap();
    for rare in ["㼆", "𠮷", "䶮"] {
        let found: Vec<_> = county
            .operators
            .iter()
            .filter(|o| o.name.contains(rare))
            .collect();
        assert_eq!(found.len(), 1, "{rare}");
        assert!(county.operators_at(market).any(|o| o.id == found[0].id));
        assert!(matches(rare, &search_keys(&found[0].name)));
        assert_eq!(nfc(&found[0].name), found[0].name);
    }
}

/// The plan writes 逢五排十, 逢一六 and so on; the demo's day is the last one of 柳汀大集.
#[test]
fn markets_are_held_on_the_days_of_the_plan() {
    let county = county();
    let day = latest_past_market_day(&county.market(MAIN_MARKET).unwrap().rule, today()).unwrap();
    assert_eq!(day, NaiveDate::from_ymd_opt(2026, 11, 18).unwrap());
    let held: Vec<&str> = county
        .markets
        .iter()
        .filter(|m| is_market_day(&m.rule, day))
        .map(|m| m.name.as_str())
        .collect();
    assert_eq!(held, [MAIN_MARKET, "南荡早市", "槐下便民疏导点"]);
}

#[test]
fn the_same_day_gives_the_same_county_and_another_day_moves_the_dates() {
    assert_eq!(county(), county());
    let later = DemoCounty::on(today() + chrono::Duration::days(400)).unwrap();
    assert!(
        later
            .person("检查员甲")
            .unwrap()
            .may_sign_on(today() + chrono::Duration::days(400))
    );
    assert_eq!(later.operators.len(), 60);
    assert!(DemoCounty::on(NaiveDate::MAX).is_err());
}

#[test]
fn a_crowd_is_large_different_and_the_same_each_time() {
    let county = county();
    let crowd = county.crowd(today(), 2_000);
    assert_eq!(crowd, county.crowd(today(), 2_000));
    let names: BTreeSet<_> = crowd.iter().map(|o| &o.name).collect();
    let ids: BTreeSet<_> = crowd
        .iter()
        .chain(&county.operators)
        .map(|o| o.id)
        .collect();
    assert_eq!((names.len(), ids.len()), (2_000, 2_060));
    for operator in &crowd {
        assert_eq!(
            Some(operator.station),
            county.station(MAIN_STATION).map(|s| s.id)
        );
        assert!(operator.demo && operator.phone.is_empty());
        assert_eq!(operator.id.0.get_version_num(), 7);
        let licence = &operator.licences[0];
        assert!(
            !check(licence.kind, &licence.number).is_format_error(),
            "{licence:?}"
        );
    }
}
