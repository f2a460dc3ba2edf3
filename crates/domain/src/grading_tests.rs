//! Score, conclusion and grade together: every boundary of the rules.
#![allow(clippy::unwrap_used)]

use crate::checklist::{Checklist, ItemCode, for_kind};
use crate::conclusion::{ConclusionRule, conclude, not_inspected};
use crate::grading::{Grade, GradeContext, Graded, UngradedReason, grade};
use crate::scoring::{Score, default_measure, points_text, score, weight};
use crate::words::{Answer, Conclusion, GradeLetter, Measure, OperatorKind, Severity};
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeMap;

type Answers = BTreeMap<ItemCode, Answer>;

fn list(kind: OperatorKind) -> &'static Checklist {
    for_kind(kind).unwrap()
}

fn all_with(checklist: &Checklist, answer: Answer) -> Answers {
    checklist
        .items
        .iter()
        .map(|i| (i.code.clone(), answer))
        .collect()
}

/// All 符合, but the first items of each severity as told.
fn failing(checklist: &Checklist, critical: usize, major: usize, minor: usize) -> Answers {
    let mut answers = all_with(checklist, Answer::Pass);
    for (severity, count) in [
        (Severity::Critical, critical),
        (Severity::Major, major),
        (Severity::Minor, minor),
    ] {
        let items = checklist.items.iter().filter(|i| i.severity == severity);
        for item in items.take(count) {
            answers.insert(item.code.clone(), Answer::Fail);
        }
    }
    answers
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn context() -> GradeContext {
    GradeContext {
        on: day(2026, 11, 22),
        licence_from: None,
        last_accident: None,
    }
}

fn with_permille(permille: u32) -> Graded {
    let score = Score {
        permille: Some(permille),
        total: 41,
        passed: 41,
        ..Score::default()
    };
    grade(&score, &context())
}

fn letter_of(answers: &Answers) -> Graded {
    grade(
        &score(list(OperatorKind::SmallRestaurant), answers),
        &context(),
    )
}

#[test]
fn weights_and_default_measures() {
    assert_eq!(
        Severity::ALL.iter().map(|s| weight(*s)).collect::<Vec<_>>(),
        [10, 5, 2]
    );
    let measures: Vec<_> = Severity::ALL.iter().map(|s| default_measure(*s)).collect();
    let plain: Vec<_> = measures.iter().map(|m| (m.measure, m.days)).collect();
    assert_eq!(
        plain,
        [
            (Measure::Deadline, Some(7)),
            (Measure::Deadline, Some(7)),
            (Measure::OnSite, None)
        ]
    );
}

#[test]
fn the_arithmetic_is_shown() {
    let checklist = list(OperatorKind::SmallRestaurant);
    let result = score(checklist, &failing(checklist, 0, 1, 2));
    let possible: u32 = checklist.items.iter().map(|i| weight(i.severity)).sum();
    assert_eq!((result.earned, result.possible), (possible - 9, possible));
    assert_eq!(result.permille, Some(1000 * (possible - 9) / possible));
    let line = format!(
        "{} ÷ {} = {} 分",
        possible - 9,
        possible,
        points_text(result.permille.unwrap())
    );
    assert!(result.explain.contains(&line), "{:?}", result.explain);
    assert_eq!(
        result.explain[0],
        "共41项：符合38项，不符合3项，不适用0项，未检查0项"
    );
}

/// 179 of 200 is 895 permille: cut, never rounded up to the next band.
#[test]
fn the_score_is_floored() {
    let answers = |passed: u32, failed: u32| {
        let text = (0..passed + failed)
            .map(|i| format!("[[items]]\ncode = \"T{i}\"\nsection = \"CLEAN\"\ntext = \"t\"\nseverity = \"minor\"\nevidence = []\nbasis = []\n"))
            .collect::<String>();
        let head = "id = \"T\"\nversion = 1\nprovince = \"37\"\neffective_from = \"2025-01-01\"\noperator_kind = \"stall\"\nname = \"t\"\n[[sections]]\nkey = \"CLEAN\"\nlabel = \"t\"\n";
        let checklist = crate::checklist::parse(&format!("{head}{text}")).unwrap();
        let answers = checklist
            .items
            .iter()
            .zip(0..)
            .map(|(item, i)| {
                (
                    item.code.clone(),
                    if i < passed {
                        Answer::Pass
                    } else {
                        Answer::Fail
                    },
                )
            })
            .collect();
        score(&checklist, &answers)
    };
    let result = answers(179, 21);
    assert_eq!(result.permille, Some(895));
    assert!(result.explain.contains(&"358 ÷ 400 = 89.5 分".to_owned()));
    assert_eq!(answers(2, 1).permille, Some(666));
    assert_eq!(answers(1, 0).permille, Some(1000));
    assert_eq!(answers(0, 1).permille, Some(0));
}

#[test]
fn bands_have_exact_boundaries() {
    for (permille, letter) in [
        (1000, Some(GradeLetter::A)),
        (900, Some(GradeLetter::A)),
        (899, Some(GradeLetter::B)),
        (750, Some(GradeLetter::B)),
        (749, Some(GradeLetter::C)),
        (600, Some(GradeLetter::C)),
        (599, None),
        (0, None),
    ] {
        let graded = with_permille(permille);
        assert_eq!(graded.letter, letter, "{permille}");
        let low = letter.is_none().then_some(UngradedReason::LowScore);
        assert_eq!(graded.reasons.first().copied(), low);
    }
    assert_eq!(with_permille(895).explain[1], "得分89.5分，等级为B");
    assert_eq!(with_permille(599).explain[1], "不评级：得分低于60分");
}

#[test]
fn one_failed_critical_item_caps_and_two_leave_no_grade() {
    let checklist = list(OperatorKind::SmallRestaurant);
    let one = letter_of(&failing(checklist, 1, 0, 0));
    assert!(one.permille.unwrap() >= 900);
    assert_eq!((one.letter, one.capped), (Some(GradeLetter::B), true));
    assert_eq!(one.explain[1], "有1项关键项不符合，等级最高为B");
    let two = letter_of(&failing(checklist, 2, 0, 0));
    assert!(two.permille.unwrap() >= 750);
    assert_eq!(two.grade(), Grade::Ungraded(UngradedReason::TwoCritical));
    let low = Score {
        failed_critical: 1,
        permille: Some(700),
        total: 41,
        passed: 40,
        ..Score::default()
    };
    let low = grade(&low, &context());
    assert_eq!((low.letter, low.capped), (Some(GradeLetter::C), false));
}

#[test]
fn nothing_applicable_nothing_graded() {
    let checklist = list(OperatorKind::Stall);
    let answers = all_with(checklist, Answer::NotApplicable);
    let result = score(checklist, &answers);
    assert_eq!((result.permille, result.not_applicable), (None, 35));
    let graded = grade(&result, &context());
    assert_eq!(
        graded.grade(),
        Grade::Ungraded(UngradedReason::NothingChecked)
    );
    let concluded = conclude(checklist, &answers, &ConclusionRule::default());
    assert_eq!(concluded.conclusion, Conclusion::NotInspected);
}

/// 35 items: 21 are exactly 60 %, 20 are fewer.
#[test]
fn sixty_percent_of_the_items_must_apply() {
    let checklist = list(OperatorKind::Stall);
    let with_not_applicable = |count| {
        let mut answers = all_with(checklist, Answer::Pass);
        for item in checklist.items.iter().take(count) {
            answers.insert(item.code.clone(), Answer::NotApplicable);
        }
        grade(&score(checklist, &answers), &context())
    };
    assert_eq!(with_not_applicable(14).letter, Some(GradeLetter::A));
    assert_eq!(
        with_not_applicable(15).reasons,
        [UngradedReason::FewApplicable]
    );
    assert_eq!(
        with_not_applicable(34).reasons,
        [UngradedReason::FewApplicable]
    );
}

#[test]
fn an_unchecked_or_missing_item_gives_no_grade() {
    let checklist = list(OperatorKind::Workshop);
    let mut answers = all_with(checklist, Answer::Pass);
    answers.insert(checklist.items[3].code.clone(), Answer::Unchecked);
    let result = score(checklist, &answers);
    assert_eq!(
        (result.unchecked, result.unanswered, result.permille),
        (1, 0, Some(1000))
    );
    assert_eq!(
        grade(&result, &context()).reasons,
        [UngradedReason::UncheckedItems]
    );
    answers.remove(&checklist.items[4].code);
    let result = score(checklist, &answers);
    assert_eq!((result.unchecked, result.unanswered), (2, 1));
    answers.insert("CY1.1".into(), Answer::Fail);
    assert_eq!(
        score(checklist, &answers).failed,
        0,
        "codes of another checklist do not count"
    );
}

#[test]
fn new_licences_and_accidents_withhold_the_grade() {
    let checklist = list(OperatorKind::Stall);
    let result = score(checklist, &all_with(checklist, Answer::Pass));
    let reason = |licence_from, last_accident| {
        let context = GradeContext {
            licence_from,
            last_accident,
            ..context()
        };
        grade(&result, &context).reasons
    };
    assert_eq!(reason(Some(day(2026, 8, 22)), None), []);
    assert_eq!(
        reason(Some(day(2026, 8, 23)), None),
        [UngradedReason::NewLicence]
    );
    assert_eq!(reason(None, Some(day(2026, 5, 22))), []);
    assert_eq!(
        reason(None, Some(day(2026, 5, 23))),
        [UngradedReason::RecentAccident]
    );
}

#[test]
fn the_conclusion_follows_the_rule() {
    let checklist = list(OperatorKind::SmallRestaurant);
    let minor = checklist
        .items
        .iter()
        .filter(|i| i.severity == Severity::Minor)
        .count();
    let limit = minor.div_ceil(5).min(8);
    let conclusion = |critical, major, minor| {
        let answers = failing(checklist, critical, major, minor);
        conclude(checklist, &answers, &ConclusionRule::default()).conclusion
    };
    assert_eq!(conclusion(0, 0, 0), Conclusion::Conforming);
    assert_eq!(conclusion(0, 0, 1), Conclusion::MostlyConforming);
    assert_eq!(conclusion(0, 0, limit), Conclusion::MostlyConforming);
    assert_eq!(conclusion(0, 0, limit + 1), Conclusion::Nonconforming);
    assert_eq!(conclusion(0, 1, 0), Conclusion::Nonconforming);
    assert_eq!(conclusion(1, 0, 0), Conclusion::Nonconforming);
}

#[test]
fn the_limit_is_a_fifth_rounded_up_and_at_most_eight() {
    for (checked, limit) in [
        (0, 0),
        (1, 1),
        (5, 1),
        (6, 2),
        (16, 4),
        (40, 8),
        (41, 8),
        (100, 8),
    ] {
        let counted = Score {
            passed: 1,
            checked_minor: checked,
            ..Score::default()
        };
        let concluded = crate::conclusion::from_score(&counted, &ConclusionRule::default());
        assert_eq!(concluded.minor_limit, limit, "{checked}");
    }
}

#[test]
fn a_closed_shop_is_not_inspected() {
    let concluded = not_inspected("店铺关门，敲门无人应答", &ConclusionRule::default());
    assert_eq!(concluded.conclusion, Conclusion::NotInspected);
    assert_eq!(concluded.explain, ["未能检查：店铺关门，敲门无人应答"]);
}

/// Grade and conclusion are separate: 基本符合 with an A is possible.
#[test]
fn most_conforming_can_be_an_a() {
    let checklist = list(OperatorKind::Stall);
    let answers = failing(checklist, 0, 0, 1);
    let concluded = conclude(checklist, &answers, &ConclusionRule::default());
    assert_eq!(concluded.conclusion, Conclusion::MostlyConforming);
    assert_eq!(
        grade(&score(checklist, &answers), &context()).letter,
        Some(GradeLetter::A)
    );
}

#[test]
fn grades_have_a_fixed_wire_form() {
    let json = |grade: Grade| serde_json::to_string(&grade).unwrap();
    assert_eq!(json(Grade::A), r#"{"grade":"a"}"#);
    assert_eq!(
        json(Grade::Ungraded(UngradedReason::LowScore)),
        r#"{"grade":"ungraded","reason":"low_score"}"#
    );
}

fn any_answer() -> impl Strategy<Value = Answer> {
    prop::sample::select(Answer::ALL)
}

proptest! {
    /// Turning one 符合 into 不符合 never raises the score, and what was derived stays consistent.
    #[test]
    fn a_failure_never_helps(row in prop::collection::vec(any_answer(), 41), at in 0_usize..41) {
        let checklist = list(OperatorKind::SmallRestaurant);
        let mut answers: Answers = checklist.items.iter().map(|i| i.code.clone()).zip(row).collect();
        let code = checklist.items[at].code.clone();
        answers.insert(code.clone(), Answer::Pass);
        let better = score(checklist, &answers);
        answers.insert(code, Answer::Fail);
        let worse = score(checklist, &answers);
        prop_assert!(worse.permille <= better.permille);
        prop_assert!(worse.earned < better.earned);
        let rule = ConclusionRule::default();
        prop_assert!(conclude(checklist, &answers, &rule).conclusion > Conclusion::Conforming);
        prop_assert_eq!(worse.passed + worse.failed + worse.not_applicable + worse.unchecked, 41);
        let graded = grade(&worse, &context());
        prop_assert_eq!(graded.letter.is_none(), !graded.reasons.is_empty());
        let json = serde_json::to_string(&worse).unwrap();
        prop_assert_eq!(serde_json::from_str::<Score>(&json).unwrap(), worse);
    }
}
