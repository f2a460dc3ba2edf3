//! What a reviewer reads, word for word.

use super::sample::{Case, day, visit};
use crate::checklist::for_kind;
use crate::inspection::{Party, Witness};
use crate::signals::{Earlier, Known, Reused, Signal, SignalCode, Visit};
use crate::words::{Answer, Conclusion, OperatorKind};
use chrono::Duration;

fn read(signals: &[Signal], code: SignalCode) -> (String, String) {
    let found = signals.iter().find(|s| s.code == code).unwrap();
    (found.text.clone(), found.why.clone())
}

fn is(read: (String, String), text: &str, why: &str) {
    assert_eq!((read.0.as_str(), read.1.as_str()), (text, why));
}

#[test]
fn a_hurried_visit_of_a_team_that_never_finds_anything() {
    let mut visits: Vec<Visit> = (1..=8).map(|d| visit(d, 950 + d * 2, true)).collect();
    visits.extend((9..=28).map(|d| visit(d, 961, d % 3 == 0)));
    let case = Case {
        visits,
        ..Case::quiet().taking(130)
    };
    let found = case.signals();
    is(
        read(&found, SignalCode::Short),
        "用时 2 分 10 秒",
        "35 项，平均 3.7 秒一项；近 90 天同类 28 次，中位数 16 分",
    );
    let spread = found[0].spread.as_ref().unwrap();
    assert_eq!(
        (spread.this, spread.median, spread.others.len()),
        (130, Some(961), 28)
    );
    is(
        read(&found, SignalCode::Streak),
        "连续 10 户全符合",
        "检查员丙、检查员丁 10 月 5 日起 10/10 户全符合；全所同期 10/10 户，100.0%",
    );
}

#[test]
fn nothing_to_compare_with_is_said() {
    let found = Case::quiet().taking(59).signals();
    is(
        read(&found, SignalCode::Short),
        "用时 59 秒",
        "35 项，平均 1.7 秒一项；近 90 天没有同类可比",
    );
}

#[test]
fn last_time_s_failures() {
    let items = &for_kind(OperatorKind::Stall).unwrap().items;
    let failed = |n: usize| (items[n].code.clone(), Answer::Fail);
    let earlier = Earlier {
        day: day() - Duration::days(25),
        answers: vec![failed(3), failed(8), failed(9)],
    };
    let mut case = Case::quiet()
        .answering(3, Answer::NotApplicable)
        .answering(8, Answer::Unchecked);
    case.content.answers[9].shown_ms = 1_420;
    let found = case.with(Known {
        earlier: Some(&earlier),
        ..Known::default()
    });
    is(
        read(&found, SignalCode::LastFailedSkipped),
        "上次不符合 1.4 等 2 项，本次不适用或未检查",
        "9 月 19 日 1.4、2.3 不符合，本次答不适用或未检查",
    );
    is(
        read(&found, SignalCode::LastFailedQuick),
        "上次不符合 2.4，本次 1.4 秒答符合",
        "9 月 19 日 2.4 不符合，本次停留最长 1.4 秒即答符合",
    );
}

#[test]
fn a_photo_of_another_record() {
    let known = |record_no: Option<&str>| Reused {
        sha256: "5d20e7b1".repeat(8),
        day: day() - Duration::days(25),
        record_no: record_no.map(str::to_owned),
    };
    for (number, why) in [
        (
            Some("LT-20260919-0104"),
            "原片 5d20e7b1 也在 9 月 19 日的记录 LT-20260919-0104 中",
        ),
        (None, "原片 5d20e7b1 也在 9 月 19 日外所的记录中"),
    ] {
        let reused = [known(number)];
        let found = Case::quiet().with(Known {
            reused: &reused,
            ..Known::default()
        });
        is(
            read(&found, SignalCode::PhotoReused),
            "照片与 9 月 19 日重复 1 张",
            why,
        );
    }
}

#[test]
fn a_refusal_and_what_failed() {
    let mut case = Case::quiet().answering(2, Answer::Fail);
    case.conclusion = Conclusion::Nonconforming;
    case.party = Some(Party::Refused {
        reason: "对 3.1 有异议".to_owned(),
        witness: Some(Witness {
            name: "柳春社".to_owned(),
            unit: String::new(),
            phone: String::new(),
            signature: None,
        }),
        recording: None,
    });
    let found = case.signals();
    is(
        read(&found, SignalCode::Refused),
        "拒签，有见证人",
        "理由：对 3.1 有异议；见证人 柳春社",
    );
    is(
        read(&found, SignalCode::Critical),
        "关键项 1 项不符合",
        "不符合的关键项：1.3",
    );
}
