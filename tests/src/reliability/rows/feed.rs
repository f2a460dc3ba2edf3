//! Row 11: eight writers commit at once; the feed is dense, in commit order, and ends on the last
//! revision of every record.

use crate::conformance::backend::Backend;
use crate::conformance::feeds::{edit, register};
use crate::conformance::phone::Phone;
use crate::conformance::sample;
use crate::conformance::wire::Wire;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use std::collections::BTreeMap;
use xunji_domain::operator::Operator;
use xunji_protocol::state::station_feed;
use xunji_protocol::verdict::Verdict;
use xunji_server::storage::pages;

/// The row.
pub const ROW: Row = Row {
    key: "11",
    fault: "feed under 8 writers at once, SQLite",
    trials: 20_000,
    whole: 100_000,
    short: 2_400,
    run,
};

const WRITERS: u64 = 8;
/// Commits of a writer on one token, which lives a quarter of an hour.
const ON_A_TOKEN: u64 = 500;

/// A trial is a commit.
fn run(plan: &Plan) -> Step<Count> {
    // What commits leave in the system's memory is enough here: no power is cut.
    let backend = Backend::memory_folder();
    let server = backend.server();
    let shared = sample::stall(&backend.county, 1);
    let (mut first, token) = backend.phone(&server, 1);
    let change = register(&mut first, &shared);
    server.wire.push(&first, &token, &[change]);
    let rounds = plan.trials.div_ceil(WRITERS);
    let phones: Vec<Phone> = (11..19).map(|n| backend.phone(&server, n).0).collect();
    let applied: u64 = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..)
            .zip(phones)
            .map(|(n, phone)| {
                let (wire, shared) = (server.wire.clone(), &shared);
                scope.spawn(move || write(&wire, phone, shared, (n, rounds)))
            })
            .collect();
        writers.into_iter().filter_map(|w| w.join().ok()).sum()
    });
    let feed = station_feed(sample::station(&backend.county));
    let history = pages::history(&server.app.store, server.app.bureau, feed)
        .map_err(|e| Stopped::at("history", e))?;
    let mut count = Count {
        trials: rounds * WRITERS,
        ..Count::default()
    };
    count.lost += count.trials.saturating_sub(applied);
    let mut revs = BTreeMap::new();
    for (n, (entry, _)) in (1..).zip(&history) {
        if entry.pos != n {
            count
                .wrong
                .push(format!("position {} stands where {n} should", entry.pos));
        }
        let before = revs.insert(entry.id, entry.rev).unwrap_or(0);
        if entry.rev != before + 1 {
            count
                .wrong
                .push(format!("revision {} follows {before}", entry.rev));
        }
    }
    let last = revs.get(&shared.id.0).copied().unwrap_or(0);
    count.lost += (1 + count.trials).saturating_sub(last);
    count.doubled += last.saturating_sub(1 + count.trials);
    let positions = history.len();
    count.figures.push(format!(
        "{positions} positions of {WRITERS} writers, dense and in the order of their commits"
    ));
    Ok(count)
}

/// One writer's commits, each of a value that nobody else writes; gives how many were applied.
fn write(wire: &Wire, mut phone: Phone, shared: &Operator, (writer, rounds): (u64, u64)) -> u64 {
    let (mut applied, mut token) = (0, String::new());
    for round in 0..rounds {
        if round.is_multiple_of(ON_A_TOKEN) {
            token = wire.token(&phone);
        }
        let change = edit(
            &mut phone,
            shared,
            "address",
            "?",
            &format!("{writer}-{round}"),
        );
        let answer = wire.push(&phone, &token, &[change]);
        let taken = answer
            .verdicts
            .iter()
            .filter(|v| v.verdict == Verdict::Applied);
        applied += taken.count() as u64;
    }
    applied
}
