//! From the kind of a visit to everything in it: the operator, the answers, the findings, the times.
//! What the register says about an operator's papers on the day is what the visit finds.

mod answering;
mod failing;

use super::calendar::{Round, Team};
use super::chance;
use super::papers;
use super::shown;
use super::visit::{Closing, Found, Given, Outcome, PastVisit, Review};
use super::words::Words;
use crate::link::schedule::SplitMix;
use crate::market::{Step, Stopped};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::checklist::{Checklist, Item, for_kind};
use xunji_domain::county::DemoCounty;
use xunji_domain::ids::OperatorId;
use xunji_domain::operator::{Operator, OperatorStatus};
use xunji_domain::words::{Answer, AnsweredBy, OperatorKind};

/// What kind of visit is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is found.
    Clean,
    /// 一般项 only.
    Minor,
    /// A 关键项 or 重点项 fails.
    Heavy,
    /// As heavy, and nobody comes back before the deadline is over.
    Overdue,
    /// 未能检查.
    Absent,
    /// As heavy, and the operator does not sign.
    Refused,
    /// Everything conforms within two minutes.
    TwoMinutes,
    /// What failed the last time is 不适用 now.
    NowNotApplicable,
    /// Its photo is one of an earlier visit.
    ReusedPhoto,
}

/// Seconds of the visit in which everything is tapped through.
const TWO_MINUTES: i64 = 130;
/// Least time at an item that failed at the visit before.
const LOOKED_AT_MS: i64 = 9_000;
/// So many of a hundred earlier visits photograph the front; on the last day all do.
const FRONTS: u64 = 55;
/// 转办 happens so many times.
const HAND_OVERS: usize = 3;

struct Seen {
    day: NaiveDate,
    failed: Vec<String>,
}

/// Composes visit after visit and remembers what was found where.
pub struct Composer<'a> {
    county: &'a DemoCounty,
    words: &'a Words,
    first_day: NaiveDate,
    random: SplitMix,
    seen: BTreeMap<OperatorId, Seen>,
    /// Nobody goes there again.
    closed: BTreeSet<OperatorId>,
    /// Somebody who failed the last time, kept for the visit of the last day that drops it.
    kept: Option<OperatorId>,
    handed_over: usize,
    number: usize,
    /// The day that waits for review: only what is meant to want eyes does.
    last_day: bool,
}

/// What fails in one visit, and how.
struct Failures {
    codes: Vec<String>,
    deadline: Deadline,
}

#[derive(Clone, Copy)]
enum Deadline {
    /// As many days as the words say.
    Usual,
    /// The day before the county opens, so that it is over.
    Over,
    /// The day after the county opens.
    Tomorrow,
}

impl<'a> Composer<'a> {
    /// Nobody was visited yet.
    pub fn new(
        county: &'a DemoCounty,
        words: &'a Words,
        first_day: NaiveDate,
        random: SplitMix,
    ) -> Self {
        Self {
            county,
            words,
            first_day,
            random,
            seen: BTreeMap::new(),
            closed: BTreeSet::new(),
            kept: None,
            handed_over: 0,
            number: 0,
            last_day: false,
        }
    }

    /// One team's morning: from about half past five until eleven at the latest.
    ///
    /// # Errors
    /// When the market has too few operators.
    pub fn morning(&mut self, round: &Round, kinds: &[Kind]) -> Step<Vec<PastVisit>> {
        self.last_day = round.last;
        if round.last && self.kept.is_none() {
            self.kept = self.failed_before(round);
        }
        let midnight = midnight(round.day)?;
        let mut clock = midnight + (5 * 60 + 32) * 60_000 + self.pick(12) * 60_000;
        let closes = midnight + 11 * 3_600_000;
        let mut visits = Vec::new();
        for (at, kind) in kinds.iter().enumerate() {
            let after = i64::try_from(kinds.len() - at).unwrap_or(1);
            // What is left of the morning, shared by the visits that are left.
            let most = (closes - clock) / 60_000 / after - 5;
            let visit = self.visit(round, *kind, clock, most)?;
            clock = visit.end() + (2 + self.pick(4)) * 60_000 + self.pick(60) * 1_000;
            visits.push(visit);
        }
        Ok(visits)
    }

