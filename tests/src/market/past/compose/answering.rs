//! What stands on the record of one visit: answers with their notes, findings, readings.

use super::super::chance;
use super::super::papers;
use super::super::visit::Found;
use super::{Composer, Deadline, Failures, Kind};
use crate::market::{Step, Stopped};
use chrono::{Days, NaiveDate};
use xunji_domain::checklist::{Checklist, Item};
use xunji_domain::operator::Operator;
use xunji_domain::words::{Answer, Measure};

impl Composer<'_> {
    /// Answer and note of every item in checklist order.
    pub(super) fn answers(
        &mut self,
        operator: &Operator,
        list: &Checklist,
        kind: Kind,
        failures: &Failures,
    ) -> Vec<(Answer, String)> {
        let left_out = self.not_applicable(operator, list);
        let before = self.seen.get(&operator.id).map(|s| s.failed.clone());
        let ordered = before.as_ref().is_some_and(|failed| !failed.is_empty());
        let dropped = match kind {
            Kind::NowNotApplicable => before.and_then(|failed| failed.first().cloned()),
            _ => None,
        };
        let unchecked = match kind {
            Kind::Clean | Kind::Minor
                if chance::percent(&mut self.random, 6) && self.number < 100 =>
            {
                chance::one(&mut self.random, &self.words.unchecked)
            }
            _ => None,
        };
        let answer = |item: &Item| {
            let code = item.code.as_str();
            let is = |other: &str| other == code;
            if failures.codes.iter().any(|c| is(c)) {
                return (Answer::Fail, String::new());
            }
            if dropped.as_deref().is_some_and(is) || left_out.iter().any(|c| is(c)) {
                return (Answer::NotApplicable, String::new());
            }
            if self.words.asks_before(code) && !ordered {
                return (Answer::NotApplicable, String::new());
            }
            match unchecked {
                Some(words) if is(&words.item) => (Answer::Unchecked, words.reason.clone()),
                _ => (Answer::Pass, String::new()),
            }
        };
        list.items.iter().map(answer).collect()
    }

    pub(super) fn found(
        &mut self,
        operator: &Operator,
        code: &str,
        day: NaiveDate,
        deadline: Deadline,
    ) -> Step<Found> {
        let words = self
            .words
            .of(code)
            .ok_or_else(|| Stopped(format!("past.toml has no words for {code}")))?;
        let late = |days: u64| day.checked_add_days(Days::new(days));
        let until = match (words.measure, deadline) {
            (Measure::Deadline, Deadline::Usual) => words.days.and_then(late),
            (Measure::Deadline, Deadline::Over) => self.first_day.pred_opt(),
            (Measure::Deadline, Deadline::Tomorrow) => self.first_day.succ_opt(),
            _ => None,
        };
        let drawn = chance::one(&mut self.random, &words.problems);
        let problem = papers::sentence(operator, code, day)
            .and_then(|at| words.problems.get(at))
            .or(drawn);
        Ok(Found {
            item: code.to_owned(),
            problem: problem.cloned().unwrap_or_default(),
            measure: words.measure,
            deadline: until,
            no_photo: if words.photo {
                String::new()
            } else {
                words.why.clone()
            },
        })
    }

    /// Numbers where an item asks for them; whoever only taps reads none.
    pub(super) fn readings(
        &mut self,
        item: &Item,
        answer: Answer,
        kind: Kind,
    ) -> Vec<(String, String)> {
        let table = match answer {
            Answer::Pass => &self.words.readings,
            Answer::Fail => &self.words.readings_failed,
            _ => return Vec::new(),
        };
        if kind == Kind::TwoMinutes {
            return Vec::new();
        }
        let at = self.random.next_u64();
        let mut read = Vec::new();
        for asked in &item.readings {
            // 在岗 and 持证, 称量 and 记录 belong together: the same place of both lists.
            let key = match (asked.key.as_str(), answer) {
                ("certified", Answer::Pass) => "on_duty",
                (key, _) => key,
            };
            let values = table.get(key).map(Vec::as_slice).unwrap_or_default();
            let value = (at % values.len().max(1) as u64) as usize;
            if let Some(value) = values.get(value) {
                read.push((asked.key.clone(), value.clone()));
            }
        }
        read
    }
}
