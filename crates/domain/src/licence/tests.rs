#![allow(clippy::unwrap_used)]

use super::*;
use chrono::NaiveDate;

pub(super) fn is_ok(check: &NumberCheck) -> bool {
    matches!(check, NumberCheck::Ok { .. })
}

/// Position and expected character of a mismatch.
fn wrong(check: &NumberCheck) -> Option<(u32, &str)> {
    match check {
        NumberCheck::CheckDigitMismatch {
            expected, position, ..
        } => Some((*position, expected)),
        _ => None,
    }
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

pub(super) const CODES: [&str; 4] = [
    "92379921MA3DEM0195",
    "92379921MA3DEM0270",
    "92379921MA3DEM035T",
    "91379921MA3DEM107N",
];

#[test]
fn unified_codes() {
    for code in CODES {
        assert!(is_ok(&check(LicenceKind::BusinessLicence, code)), "{code}");
    }
    let typo = check(LicenceKind::BusinessLicence, "92379921MA3DEM0196");
    assert_eq!(wrong(&typo), Some((18, "5")));
    assert_eq!(
        typo.message(),
        Some("第18位校验码不符：读到 6，按规则应为 5，请与证照原件核对")
    );
    let letter = check(LicenceKind::BusinessLicence, "92379921MA3DEMO195");
    assert!(letter.message().unwrap().contains("第15位“O”"));
    assert!(check(LicenceKind::BusinessLicence, "9237992IMA3DEM0195").is_format_error());
    assert!(check(LicenceKind::BusinessLicence, "92A79921MA3DEM0195").is_format_error());
    assert!(check(LicenceKind::BusinessLicence, "92379921MA3DEM019").is_format_error());
    assert!(check(LicenceKind::BusinessLicence, "").is_format_error());
}

/// The 17th character is checked on its own when the 18th fits.
#[test]
fn the_organisation_code_inside_is_checked_too() {
    // 18th character recomputed for a 17th that is off by one: 92379921MA3DEM029 + check.
    let off = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|c| uscc::check(&format!("92379921MA3DEM029{c}")))
        .find(|result| wrong(result).is_none_or(|(position, _)| position != 18))
        .unwrap();
    assert_eq!(wrong(&off), Some((17, "7")));
}

#[test]
fn typed_numbers_are_normalised_before_they_are_checked() {
    let check = check(LicenceKind::BusinessLicence, " ９２379921 ma3dem0195 ");
    assert_eq!(check, NumberCheck::ok("92379921MA3DEM0195"));
}

#[test]
fn old_registration_numbers() {
    for number in ["379921600001239", "379921600004567", "379921600010896"] {
        assert!(
            is_ok(&check(LicenceKind::BusinessLicence, number)),
            "{number}"
        );
    }
    let typo = check(LicenceKind::BusinessLicence, "379921600001238");
    assert_eq!(wrong(&typo), Some((15, "9")));
    let before_2007 = check(LicenceKind::BusinessLicence, "3799216000012");
    assert_eq!(before_2007, NumberCheck::no_rule("3799216000012"));
    assert!(check(LicenceKind::BusinessLicence, "37992160000123").is_format_error());
    assert!(check(LicenceKind::BusinessLicence, "37992160000123X").is_format_error());
}

#[test]
fn permits() {
    for number in [
        "JY23799210000015",
        "JY23799210001286",
        "JY13799210000457",
        "JY33799210000073",
    ] {
        assert!(is_ok(&check(LicenceKind::FoodPermit, number)), "{number}");
    }
    assert!(is_ok(&check(
        LicenceKind::ProductionPermit,
        "SC12437992100018"
    )));
    assert_eq!(
        wrong(&check(LicenceKind::FoodPermit, "JY23799210000016")),
        Some((16, "5"))
    );
    assert!(check(LicenceKind::FoodPermit, "SC12437992100018").is_format_error());
    assert!(check(LicenceKind::FoodPermit, "JY2379921000001").is_format_error());
    assert!(check(LicenceKind::ProductionPermit, "SC1243799210001X").is_format_error());
}