    fn visit(&mut self, round: &Round, kind: Kind, start: i64, most: i64) -> Step<PastVisit> {
        self.number += 1;
        let operator = self.choose(round, kind)?;
        let list = for_kind(operator.kind).ok_or_else(|| Stopped("no checklist".into()))?;
        let seconds = self.seconds(&operator, kind, most);
        let failures = self.failures(&operator, list, kind, round.day);
        let outcome = if kind == Kind::Absent {
            let why = chance::one(&mut self.random, &self.words.words.absent);
            Outcome::Absent(why.cloned().unwrap_or_default())
        } else {
            self.inspected(&operator, list, round, kind, seconds, &failures)?
        };
        if kind == Kind::Overdue {
            self.closed.insert(operator.id);
        }
        let now = Seen {
            day: round.day,
            failed: failures.codes,
        };
        self.seen.insert(operator.id, now);
        let closing = self.closing(&operator, kind);
        Ok(PastVisit {
            operator,
            start,
            seconds,
            outcome,
            closing,
            front: round.last || chance::percent(&mut self.random, FRONTS),
            reuses_photo: kind == Kind::ReusedPhoto,
            review: if round.last {
                Review::Waits
            } else {
                Review::Approved
            },
            pen: self.random.next_u64(),
        })
    }

    fn pick(&mut self, below: u64) -> i64 {
        i64::try_from(self.random.between(0, below.saturating_sub(1))).unwrap_or(0)
    }

    /// Whoever was not visited for longest, and whose papers fit the kind of visit.
    fn choose(&mut self, round: &Round, kind: Kind) -> Step<Operator> {
        let mut here: Vec<&Operator> = self
            .county
            .operators_at(&round.market)
            .filter(|o| o.status == OperatorStatus::Active && !self.closed.contains(&o.id))
            .filter(|o| self.seen.get(&o.id).is_none_or(|s| s.day < round.day))
            .filter(|o| self.kept != Some(o.id) || kind == Kind::NowNotApplicable)
            .collect();
        chance::shuffle(&mut self.random, &mut here);
        here.sort_by_key(|o| self.seen.get(&o.id).map(|s| s.day));
        let flawed = |o: &&Operator| !papers::flaws(o, round.day).is_empty();
        let found = match kind {
            // An operator whose papers are flawed is found out at every visit.
            Kind::Heavy | Kind::Overdue => here.iter().find(|o| flawed(o)).or(here.first()),
            Kind::Absent => here
                .iter()
                .find(|o| o.kind != OperatorKind::Stall)
                .or(here.first()),
            // A short past may have nobody who failed before; then the visit is one without a finding.
            Kind::NowNotApplicable => here
                .iter()
                .find(|o| self.kept == Some(o.id))
                .or_else(|| here.iter().find(|o| !flawed(o))),
            Kind::TwoMinutes => here
                .iter()
                .find(|o| !flawed(o) && o.kind == OperatorKind::Stall),
            _ => here.iter().find(|o| !flawed(o)),
        };
        found.map(|o| (*o).clone()).ok_or_else(|| {
            Stopped(format!(
                "nobody is left at {} on {} for {kind:?}",
                round.market.name, round.day
            ))
        })
    }

    /// Somebody at the market whose papers are right and whose last visit found something.
    fn failed_before(&self, round: &Round) -> Option<OperatorId> {
        let failed = |o: &&Operator| self.seen.get(&o.id).is_some_and(|s| !s.failed.is_empty());
        self.county
            .operators_at(&round.market)
            .filter(|o| o.status == OperatorStatus::Active && !self.closed.contains(&o.id))
            .filter(|o| papers::flaws(o, round.day).is_empty())
            .find(failed)
            .map(|o| o.id)
    }

    /// Seconds on site: 12 to 35 minutes, by what there is to see.
    fn seconds(&mut self, operator: &Operator, kind: Kind, most: i64) -> i64 {
        match kind {
            Kind::TwoMinutes => return TWO_MINUTES,
            Kind::Absent => return 180 + self.pick(120),
            _ => {}
        }
        let (calm, spread) = match operator.kind {
            OperatorKind::Stall => (13, 7),
            OperatorKind::SmallRestaurant => (19, 8),
            OperatorKind::Workshop => (24, 8),
        };
        let more = if matches!(kind, Kind::Heavy | Kind::Overdue | Kind::Refused) {
            4
        } else {
            0
        };
        let minutes = (calm + more + self.pick(spread)).min(most).clamp(12, 34);
        minutes * 60 + self.pick(60)
    }

