#![allow(clippy::unwrap_used)]

use super::*;
use std::collections::BTreeSet;

/// Codes, texts, severities and section words in order, taken once from the project's rule book.
const GOLDEN: &str = include_str!("../../tests-data/checklist-texts.tsv");

#[test]
fn texts_are_byte_equal_to_the_rule_book() {
    let mut written = String::new();
    for id in ["XCY-6", "TD-6", "XZF-8"] {
        let checklist = all().unwrap().iter().find(|c| c.id == id).unwrap();
        for section in &checklist.sections {
            written += &format!("{id}\t{}\n", section.label);
            for item in checklist.items_of(section.key) {
                let severity = item.severity.label();
                written += &format!("{}\t{}\t{severity}\n", item.code, item.text);
            }
        }
    }
    assert_eq!(written, GOLDEN);
}

#[test]
fn counts_and_section_words_in_order() {
    let expect = [
        (
            OperatorKind::SmallRestaurant,
            41,
            "亮证经营,安全承诺,单据留存,原料公示,操作规范,厨房（场所）清洁",
        ),
        (
            OperatorKind::Stall,
            35,
            "亮证经营,安全承诺,原料公示,单据留存,操作规范,场所清洁",
        ),
        (
            OperatorKind::Workshop,
            45,
            "亮证经营,安全承诺,场所清洁,原料查验,单据留存,操作规范,检验验证,标签合规",
        ),
    ];
    for (kind, count, words) in expect {
        let checklist = for_kind(kind).unwrap();
        assert_eq!(checklist.items.len(), count);
        let labels: Vec<&str> = checklist
            .sections
            .iter()
            .map(|s| s.label.as_str())
            .collect();
        assert_eq!(labels.join(","), words);
    }
}

/// The file order of items is the section order: a face may walk `items` alone.
#[test]
fn items_stand_in_section_order() {
    for checklist in all().unwrap() {
        let by_section: Vec<&Item> = checklist
            .sections
            .iter()
            .flat_map(|s| checklist.items_of(s.key))
            .collect();
        assert_eq!(by_section, checklist.items.iter().collect::<Vec<_>>());
    }
}

#[test]
fn codes_are_unique_over_all_checklists() {
    let codes: Vec<&ItemCode> = all()
        .unwrap()
        .iter()
        .flat_map(|c| &c.items)
        .map(|i| &i.code)
        .collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    assert_eq!(codes.len(), 121);
}

#[test]
fn numbers_and_licences_come_with_what_the_card_needs() {
    for item in all().unwrap().iter().flat_map(|c| &c.items) {
        assert_eq!(
            item.asks(EvidenceKind::Number),
            !item.readings.is_empty(),
            "{}",
            item.code
        );
        assert_eq!(
            item.asks(EvidenceKind::Licence),
            !item.licences.is_empty(),
            "{}",
            item.code
        );
        assert!(
            !item.evidence.is_empty() && !item.basis.is_empty(),
            "{}",
            item.code
        );
        assert!(!item.phrases.is_empty(), "{}", item.code);
    }
}

#[test]
fn only_what_was_read_is_printed() {
    let restaurant = for_kind(OperatorKind::SmallRestaurant).unwrap();
    let printed = |code: &str| basis_text(&restaurant.item(&code.into()).unwrap().basis, "37");
    assert_eq!(
        printed("CY1.4"),
        "《山东省食品小作坊小餐饮和食品摊点管理条例》(2017)第十一条、第十三条；\
         《中华人民共和国食品安全法》(2021)第四十五条"
    );
    assert_eq!(
        printed("CY5.4"),
        "《中华人民共和国食品安全法》(2021)第三十四条第（三）、（六）、（十）项、第五十四条；\
         《中华人民共和国食品安全法实施条例》(2019)第二十九条"
    );
    assert_eq!(
        printed("CY1.7"),
        "《食品生产经营监督检查管理办法》(2021)第三十九条；\
         《2025年关于小餐饮规范提升行动工作方案》二（四）"
    );
    assert_eq!(printed("CY5.3"), "待核实");
    for text in ["GB", "操作规范》", "计量法"] {
        let all_texts = all().unwrap().iter().flat_map(|c| &c.items);
        assert!(
            all_texts
                .map(|i| basis_text(&i.basis, "37"))
                .all(|t| !t.contains(text))
        );
    }
}

#[test]
fn a_plan_of_another_county_is_no_basis_here() {
    let workshop = for_kind(OperatorKind::Workshop).unwrap();
    let boxes = &workshop.item(&"ZF2.3".into()).unwrap().basis;
    assert_eq!(basis_text(boxes, "37"), "待核实");
    assert!(basis_text(boxes, "14").contains("稷山县"));
    for list in all().unwrap() {
        for item in &list.items {
            let printed = basis_text(&item.basis, &list.province);
            assert!(
                !printed.contains("稷山") && !printed.contains("蔡甸"),
                "{printed}"
            );
        }
    }
}

#[test]
fn an_edition_is_found_by_its_digest_only() {
    let list = for_kind(OperatorKind::Stall).unwrap();
    assert_eq!(list.digest().len(), 64);
    assert_eq!(by_edition("TD-6", 1, list.digest()).unwrap().id, "TD-6");
    assert!(by_edition("TD-6", 1, &"0".repeat(64)).is_none());
    assert!(by_edition("TD-6", 2, list.digest()).is_none());
}

#[test]
fn a_changed_byte_changes_the_digest_and_broken_files_are_refused() {
    let text = include_str!("../../checklists/td-6.toml");
    let first = parse(text).unwrap();
    let second = parse(&text.replace("摊位有防雨设施", "摊位有防雨设备")).unwrap();
    assert_ne!(first.digest(), second.digest());
    let doubled = text.replace("code = \"TD1.2\"", "code = \"TD1.1\"");
    assert!(matches!(
        parse(&doubled),
        Err(ChecklistError::DuplicateCode(_))
    ));
    let homeless = text.replacen("key = \"CLEAN\"", "key = \"LABEL\"", 1);
    assert!(matches!(
        parse(&homeless),
        Err(ChecklistError::UnknownSection(_))
    ));
}
