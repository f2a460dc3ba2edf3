//! Week by week: with a dozen visits a week a rate jumps, so the counts are shown, and a rate over
//! four weeks above them.

use super::counted::Counted;
use super::figures::{conclusions, nonconforming_of};
use super::monday;
use crate::problem::Answer;
use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

/// Weeks of the rolling rate.
const ROLLING: usize = 4;

/// The weeks that the days touch, cut to them.
pub(super) fn weeks(counted: &Counted<'_>, from: NaiveDate, to: NaiveDate) -> Answer<Vec<Value>> {
    let spans = spans(from, to);
    let mut weeks = Vec::with_capacity(spans.len());
    for (n, (first, last)) in spans.iter().enumerate() {
        let days = [first.to_string(), last.to_string()];
        let of = [("from", days[0].as_str()), ("to", days[1].as_str())];
        let begin = n.checked_sub(ROLLING - 1).and_then(|n| spans.get(n));
        let rolling = match begin {
            Some((begin, _)) => {
                let begin = begin.to_string();
                Some(nonconforming_of(
                    counted,
                    &[("from", &begin), ("to", &days[1])],
                )?)
            }
            None => None,
        };
        weeks.push(json!({
            "from": first,
            "to": last,
            "label": format!("{}-{}", first.month(), first.day()),
            "conclusions": conclusions(counted, &of)?,
            "rate": nonconforming_of(counted, &of)?,
            "rolling": rolling,
        }));
    }
    Ok(weeks)
}

fn spans(from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut spans = Vec::new();
    let mut first = monday(from);
    while first <= to {
        let (Some(sunday), Some(next)) = (
            first.checked_add_days(Days::new(6)),
            first.checked_add_days(Days::new(7)),
        ) else {
            break;
        };
        spans.push((first.max(from), sunday.min(to)));
        first = next;
    }
    spans
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn weeks_are_cut_to_the_days_asked_for_and_leave_none_out() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let found = spans(day(9, 30), day(10, 14));
        let wanted = [
            (day(9, 30), day(10, 4)),
            (day(10, 5), day(10, 11)),
            (day(10, 12), day(10, 14)),
        ];
        assert_eq!(found, wanted);
        assert_eq!(
            spans(day(10, 14), day(10, 14)),
            [(day(10, 14), day(10, 14))]
        );
    }
}
