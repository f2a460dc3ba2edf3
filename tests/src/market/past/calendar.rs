//! Which team goes to which market on which day: rounds of 6 to 12 visits on market days of the
//! station's two markets, the last of them on the latest day of the big one.

use super::chance;
use crate::link::schedule::SplitMix;
use crate::market::{Step, Stopped};
use chrono::{Days, NaiveDate};
use xunji_domain::calendar::{Market, is_market_day, latest_past_market_day};
use xunji_domain::county::{DemoCounty, MAIN_MARKET};

/// How far back the visits go.
pub const DAYS_BACK: u64 = 90;
/// Visits on the last market day: seven of each team. They wait for review when the county opens.
pub const LAST_DAY: usize = 14;
/// The station's other market, and how often it is visited.
const OTHER_MARKET: &str = "石门洼集";
const OTHER_ROUNDS: usize = 3;
/// All six operators of the other market.
const OTHER_SIZE: usize = 6;
/// Visits of one team on one day at the big market, and their usual number.
const SIZES: (usize, usize) = (6, 12);
const USUAL: usize = 8;

/// One of the two teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Team {
    /// 检查员甲 and 检查员乙.
    One,
    /// 检查员丙 and 检查员丁.
    Two,
}

/// One team's morning at one market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The day.
    pub day: NaiveDate,
    /// Who goes.
    pub team: Team,
    /// The market.
    pub market: Market,
    /// Visits.
    pub size: usize,
    /// The day that waits for review.
    pub last: bool,
}

/// All rounds in order of time. `visits` is their sum, at least what the last day and the other
/// market take.
///
/// # Errors
/// When the county has no such markets or the days do not hold so many visits.
pub fn rounds(
    county: &DemoCounty,
    first_day: NaiveDate,
    visits: usize,
    random: &mut SplitMix,
) -> Step<Vec<Round>> {
    let big = market(county, MAIN_MARKET)?;
    let other = market(county, OTHER_MARKET)?;
    let last = latest_past_market_day(&big.rule, first_day)
        .ok_or_else(|| Stopped(format!("no {MAIN_MARKET} before {first_day}")))?;
    let fixed = LAST_DAY + OTHER_ROUNDS * OTHER_SIZE;
    let rest = visits
        .checked_sub(fixed)
        .filter(|rest| *rest >= SIZES.0)
        .ok_or_else(|| Stopped(format!("{visits} visits are fewer than the plan needs")))?;
    let big_days = market_days(&big, first_day, last);
    let sizes = sizes(rest, big_days.len(), random)?;
    let mut found = Vec::new();
    for (at, day) in spread(&market_days(&other, first_day, last), OTHER_ROUNDS)
        .into_iter()
        .enumerate()
    {
        let team = if at % 2 == 0 { Team::Two } else { Team::One };
        found.push(round(day, team, &other, OTHER_SIZE));
    }
    // Every second day both teams go, on the others one of them: three rounds in two days.
    let days = spread(
        &big_days,
        sizes.len().div_ceil(3) * 2 - usize::from(sizes.len() % 3 == 1),
    );
    let mut left = sizes.into_iter();
    for (at, day) in days.into_iter().enumerate() {
        let teams: &[Team] = match at % 4 {
            0 | 2 => &[Team::One, Team::Two],
            1 => &[Team::One],
            _ => &[Team::Two],
        };
        for (team, size) in teams.iter().zip(left.by_ref()) {
            found.push(round(day, *team, &big, size));
        }
    }
    for team in [Team::One, Team::Two] {
        let round = round(last, team, &big, LAST_DAY / 2);
        found.push(Round {
            last: true,
            ..round
        });
    }
    found.sort_by_key(|r| (r.day, r.team));
    Ok(found)
}

fn round(day: NaiveDate, team: Team, market: &Market, size: usize) -> Round {
    Round {
        day,
        team,
        market: market.clone(),
        size,
        last: false,
    }
}

fn market(county: &DemoCounty, name: &str) -> Step<Market> {
    county
        .market(name)
        .cloned()
        .ok_or_else(|| Stopped(format!("the county has no {name}")))
}

/// Market days of the ninety before the first day, without the last one and what comes after it.
fn market_days(market: &Market, first_day: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    (1..=DAYS_BACK)
        .rev()
        .filter_map(|back| first_day.checked_sub_days(Days::new(back)))
        .filter(|day| *day < last && is_market_day(&market.rule, *day))
        .collect()
}

/// `count` of the days, evenly over all of them, the latest included.
fn spread(days: &[NaiveDate], count: usize) -> Vec<NaiveDate> {
    let count = count.min(days.len());
    (0..count)
        .filter_map(|at| days.get((at + 1) * days.len() / count - 1))
        .copied()
        .collect()
}

/// How many visits each round has: near the usual number, never outside the bounds, together `rest`.
fn sizes(rest: usize, days: usize, random: &mut SplitMix) -> Step<Vec<usize>> {
    let most = days * 3 / 2;
    let count = (rest / USUAL).max(1).min(most.max(1));
    let count = count.max(rest.div_ceil(SIZES.1));
    if count > most {
        return Err(Stopped(format!(
            "{rest} visits do not fit on {days} market days"
        )));
    }
    let mut sizes: Vec<usize> = (0..count)
        .map(|at| rest / count + usize::from(at < rest % count))
        .collect();
    for _ in 0..count * 2 {
        let (from, to) = (
            random.between(0, count as u64 - 1),
            random.between(0, count as u64 - 1),
        );
        let (from, to) = (
            usize::try_from(from).unwrap_or(0),
            usize::try_from(to).unwrap_or(0),
        );
        let fits = sizes.get(from).is_some_and(|s| *s > SIZES.0)
            && sizes.get(to).is_some_and(|s| *s < SIZES.1 - 2);
        if from != to && fits {
            sizes[from] -= 1;
            sizes[to] += 1;
        }
    }
    chance::shuffle(random, &mut sizes);
    Ok(sizes)
}
