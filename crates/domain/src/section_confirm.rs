//! 按部分确认: one key for the items of a section that need no answer of their own. A setting of the
//! bureau, off unless it says otherwise: 49号令第27条 and 第30条 want every item looked at every time, and
//! whether a court takes such a confirmation for an answer per item is untested.
//!
//! What is never confirmed: 关键项, items with numbers, what failed last time, and items drawn for this
//! visit, so that in every section at least [`ALONE_PER_SECTION`] items are answered alone.

use crate::checklist::{Checklist, Item, ItemCode, Section};
use crate::ids::InspectionId;
use crate::words::{Severity, words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// Items of every section that are answered alone; where weight, numbers and last time give fewer, more
/// are drawn.
pub const ALONE_PER_SECTION: usize = 2;
/// No text is read in less, however short it is.
pub const LEAST_READING_MS: i64 = 600;

/// How a bureau allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct SectionConfirm {
    /// Characters of an item's text that a practised reader takes in per second. The floor of the reading
    /// time comes from it: a practised reader is never slowed, a thumb that taps in rhythm is.
    pub chars_per_second: u32,
}

impl Default for SectionConfirm {
    fn default() -> Self {
        Self {
            chars_per_second: 20,
        }
    }
}

words!(/// Why an item is answered alone.
Alone {
    /// 关键项.
    Critical = "关键项",
    /// The item asks for a number.
    Number = "数值项",
    /// It failed on the last visit.
    FailedLast = "上次不符合",
    /// Drawn for this visit.
    Drawn = "抽中项",
});

/// Why one item cannot be confirmed with its section now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is answered alone.
    Alone(Alone),
    /// It was not on the screen long enough to be read.
    TooFast {
        /// Milliseconds it was on the screen.
        shown_ms: i64,
        /// Milliseconds its text needs.
        needs_ms: i64,
    },
}

impl SectionConfirm {
    /// Milliseconds an item's text has to be on the screen.
    pub fn reading_ms(&self, item: &Item) -> i64 {
        let chars = i64::try_from(item.text.chars().count()).unwrap_or(i64::MAX / 1000);
        let per_second = i64::from(self.chars_per_second.max(1));
        (chars * 1000 / per_second).max(LEAST_READING_MS)
    }

    /// Whether an item may be confirmed with its section. `alone` is that of [`answered_alone`].
    ///
    /// # Errors
    /// [`Refusal`] says why not.
    pub fn allows(
        &self,
        item: &Item,
        alone: &BTreeMap<ItemCode, Alone>,
        shown_ms: i64,
    ) -> Result<(), Refusal> {
        if let Some(why) = alone.get(&item.code) {
            return Err(Refusal::Alone(*why));
        }
        let needs_ms = self.reading_ms(item);
        if shown_ms < needs_ms {
            return Err(Refusal::TooFast { shown_ms, needs_ms });
        }
        Ok(())
    }
}

/// The items of a visit that are answered alone, and why. The same inspection always draws the same ones,
/// on every device; nobody can choose them.
pub fn answered_alone(
    checklist: &Checklist,
    failed_last: &BTreeSet<ItemCode>,
    inspection: InspectionId,
) -> BTreeMap<ItemCode, Alone> {
    let mut alone = BTreeMap::new();
    for section in &checklist.sections {
        alone.extend(of_section(checklist, section, failed_last, inspection));
    }
    alone
}

fn of_section(
    checklist: &Checklist,
    section: &Section,
    failed_last: &BTreeSet<ItemCode>,
    inspection: InspectionId,
) -> BTreeMap<ItemCode, Alone> {
    let mut alone = BTreeMap::new();
    let mut rest = Vec::new();
    for item in checklist.items_of(section.key) {
        match by_rule(item, failed_last) {
            Some(why) => {
                alone.insert(item.code.clone(), why);
            }
            None => rest.push((lot(inspection, &item.code), item)),
        }
    }
    rest.sort_by_key(|(lot, _)| *lot);
    let drawn = ALONE_PER_SECTION.saturating_sub(alone.len());
    for (_, item) in rest.into_iter().take(drawn) {
        alone.insert(item.code.clone(), Alone::Drawn);
    }
    alone
}