#[test]
fn registration_numbers_are_free_text_with_patterns() {
    for kind in [
        LicenceKind::SmallRestaurantRegistration,
        LicenceKind::WorkshopRegistration,
    ] {
        assert!(is_ok(&check(kind, "演示登〔2026〕379921-0001")));
        assert!(matches!(
            check(kind, "鲁小登字第12号"),
            NumberCheck::NoRule { .. }
        ));
        assert!(check(kind, &"登".repeat(33)).is_format_error());
        assert!(is_ok(&check(kind, "JY23799210000015")));
        assert_eq!(wrong(&check(kind, "JY23799210000016")), Some((16, "5")));
    }
    assert_eq!(check(LicenceKind::StallCard, ""), NumberCheck::no_rule(""));
    assert!(is_ok(&check(
        LicenceKind::StallCard,
        "演示卡〔2026〕379921-0001"
    )));
    assert!(matches!(
        check(LicenceKind::HealthCertificate, "鲁K-2026/881"),
        NumberCheck::NoRule { .. }
    ));
}

/// The 13 digits seen in Hebei: type, county, serial.
#[test]
fn a_strict_province_refuses_other_shapes() {
    let hebei = free::NumberPatterns {
        strict: true,
        patterns: vec!["9".repeat(13)],
    };
    let kind = LicenceKind::SmallRestaurantRegistration;
    assert!(is_ok(&check_in(&hebei, kind, "2130528020946")));
    assert!(check_in(&hebei, kind, "213052802094").is_format_error());
    assert!(check_in(&hebei, kind, "213052802094A").is_format_error());
}

#[test]
fn legacy_catering_permits() {
    let kind = LicenceKind::LegacyCateringPermit;
    let bare = "鲁餐证字2012379921000123";
    assert_eq!(check(kind, bare), NumberCheck::ok(bare));
    assert_eq!(
        check(kind, "鲁餐证字〔2012〕第379921-000123号"),
        NumberCheck::ok(bare)
    );
    assert!(check(kind, "鲁餐证字201237992100012").is_format_error());
    assert!(check(kind, "龙餐证字2012379921000123").is_format_error());
}

#[test]
fn citizen_ids() {
    for id in [
        "379921198001010016",
        "37992119850520018X",
        "379921199006150020",
    ] {
        assert!(is_ok(&citizen::check(id)), "{id}");
    }
    assert_eq!(
        wrong(&citizen::check("379921198001010017")),
        Some((18, "6"))
    );
    assert!(citizen::check("379921198002300016").is_format_error());
    assert!(citizen::check("379921198013010016").is_format_error());
    assert!(citizen::check("379921800101001").is_format_error());
    assert!(citizen::check("37992119850520018Y").is_format_error());
    let on = day(2026, 11, 22);
    assert_eq!(citizen::age_on("379921198001010016", on), Some(46));
    assert_eq!(
        citizen::age_on("379921198001010016", day(1998, 1, 1)),
        Some(18)
    );
    assert_eq!(
        citizen::age_on("379921198001010016", day(1997, 12, 31)),
        Some(17)
    );
    assert_eq!(citizen::age_warning("379921198001010016", on), None);
    assert!(citizen::age_warning("379921198001010016", day(1979, 1, 1)).is_some());
    assert!(citizen::age_warning("379921188001010016", on).is_some());
}

#[test]
fn phones_and_cards() {
    for number in [
        "13800138000",
        "138 0013 8000",
        "+8613800138000",
        "12315",
        "0539-1234567",
        "01012345678",
    ] {
        assert!(is_ok(&phone::check(number)), "{number}");
    }
    for number in [
        "12800138000",
        "1380013800",
        "138001380001",
        "12345",
        "0539-123456",
        "电话",
    ] {
        assert!(phone::check(number).is_format_error(), "{number}");
    }
    assert_eq!(phone::check(""), NumberCheck::no_rule(""));
    assert!(is_ok(&card::check("demo-0001")));
    assert!(card::check("001").is_format_error() && card::check("鲁执法0001").is_format_error());
    assert!(card::check(&"1".repeat(21)).is_format_error());
}

