//! What holds of all signals together.

use super::sample::Case;
use crate::signals::{Group, SignalCode, Tone, group, points, weigh};
use crate::words::Conclusion;
use proptest::prelude::*;

fn any_codes() -> impl Strategy<Value = Vec<SignalCode>> {
    proptest::sample::subsequence(SignalCode::ALL.to_vec(), 0..SignalCode::ALL.len())
}

fn raised(codes: Vec<SignalCode>) -> Case {
    Case {
        raised: codes,
        ..Case::quiet()
    }
}

proptest! {
    #[test]
    fn one_more_reason_never_lowers_the_points(codes in any_codes(), more in proptest::sample::select(SignalCode::ALL.to_vec())) {
        let fewer = raised(codes.clone()).signals();
        let all = raised(codes.into_iter().chain([more]).collect()).signals();
        prop_assert_eq!(points(&all), points(&fewer) + weigh(more).points);
        prop_assert!(group(&all, Conclusion::Conforming) <= group(&fewer, Conclusion::Conforming));
    }

    #[test]
    fn the_heaviest_stand_first_and_every_one_says_something(codes in any_codes()) {
        let found = raised(codes).signals();
        prop_assert!(found.is_sorted_by_key(|s| std::cmp::Reverse(s.points)));
        prop_assert!(found.iter().all(|s| !s.text.is_empty()));
    }
}

#[test]
fn what_is_only_good_to_know_weighs_nothing_and_all_else_does() {
    for code in SignalCode::ALL {
        let weight = weigh(*code);
        assert_eq!(weight.tone == Tone::Plain, weight.points == 0, "{code:?}");
    }
}

#[test]
fn what_questions_the_evidence_outweighs_any_two_that_merely_need_a_look() {
    let of = |tone: Tone| {
        SignalCode::ALL
            .iter()
            .map(|c| weigh(*c))
            .filter(move |w| w.tone == tone)
    };
    let lightest = of(Tone::Fail).map(|w| w.points).min().unwrap();
    let decisions = [
        SignalCode::Refused,
        SignalCode::Critical,
        SignalCode::OwnConclusion,
    ];
    let two: u32 = decisions.iter().map(|c| weigh(*c).points).take(2).sum();
    assert!(lightest > two);
    assert!(of(Tone::Warn).all(|w| w.points < lightest));
    assert_eq!(
        raised(vec![SignalCode::Amended])
            .signals()
            .first()
            .map(|s| s.points),
        Some(0)
    );
    assert!(Group::LookFirst < Group::Plain);
}