    /// Items that do not apply to this operator: the same at every visit, because they come from who
    /// it is and not from the day.
    fn not_applicable(&self, operator: &Operator, list: &Checklist) -> Vec<String> {
        let of_kind = self.words.not_applicable.get(&operator.kind);
        let mut own = SplitMix::new(operator.id.0.as_u128() as u64);
        let mut codes: Vec<String> = of_kind
            .into_iter()
            .flatten()
            .filter(|_| chance::percent(&mut own, 45))
            .cloned()
            .collect();
        codes.extend(papers::not_asked(operator, list));
        codes
    }

    fn inspected(
        &mut self,
        operator: &Operator,
        list: &Checklist,
        round: &Round,
        kind: Kind,
        seconds: i64,
        failures: &Failures,
    ) -> Step<Outcome> {
        let answers = self.answers(operator, list, kind, failures);
        let findings = failures_in_order(list, failures)
            .map(|code| self.found(operator, code, round.day, failures.deadline))
            .collect::<Step<Vec<Found>>>()?;
        let opinion = match kind {
            Kind::Refused => String::new(),
            _ => chance::one(&mut self.random, &self.words.words.opinions)
                .cloned()
                .unwrap_or_default(),
        };
        let pairs: Vec<(&Item, Answer)> =
            list.items.iter().zip(answers.iter().map(|a| a.0)).collect();
        let budget = items_ms(seconds, findings.len(), kind);
        let mut shown = if kind == Kind::TwoMinutes {
            shown::tapped(pairs.len(), budget, &mut self.random)
        } else {
            shown::share(&pairs, budget, &mut self.random)
        };
        let before = self.seen.get(&operator.id).map(|s| s.failed.as_slice());
        if kind != Kind::TwoMinutes {
            // What failed the last time is looked at.
            for ((item, _), ms) in pairs.iter().zip(&mut shown) {
                if before.is_some_and(|b| b.iter().any(|code| code == item.code.as_str())) {
                    *ms = (*ms).max(LOOKED_AT_MS);
                }
            }
        }
        let by = if round.team == Team::Two && kind != Kind::TwoMinutes {
            AnsweredBy::Dock
        } else {
            AnsweredBy::Card
        };
        let mut given = Vec::new();
        for ((item, (answer, note)), shown_ms) in list.items.iter().zip(answers).zip(shown) {
            given.push(Given {
                item: item.code.to_string(),
                answer,
                note,
                readings: self.readings(item, answer, kind),
                shown_ms,
                answered_by: by,
            });
        }
        Ok(Outcome::Inspected {
            answers: given,
            findings,
            opinion,
        })
    }

    fn closing(&mut self, operator: &Operator, kind: Kind) -> Closing {
        let names = &self.words.words.names;
        let other = names
            .iter()
            .filter(|n| **n != operator.owner)
            .collect::<Vec<_>>();
        let other = chance::one(&mut self.random, &other)
            .map(|n| (*n).clone())
            .unwrap_or_default();
        match kind {
            Kind::Absent => Closing::Absent,
            Kind::Refused => Closing::Refuses {
                reason: self.words.words.refusal.clone(),
                witness: other,
                unit: self.words.words.witness_unit.clone(),
            },
            _ if chance::percent(&mut self.random, 78) => Closing::Signs {
                name: operator.owner.clone(),
                relation: "经营者本人",
            },
            _ => Closing::Signs {
                name: other,
                relation: if chance::percent(&mut self.random, 50) {
                    "家属"
                } else {
                    "雇员"
                },
            },
        }
    }
}

/// Milliseconds of the visit that go to the items: not the greeting, the papers, the findings'
/// sentences and the signatures.
fn items_ms(seconds: i64, findings: usize, kind: Kind) -> i64 {
    if kind == Kind::TwoMinutes {
        return (seconds - 25) * 1_000;
    }
    let typed = i64::try_from(findings).unwrap_or(0) * 35;
    (seconds - 150 - typed).max(240) * 1_000
}

/// Failed codes in the order of the checklist.
fn failures_in_order<'l>(
    list: &'l Checklist,
    failures: &'l Failures,
) -> impl Iterator<Item = &'l str> {
    list.items
        .iter()
        .map(|i| i.code.as_str())
        .filter(|code| failures.codes.iter().any(|c| c == code))
}

/// Midnight of a day in China, ms UTC.
///
/// # Errors
/// For a day that has none, which the calendar excludes.
pub fn midnight(day: NaiveDate) -> Step<i64> {
    day.and_hms_opt(0, 0, 0)
        .map(|t| t.and_utc().timestamp_millis() - 8 * 3_600_000)
        .ok_or_else(|| Stopped("midnight".into()))
}