#[test]
fn areas_and_grids() {
    assert!(is_ok(&area::check("379921")) && is_ok(&area::check("379921101000")));
    assert!(area::check("379921901000").is_format_error() && area::check("3799").is_format_error());
    assert!(is_ok(&area::check_grid("379921101000-03")));
    for bad in [
        "379921101000",
        "379921101000-3",
        "379921-03",
        "37992110100A-03",
    ] {
        assert!(area::check_grid(bad).is_format_error(), "{bad}");
    }
    let kinds = [
        "379921001000",
        "379921101000",
        "379921201000",
        "379921401000",
    ]
    .map(area::town_kind);
    assert_eq!(
        kinds,
        [Some("街道"), Some("镇"), Some("乡"), Some("政企合一")]
    );
}

#[test]
fn qr_texts_are_read_and_never_trusted() {
    let read = qr::read("https://zwfw.example.gov.cn/lic?uniscid=92379921MA3DEM0195&t=1");
    assert_eq!(read.code.as_deref(), Some("92379921MA3DEM0195"));
    assert!(read.government);
    assert_eq!(read.note_zh, "待联网核验");
    let glued = qr::read("HTTP://WWW.GSXT.GOV.CN/id%3D92379921MA3DEM0195%26x");
    assert_eq!(glued.code.as_deref(), Some("92379921MA3DEM0195"));
    assert!(glued.government);
    let misprint = qr::read("92379921MA3DEM0196");
    assert_eq!(misprint.code.as_deref(), Some("92379921MA3DEM0196"));
    for evil in [
        "https://gov.cn.example.com/a",
        "https://www.gov.cn@example.com/",
        "https://notgov.cn/",
        "https://example.com/#.gov.cn",
        "https://example.com\\.gov.cn/",
    ] {
        assert!(!qr::read(evil).government, "{evil}");
    }
    assert_eq!(qr::read("WIFI:T:WPA;;").code, None);
    assert_eq!(
        qr::read(&"码".repeat(2000)).raw.chars().count(),
        qr::MAX_BYTES / 3
    );
}

#[test]
fn days_left_and_yearly_health_checks() {
    let to = day(2026, 12, 22);
    let on = |days: i64| to - chrono::Duration::days(days);
    use validity::Validity as V;
    for (left, expect) in [
        (0, V::Expiring),
        (29, V::Expiring),
        (30, V::Valid),
        (31, V::Valid),
        (-1, V::Expired),
    ] {
        assert_eq!(validity::validity(Some(to), on(left)), expect, "{left}");
        assert_eq!(validity::days_left(to, on(left)), left);
    }
    assert_eq!(validity::validity(None, to), V::NoTerm);
    assert_eq!(
        validity::validity_text(Some(to), to),
        "有效期至2026-12-22（今天到期）"
    );
    assert_eq!(
        validity::validity_text(Some(to), on(9)),
        "有效期至2026-12-22（剩9天）"
    );
    assert_eq!(
        validity::health_valid_to(day(2025, 11, 23)),
        Some(day(2026, 11, 22))
    );
    assert_eq!(
        validity::health_valid_to(day(2024, 2, 29)),
        Some(day(2025, 2, 28))
    );
    assert_eq!(
        validity::health_valid_to(day(2023, 3, 1)),
        Some(day(2024, 2, 29))
    );
}

#[test]
fn the_wire_form_is_fixed() {
    let json = serde_json::to_string(&check(LicenceKind::FoodPermit, "JY23799210000015")).unwrap();
    assert_eq!(json, r#"{"result":"ok","normalised":"JY23799210000015"}"#);
    let kinds = serde_json::to_string(LicenceKind::ALL).unwrap();
    assert_eq!(
        kinds,
        r#"["business_licence","food_permit","production_permit","small_restaurant_registration","workshop_registration","stall_card","health_certificate","legacy_catering_permit"]"#
    );
}
