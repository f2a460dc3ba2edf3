//! Who visits whom, when, and what they find: made from the seed, the same every time.

use crate::link::schedule::SplitMix;
use chrono::NaiveDate;
use xunji_domain::calendar::latest_past_market_day;
use xunji_domain::checklist::{Checklist, Item, for_kind};
use xunji_domain::county::{DemoCounty, MAIN_MARKET};
use xunji_domain::operator::Operator;
use xunji_domain::words::{Answer, OperatorKind, Severity};

use super::{Step, Stopped};

/// Which phone makes a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Team {
    /// 检查员甲 and 检查员乙.
    One,
    /// 检查员丙 and 检查员丁.
    Two,
    /// The spare phone of team two, kept back until the report is out.
    Spare,
}

/// How the inspected party closes the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Signs.
    Signs,
    /// Refuses; a witness is there.
    Refuses,
}

/// Whom a visit goes to.
#[derive(Clone, Debug)]
pub enum Whom {
    /// Somebody in the register.
    Known(Box<Operator>),
    /// A stall that is registered on the spot.
    NewStall(String),
}

/// One visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who goes.
    pub team: Team,
    /// To whom.
    pub whom: Whom,
    /// Start, ms UTC.
    pub start: i64,
    /// Minutes on site, 12 to 35.
    pub minutes: i64,
    /// Items that fail, by position in the checklist.
    pub failures: Vec<usize>,
    /// Items that do not apply.
    pub not_applicable: Vec<usize>,
    /// Photos of the front, the licence and the failures together.
    pub photos: usize,
    /// How it ends.
    pub closing: Closing,
}

/// The whole day.
pub struct Script {
    /// The market day.
    pub day: NaiveDate,
    /// Midnight of the day in China, ms UTC.
    pub midnight: i64,
    /// Visits in order of time.
    pub visits: Vec<Visit>,
    /// The entry whose telephone number both teams change.
    pub contested: Operator,
    /// Photos the visits take together; one more is taken for the amendment.
    pub photos: usize,
}

/// Photos of the day, the amendment's included.
pub const PHOTOS: usize = 60;
/// Visits of the day.
pub const VISITS: usize = 24;

/// Writes the script of the latest market day before `today`.
pub fn write(today: NaiveDate, seed: u64) -> Step<Script> {
    let county = DemoCounty::on(today).map_err(|e| Stopped::at("county", e))?;
    let market = county
        .market(MAIN_MARKET)
        .ok_or_else(|| Stopped("no main market".into()))?;
    let day = latest_past_market_day(&market.rule, today).ok_or_else(|| {
        Stopped(format!(
            "the calendar holds no {MAIN_MARKET} before {today}"
        ))
    })?;
    let midnight = day
        .and_hms_opt(0, 0, 0)
        .map(|t| t.and_utc().timestamp_millis() - 8 * 3_600_000)
        .ok_or_else(|| Stopped("midnight".into()))?;
    let mut random = SplitMix::new(seed);
    let mut here: Vec<Operator> = county
        .operators
        .iter()
        .filter(|o| o.slot.as_ref().is_some_and(|s| s.market == market.id))
        .cloned()
        .collect();
    shuffle(&mut here, &mut random);
    let contested = take_contested(&mut here)?;
    let mut visits = Vec::new();
    for index in 0..VISITS {
        visits.push(visit(index, midnight, &mut here, &mut random)?);
    }
    let photos = visits.iter().map(|v| v.photos).sum();
    Ok(Script {
        day,
        midnight,
        visits,
        contested,
        photos,
    })
}

/// An entry nobody visits and whose number is empty, so that both writes are news.
fn take_contested(here: &mut Vec<Operator>) -> Step<Operator> {
    let at = here
        .iter()
        .position(|o| o.phone.is_empty() && o.kind == OperatorKind::Stall)
        .ok_or_else(|| Stopped("no stall without a telephone number".into()))?;
    Ok(here.swap_remove(at))
}

fn visit(
    index: usize,
    midnight: i64,
    here: &mut Vec<Operator>,
    random: &mut SplitMix,
) -> Step<Visit> {
    // Two teams walk in turn: each sets out at 06:00 and starts a visit every 27 minutes.
    let turn = i64::try_from(index / 2).map_err(|e| Stopped::at("turn", e))?;
    let start = midnight + 6 * 3_600_000 + turn * 27 * 60_000 + pick(random, 60) * 1_000;
    let team = match (index, index % 2) {
        (23, _) => Team::Spare,
        (_, 0) => Team::One,
        _ => Team::Two,
    };
    let whom = match index {
        4 => Whom::NewStall("龑记糖酥火烧（演示）".to_owned()),
        9 => Whom::NewStall("三槐炒花生（演示）".to_owned()),
        _ => Whom::Known(Box::new(
            here.pop()
                .ok_or_else(|| Stopped("too few operators at the market".into()))?,
        )),
    };
    let checklist = checklist_of(&whom)?;
    let not_applicable = choose(random, checklist, 4, |item| {
        item.severity == Severity::Minor
    });
    let failures = failures(index, checklist, random)
        .into_iter()
        .filter(|at| !not_applicable.contains(at))
        .collect();
    // 24 visits: 12 with two photos, 12 with three, and the very last one with one less, which the
    // amendment takes: 60 in all.
    let photos = 2 + index % 2 - usize::from(index == 23);
    Ok(Visit {
        team,
        whom,
        start,
        minutes: 12 + pick(random, 13),
        failures,
        not_applicable,
        photos,
        closing: if index == 7 {
            Closing::Refuses
        } else {
            Closing::Signs
        },
    })
}

/// The checklist for the visit.
pub fn checklist_of(whom: &Whom) -> Step<&'static Checklist> {
    let kind = match whom {
        Whom::Known(operator) => operator.kind,
        Whom::NewStall(_) => OperatorKind::Stall,
    };
    for_kind(kind).ok_or_else(|| Stopped("no checklist".into()))
}

/// Roughly as domain data says: 55 % clean, a third with 一般项 only, the rest with something heavy.
fn failures(index: usize, checklist: &Checklist, random: &mut SplitMix) -> Vec<usize> {
    match index % 9 {
        0 | 2 | 3 | 5 | 8 => Vec::new(),
        1 | 4 | 7 => choose(random, checklist, 2, |item| {
            item.severity == Severity::Minor
        }),
        _ => choose(random, checklist, 3, |item| {
            item.severity != Severity::Minor
        }),
    }
}

fn choose(
    random: &mut SplitMix,
    checklist: &Checklist,
    count: usize,
    fits: fn(&Item) -> bool,
) -> Vec<usize> {
    let mut all: Vec<usize> = checklist
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| fits(item))
        .map(|(at, _)| at)
        .collect();
    shuffle(&mut all, random);
    all.truncate(count);
    all.sort_unstable();
    all
}

/// The answer the script gives to the item at a position.
pub fn answer_at(visit: &Visit, at: usize) -> Answer {
    if visit.failures.contains(&at) {
        Answer::Fail
    } else if visit.not_applicable.contains(&at) {
        Answer::NotApplicable
    } else {
        Answer::Pass
    }
}

/// A number below `below`.
pub fn pick(random: &mut SplitMix, below: u64) -> i64 {
    i64::try_from(random.next_u64() % below.max(1)).unwrap_or(0)
}

fn shuffle<T>(items: &mut [T], random: &mut SplitMix) {
    for at in (1..items.len()).rev() {
        let other = usize::try_from(random.next_u64() % (at as u64 + 1)).unwrap_or(0);
        items.swap(at, other);
    }
}