fn by_rule(item: &Item, failed_last: &BTreeSet<ItemCode>) -> Option<Alone> {
    if item.severity == Severity::Critical {
        Some(Alone::Critical)
    } else if !item.readings.is_empty() {
        Some(Alone::Number)
    } else if failed_last.contains(&item.code) {
        Some(Alone::FailedLast)
    } else {
        None
    }
}

/// The lot of an item in one inspection.
fn lot(inspection: InspectionId, code: &ItemCode) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"xunji/drawn/1");
    hash.update(inspection.0.as_bytes());
    hash.update(code.as_str().as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::checklist::for_kind;
    use crate::words::OperatorKind;
    use uuid::Uuid;

    fn restaurant() -> &'static Checklist {
        for_kind(OperatorKind::SmallRestaurant).unwrap()
    }

    fn visit(number: u128) -> InspectionId {
        InspectionId(Uuid::from_u128(number))
    }

    fn none() -> BTreeSet<ItemCode> {
        BTreeSet::new()
    }

    #[test]
    fn critical_items_numbers_and_last_failures_are_answered_alone() {
        let failed = BTreeSet::from(["CY6.2".into()]);
        let alone = answered_alone(restaurant(), &failed, visit(1));
        assert_eq!(alone.get(&"CY1.1".into()), Some(&Alone::Critical));
        assert_eq!(alone.get(&"CY5.2".into()), Some(&Alone::Number));
        assert_eq!(alone.get(&"CY6.2".into()), Some(&Alone::FailedLast));
        for item in &restaurant().items {
            let heavy = item.severity == Severity::Critical || !item.readings.is_empty();
            assert!(!heavy || alone.contains_key(&item.code), "{}", item.code);
        }
    }

    #[test]
    fn every_section_of_every_checklist_has_two_items_answered_alone() {
        for kind in OperatorKind::ALL {
            let list = for_kind(*kind).unwrap();
            for number in 0..50 {
                let alone = answered_alone(list, &none(), visit(number));
                for section in &list.sections {
                    let here = list
                        .items_of(section.key)
                        .filter(|i| alone.contains_key(&i.code));
                    assert!(here.count() >= ALONE_PER_SECTION, "{}", section.label);
                }
            }
        }
    }

    #[test]
    fn the_draw_differs_by_visit_and_repeats_within_one() {
        let drawn = |number| -> Vec<ItemCode> {
            let alone = answered_alone(restaurant(), &none(), visit(number));
            alone
                .into_iter()
                .filter(|(_, why)| *why == Alone::Drawn)
                .map(|(code, _)| code)
                .collect()
        };
        assert_eq!(drawn(7), drawn(7));
        let all: BTreeSet<Vec<ItemCode>> = (0..50).map(drawn).collect();
        assert!(all.len() > 10, "{} different draws in 50 visits", all.len());
    }

    #[test]
    fn a_text_needs_its_reading_time_and_never_less_than_the_floor() {
        let rule = SectionConfirm::default();
        let item = |code: &str| restaurant().item(&code.into()).unwrap();
        assert_eq!(item("CY1.2").text.chars().count(), 26);
        assert_eq!(rule.reading_ms(item("CY1.2")), 1_300);
        let quick = SectionConfirm {
            chars_per_second: 1_000,
        };
        assert_eq!(quick.reading_ms(item("CY1.2")), LEAST_READING_MS);
        let broken = SectionConfirm {
            chars_per_second: 0,
        };
        assert_eq!(broken.reading_ms(item("CY1.2")), 26_000);
    }

    #[test]
    fn what_is_answered_alone_or_unread_is_refused() {
        let rule = SectionConfirm::default();
        let alone = answered_alone(restaurant(), &none(), visit(1));
        let item = |code: &str| restaurant().item(&code.into()).unwrap();
        assert_eq!(
            rule.allows(item("CY1.1"), &alone, 60_000),
            Err(Refusal::Alone(Alone::Critical))
        );
        assert_eq!(
            rule.allows(item("CY1.2"), &alone, 1_299),
            Err(Refusal::TooFast {
                shown_ms: 1_299,
                needs_ms: 1_300
            })
        );
        assert_eq!(rule.allows(item("CY1.2"), &alone, 1_300), Ok(()));
    }
}
