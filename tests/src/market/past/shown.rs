//! How long each item stood before the eyes: short ones of a few seconds, long ones where something
//! is measured, counted or wrong, never the same twice.

use crate::link::schedule::SplitMix;
use xunji_domain::checklist::Item;
use xunji_domain::words::{Answer, Severity};

/// Weight of an item in the time of the visit, in seconds of a calm one.
fn calm(item: &Item, answer: Answer) -> u64 {
    let by_severity = match item.severity {
        Severity::Critical => 16,
        Severity::Major => 11,
        Severity::Minor => 6,
    };
    match answer {
        Answer::NotApplicable => 3,
        Answer::Unchecked => 12,
        Answer::Pass => by_severity + 9 * item.readings.len() as u64,
        Answer::Fail => by_severity + 9 * item.readings.len() as u64 + 30,
    }
}

/// Shares `budget_ms` among the items. Half a calm weight to more than twice of it is usual, and
/// every seventh item or so takes long: somebody looks for a paper.
pub fn share(answered: &[(&Item, Answer)], budget_ms: i64, random: &mut SplitMix) -> Vec<i64> {
    let weights: Vec<u64> = answered
        .iter()
        .map(|(item, answer)| {
            let long = if random.between(1, 7) == 1 { 3 } else { 1 };
            calm(item, *answer) * random.between(45, 190) * long
        })
        .collect();
    spread(&weights, budget_ms)
}

/// The same for somebody who only taps: whatever the item asks, a blink.
pub fn tapped(count: usize, budget_ms: i64, random: &mut SplitMix) -> Vec<i64> {
    let weights: Vec<u64> = (0..count).map(|_| random.between(60, 150)).collect();
    spread(&weights, budget_ms)
}

fn spread(weights: &[u64], budget_ms: i64) -> Vec<i64> {
    let all = i64::try_from(weights.iter().sum::<u64>().max(1)).unwrap_or(i64::MAX);
    weights
        .iter()
        .map(|weight| i64::try_from(*weight).unwrap_or(0) * budget_ms / all)
        .collect()
}
