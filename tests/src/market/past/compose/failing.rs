//! What fails in one visit: what the papers say, what failed before, what the words know of.

use super::super::chance;
use super::super::papers;
use super::super::words::FindingWords;
use super::{Composer, Deadline, Failures, HAND_OVERS, Kind};
use chrono::NaiveDate;
use xunji_domain::checklist::{Checklist, Item};
use xunji_domain::operator::Operator;
use xunji_domain::words::{OperatorKind, Severity};

impl Composer<'_> {
    pub(super) fn failures(
        &mut self,
        operator: &Operator,
        list: &Checklist,
        kind: Kind,
        day: NaiveDate,
    ) -> Failures {
        let mut failures = Failures {
            codes: Vec::new(),
            deadline: Deadline::Usual,
        };
        match kind {
            Kind::Minor => self.minor(operator, list, &mut failures.codes),
            Kind::Heavy | Kind::Overdue | Kind::Refused => {
                self.heavy(operator, list, kind, day, &mut failures.codes);
            }
            _ => {}
        }
        failures.deadline = match kind {
            Kind::Overdue => Deadline::Over,
            Kind::Refused => Deadline::Tomorrow,
            _ => Deadline::Usual,
        };
        failures
    }

    /// One 一般项, sometimes two; what failed the last time fails again more often than others.
    fn minor(&mut self, operator: &Operator, list: &Checklist, codes: &mut Vec<String>) {
        if operator.kind == OperatorKind::Stall
            && self.handed_over < HAND_OVERS
            && self.number > (self.handed_over + 1) * 20
        {
            let code = if self.handed_over.is_multiple_of(2) {
                "TD6.6"
            } else {
                "TD1.4"
            };
            self.handed_over += 1;
            codes.push(code.to_owned());
            return;
        }
        let count = if chance::percent(&mut self.random, 35) {
            2
        } else {
            1
        };
        self.draw(operator, list, count, codes, |item| {
            item.severity == Severity::Minor
        });
    }

    /// What the papers say, or one or two 关键项 or 重点项; then perhaps a 一般项.
    fn heavy(
        &mut self,
        operator: &Operator,
        list: &Checklist,
        kind: Kind,
        day: NaiveDate,
        codes: &mut Vec<String>,
    ) {
        codes.extend(papers::flaws(operator, day));
        let again = self.seen.get(&operator.id).map(|s| s.failed.clone());
        let again: Vec<String> = again
            .unwrap_or_default()
            .into_iter()
            .filter(|code| codes.contains(code))
            .collect();
        if !again.is_empty() {
            // The order of the last time was not followed: its own item says so.
            let asks = list
                .items
                .iter()
                .find(|i| self.words.asks_before(i.code.as_str()));
            codes.extend(asks.map(|i| i.code.to_string()));
        }
        let wanted = match kind {
            Kind::Refused | Kind::Overdue => 2,
            _ => 1 + usize::from(chance::percent(&mut self.random, 50)),
        };
        let critical = kind == Kind::Refused;
        if critical {
            self.draw(operator, list, 1, codes, |item| {
                item.severity == Severity::Critical
            });
        }
        let more = wanted.saturating_sub(codes.len());
        self.draw(operator, list, more, codes, |item| {
            item.severity != Severity::Minor
        });
        let minor = usize::from(chance::percent(&mut self.random, 60));
        self.draw(operator, list, minor, codes, |item| {
            item.severity == Severity::Minor
        });
    }

    fn draw(
        &mut self,
        operator: &Operator,
        list: &Checklist,
        count: usize,
        codes: &mut Vec<String>,
        fits: fn(&Item) -> bool,
    ) {
        let before = self.seen.get(&operator.id).map(|s| s.failed.clone());
        let before = before.unwrap_or_default();
        let left_out = self.not_applicable(operator, list);
        for _ in 0..count {
            let usable: Vec<&FindingWords> = self
                .words
                .findings
                .iter()
                .filter(|f| !codes.contains(&f.item) && !left_out.contains(&f.item))
                .filter(|f| {
                    list.items
                        .iter()
                        .any(|i| i.code.as_str() == f.item && fits(i))
                })
                .collect();
            let again = if self.last_day { 0 } else { 5 };
            let weights: Vec<u64> = usable
                .iter()
                .map(|f| f.weight * if before.contains(&f.item) { again } else { 1 })
                .collect();
            if let Some(found) =
                chance::weighted(&mut self.random, &weights).and_then(|at| usable.get(at))
            {
                codes.push(found.item.clone());
            }
        }
    }
}
