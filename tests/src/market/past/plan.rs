//! The plan of all past visits: who goes where, what is found, how long it takes. Made from a day
//! and a seed, the same every time.

use super::calendar::{self, DAYS_BACK, LAST_DAY, Round, Team};
use super::chance;
use super::compose::{Composer, Kind};
use super::visit::{PastVisit, Review};
use super::words::Words;
use crate::link::schedule::SplitMix;
use crate::market::{Step, Stopped};
use chrono::{Days, NaiveDate};
use xunji_domain::county::{DemoCounty, MAIN_MARKET};

/// Visits of the whole plan.
pub const VISITS: usize = 120;
/// Visits of one team in a row without a single finding: the last of them takes two minutes.
pub const STREAK: usize = 9;
/// Records that are sent back and amended.
const RETURNED: usize = 4;

/// All visits before the county's first day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The county's first day.
    pub first_day: NaiveDate,
    /// The day on which its register was set up.
    pub set_up: NaiveDate,
    /// Market mornings in order of time.
    pub mornings: Vec<Morning>,
}

/// One team's morning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Morning {
    /// Who goes where.
    pub round: Round,
    /// Visits in order of time.
    pub visits: Vec<PastVisit>,
}

/// Writes the plan of so many visits before `first_day`.
///
/// # Errors
/// When the county, its words or the calendar do not hold what the plan needs.
pub fn write(first_day: NaiveDate, seed: u64, visits: usize) -> Step<Plan> {
    let county = DemoCounty::on(first_day).map_err(|e| Stopped::at("county", e))?;
    let mut random = SplitMix::new(seed);
    let rounds = calendar::rounds(&county, first_day, visits, &mut random)?;
    let kinds = kinds(&rounds, &mut random);
    let words = Words::read()?;
    let mut composer = Composer::new(&county, &words, first_day, random);
    let mut mornings = Vec::new();
    for (round, kinds) in rounds.into_iter().zip(kinds) {
        let visits = composer.morning(&round, &kinds)?;
        mornings.push(Morning { round, visits });
    }
    send_some_back(&mut mornings, &words);
    let set_up = first_day
        .checked_sub_days(Days::new(DAYS_BACK + 1))
        .ok_or_else(|| Stopped("the calendar begins too late".into()))?;
    Ok(Plan {
        first_day,
        set_up,
        mornings,
    })
}

impl Plan {
    /// Every visit in order of mornings.
    pub fn visits(&self) -> impl Iterator<Item = &PastVisit> {
        self.mornings.iter().flat_map(|m| &m.visits)
    }

    /// Leaves out all but the last market days: a short past for a quick look.
    pub fn keep_last_days(&mut self, days: usize) {
        let mut all: Vec<NaiveDate> = self.mornings.iter().map(|m| m.round.day).collect();
        all.dedup();
        let from = all.len().saturating_sub(days);
        let kept: Vec<NaiveDate> = all.into_iter().skip(from).collect();
        self.mornings.retain(|m| kept.contains(&m.round.day));
    }
}

/// What kind of visit each is: about 55 % without a finding, a third with 一般项 only, a tenth with
/// something heavy, two in a hundred before a locked door.
fn kinds(rounds: &[Round], random: &mut SplitMix) -> Vec<Vec<Kind>> {
    let all: usize = rounds.iter().map(|r| r.size).sum();
    let last_day = |team| match team {
        Team::One => [
            Kind::Clean,
            Kind::Minor,
            Kind::Refused,
            Kind::Clean,
            Kind::Minor,
            Kind::ReusedPhoto,
            Kind::Clean,
        ],
        Team::Two => [
            Kind::TwoMinutes,
            Kind::Minor,
            Kind::Clean,
            Kind::NowNotApplicable,
            Kind::Clean,
            Kind::Minor,
            Kind::Clean,
        ],
    };
    let mut pool = pool(all);
    chance::shuffle(random, &mut pool);
    let mut left = pool.into_iter();
    let mut kinds: Vec<Vec<Kind>> = rounds
        .iter()
        .map(|round| {
            if round.last {
                last_day(round.team).to_vec()
            } else {
                left.by_ref().take(round.size).collect()
            }
        })
        .collect();
    make_streak(rounds, &mut kinds);
    make_overdue(rounds, &mut kinds);
    kinds
}

/// The kinds of all visits but the last day's.
fn pool(all: usize) -> Vec<Kind> {
    let rest = all.saturating_sub(LAST_DAY);
    let absent = all * 2 / 100;
    let heavy = (all / 10).saturating_sub(1);
    let minor = (all * 33 / 100).saturating_sub(4);
    let mut pool = vec![Kind::Absent; absent];
    pool.extend(vec![Kind::Heavy; heavy]);
    pool.extend(vec![Kind::Minor; minor]);
    pool.resize(rest, Kind::Clean);
    pool
}

/// The visits of team two before the last day find nothing. What stood there moves to an earlier
/// visit without a finding, so that the shares stay.
fn make_streak(rounds: &[Round], kinds: &mut [Vec<Kind>]) {
    let of_two: Vec<(usize, usize)> = places(rounds, |r| r.team == Team::Two && !r.last);
    let others: Vec<(usize, usize)> = places(rounds, |r| !r.last);
    let streak: Vec<(usize, usize)> = of_two.into_iter().rev().take(STREAK - 1).collect();
    let mut clean = others
        .into_iter()
        .filter(|place| !streak.contains(place))
        .filter(|(round, at)| kinds[*round][*at] == Kind::Clean)
        .collect::<Vec<_>>()
        .into_iter();
    for (round, at) in streak {
        if kinds[round][at] != Kind::Clean
            && let Some((to_round, to_at)) = clean.next()
        {
            kinds[to_round][to_at] = kinds[round][at];
            kinds[round][at] = Kind::Clean;
        }
    }
}

/// The last visit of team one before the last day is heavy, and nobody comes back to that operator. The
/// other market has nobody to spare. What stood there takes the place of an earlier heavy visit.
fn make_overdue(rounds: &[Round], kinds: &mut [Vec<Kind>]) {
    let mut of_one = places(rounds, |r| {
        r.team == Team::One && !r.last && r.market.name == MAIN_MARKET
    });
    let Some((round, at)) = of_one.pop() else {
        return;
    };
    let earlier = of_one
        .into_iter()
        .find(|(round, at)| kinds[*round][*at] == Kind::Heavy);
    if let Some((from_round, from_at)) = earlier {
        kinds[from_round][from_at] = kinds[round][at];
    }
    kinds[round][at] = Kind::Overdue;
}

fn places(rounds: &[Round], fits: impl Fn(&Round) -> bool) -> Vec<(usize, usize)> {
    let fitting = rounds.iter().enumerate().filter(|(_, r)| fits(r));
    fitting
        .flat_map(|(round, r)| (0..r.size).map(move |at| (round, at)))
        .collect()
}

/// Some records with a finding go back to the inspectors, spread over the whole time.
fn send_some_back(mornings: &mut [Morning], words: &Words) {
    let mut with_finding: Vec<&mut PastVisit> = mornings
        .iter_mut()
        .flat_map(|m| &mut m.visits)
        .filter(|v| v.review == Review::Approved && !v.findings().is_empty())
        .collect();
    let count = with_finding.len();
    for number in 0..RETURNED.min(count) {
        let at = (number * 2 + 1) * count / (RETURNED * 2);
        if let (Some(visit), Some(reason)) = (
            with_finding.get_mut(at),
            words.returns.get(number % words.returns.len().max(1)),
        ) {
            visit.review = Review::Returned(reason.clone());
        }
    }
}
