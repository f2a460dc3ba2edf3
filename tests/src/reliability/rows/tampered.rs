//! Row 24: a real county's database and files, altered in one place after another; `verify` finds each and
//! doubts nothing that was left alone.

use crate::market::Step;
use crate::reliability::{Count, Plan, Row};
use crate::sim::chance::Chance;
use crate::tamper::county::County;
use crate::tamper::{database, files};
use rusqlite::Connection;

/// The row.
pub const ROW: Row = Row {
    key: "24",
    fault: "tampered: a value, a row, an envelope, a bit of the file, a stored photo",
    trials: 500,
    whole: 2_000,
    short: 64,
    run,
};

/// Sentences kept of what was missed.
const KEPT: usize = 40;

fn run(plan: &Plan) -> Step<Count> {
    let county = County::made(plan.seed)?;
    let mut count = Count::default();
    untouched(&county, "before", &mut count);
    let content = content(&county).unwrap_or_default();
    let mut seed = plan.seed;
    while count.trials < plan.trials {
        seed += 1;
        let mut chance = Chance::of(seed);
        let missed = match chance.below(10) {
            0 | 1 => in_files(&county, &mut chance)?,
            2 => raw(&county, &content, &mut chance)?,
            _ => in_rows(&county, &mut chance)?,
        };
        match missed {
            Tried::Nothing => continue,
            Tried::Found => {}
            Tried::Missed(what) => {
                count.lost += 1;
                if count.wrong.len() < KEPT {
                    count.wrong.push(format!("seed {seed}: not found: {what}"));
                }
            }
        }
        count.trials += 1;
    }
    untouched(&county, "after", &mut count);
    Ok(count)
}

enum Tried {
    /// The dice met nothing that can be altered, or altered what says nothing.
    Nothing,
    /// It was found.
    Found,
    /// It was not.
    Missed(String),
}

fn untouched(county: &County, when: &str, count: &mut Count) {
    match county.looked_at() {
        Ok(found) => {
            let doubts = found
                .flaws()
                .map(|(flaw, n)| format!("{when}: doubted {n}: {flaw}"));
            count.wrong.extend(doubts);
        }
        Err(sentence) => count.wrong.push(format!("{when}: {sentence}")),
    }
}

fn judged(county: &County, what: String) -> Tried {
    match county.looked_at() {
        Ok(found) if found.is_whole() => Tried::Missed(what),
        Ok(_) | Err(_) => Tried::Found,
    }
}

fn in_rows(county: &County, chance: &mut Chance) -> Step<Tried> {
    let tried = match database::alter(&county.database(), chance)? {
        Some(what) => judged(county, what),
        None => Tried::Nothing,
    };
    county.restore()?;
    Ok(tried)
}

fn in_files(county: &County, chance: &mut Chance) -> Step<Tried> {
    let altered = files::alter(&county.home.join("blobs"), chance)?;
    let name = altered.name();
    let tried = match county.looked_at() {
        Ok(found) if found.flaws().any(|(flaw, _)| flaw.place.contains(&name)) => Tried::Found,
        Ok(found) if found.is_whole() => Tried::Missed(altered.what.clone()),
        Ok(_) => Tried::Missed(format!("{}: another file is named", altered.what)),
        Err(sentence) => Tried::Missed(format!("{}: {sentence}", altered.what)),
    };
    altered.put_back()?;
    Ok(tried)
}

/// A bit of the file that no evidence lies in may be any.
fn raw(county: &County, before: &[String], chance: &mut Chance) -> Step<Tried> {
    let what = database::raw(&county.database(), county.pristine(), chance)?;
    let mut tried = judged(county, what);
    if let Tried::Missed(what) = tried {
        let now = content(county)?;
        let other = before.iter().zip(&now).find(|(then, now)| then != now);
        tried = match other {
            None => Tried::Nothing,
            Some((then, now)) => Tried::Missed(format!("{what}: {then} became {now}")),
        };
    }
    county.restore()?;
    Ok(tried)
}

fn content(county: &County) -> Step<Vec<String>> {
    let db = Connection::open(county.database())
        .map_err(|e| crate::market::Stopped::at("read the content", e))?;
    database::content(&db)
}
