//! Row R33: phones are newer than the server: it does not know a kind of change, or only an older version of its
//! body. It keeps and receipts them, nothing waits behind them, the phone says what it waits for; after the
//! server's upgrade they are decided, once.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, call};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;
use rusqlite::Connection;
use serde_json::json;
use xunji_protocol::kinds::{
    INSPECTION_SIGNED, Newest, OPERATOR_EDITED, OPERATOR_REGISTERED, newest_version,
};

/// The row.
pub const ROW: Row = Row {
    key: "R33",
    fault: "changes of a newer program than the server's, then its upgrade",
    trials: 100,
    whole: 300,
    short: 12,
    run: |plan| trials::each(plan, one),
};

/// Deeds of each phone, before and after a look at what stands.
const DEEDS: usize = 5;

/// What servers of different age do not read.
const OLD: [(&str, Newest); 4] = [
    (OPERATOR_REGISTERED, |kind| {
        newest_version(kind).filter(|_| kind != OPERATOR_REGISTERED)
    }),
    (OPERATOR_EDITED, |kind| {
        newest_version(kind).map(|n| if kind == OPERATOR_EDITED { n - 1 } else { n })
    }),
    (INSPECTION_SIGNED, |kind| {
        newest_version(kind).filter(|_| kind != INSPECTION_SIGNED)
    }),
    ("", |_| None),
];

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    let at = usize::try_from(seed).unwrap_or(0) % OLD.len();
    let (kind, newest) = OLD.get(at).copied().unwrap_or(("", newest_version));
    world.newest = newest;
    world.restart_server()?;
    for _ in 0..2 {
        some(&mut world, &mut deeds)?;
        // All of it is received: a phone that waited for a verdict would not come to its end.
        settle(&mut world)?;
        stands(&world, kind, &mut found)?;
    }
    world.newest = newest_version;
    world.restart_server()?;
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    for phone in 0..world.phones() {
        let state = call(world.phone(phone)?, json!({"cmd": "sync_state"}))?;
        if state["quarantined"] != json!([]) {
            let said = format!("phone {phone} still waits for {}", state["quarantined"]);
            found.wrong.push(said);
        }
    }
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    found.wrong.extend(super::disks::verified(&server));
    Ok(found)
}

fn some(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    for phone in 0..world.phones() {
        for _ in 0..DEEDS {
            deeds.one(world, phone)?;
            burst(world, phone)?;
        }
        // Of every kind at least one.
        deeds.register(world, phone)?;
        deeds.visit(world, phone)?;
    }
    Ok(())
}

/// What the server does not know waits for its upgrade, or for what waits for it; all else is applied, also
/// where it stands behind. What a person wrote he still sees.
fn stands(world: &World, kind: &str, found: &mut Found) -> Step<()> {
    let doing = |e: rusqlite::Error| Stopped::at("held", e);
    let db = Connection::open(world.server_home().join("county.db")).map_err(doing)?;
    let mut query = db
        .prepare(
            "SELECT c.kind, v.verdict, coalesce(v.cause, ''), count(*) FROM change c
             JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log WHERE l.owner = 'device' GROUP BY 1, 2, 3",
        )
        .map_err(doing)?;
    let rows = query
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .map_err(doing)?;
    let rows: Vec<(String, String, String, i64)> = rows.collect::<Result<_, _>>().map_err(doing)?;
    let unknown = |of: &str| kind.is_empty() || kind == of;
    if !rows.iter().any(|(_, verdict, ..)| verdict == "held") {
        found.wrong.push("nothing was too new".to_owned());
    }
    for (of, verdict, cause, n) in &rows {
        let due = match (verdict.as_str(), cause.as_str()) {
            ("held", "too_new") => unknown(of),
            // An edit of an entry that the server does not read yet.
            ("held", "record_missing") => kind == OPERATOR_REGISTERED && of == OPERATOR_EDITED,
            ("applied", _) => !unknown(of),
            _ => false,
        };
        if !due {
            found.lost += n.unsigned_abs();
            found
                .wrong
                .push(format!("{n} × {of} are {verdict} {cause}"));
        }
    }
    Ok(())
}
