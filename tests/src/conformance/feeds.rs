//! Feeds and pages.

use super::backend::Backend;
use super::phone::Phone;
use super::sample;
use super::wire::Wire;
use serde_json::json;
use std::collections::BTreeMap;
use xunji_domain::operator::{FieldWrite, Operator};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::feed::{Cursor, history_hash};
use xunji_protocol::kinds::{OPERATOR_EDITED, OPERATOR_REGISTERED, OperatorEdited};
use xunji_protocol::state::station_feed;
use xunji_protocol::verdict::{Flag, Verdict};
use xunji_server::storage::pages;

pub fn register(phone: &mut Phone, operator: &Operator) -> Change {
    phone.append(OPERATOR_REGISTERED, &[operator.id.0], operator)
}

pub fn edit(phone: &mut Phone, operator: &Operator, field: &str, seen: &str, new: &str) -> Change {
    let writes = vec![FieldWrite {
        field: field.to_owned(),
        seen: json!(seen),
        new: json!(new),
    }];
    phone.append(
        OPERATOR_EDITED,
        &[operator.id.0],
        &OperatorEdited {
            operator: operator.id,
            writes,
        },
    )
}

/// Eight phones at once: each registers stalls of its own and all of them edit one shared stall.
pub fn eight_writers(backend: &Backend) {
    const ROUNDS: u128 = 6;
    let server = backend.server();
    let shared = sample::stall(&backend.county, 1);
    let (mut first, token) = backend.phone(&server, 1);
    let change = register(&mut first, &shared);
    server.wire.push(&first, &token, &[change]);
    let phones: Vec<(Phone, String)> = (11..19).map(|n| backend.phone(&server, n)).collect();
    std::thread::scope(|scope| {
        for (n, (mut phone, token)) in (1_u128..).zip(phones) {
            let (wire, county, shared) = (server.wire.clone(), &backend.county, &shared);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let stall = sample::stall(county, n * 100 + round);
                    let text = format!("{n}-{round}");
                    let changes = [
                        register(&mut phone, &stall),
                        edit(&mut phone, shared, "address", "?", &text),
                    ];
                    let answer = wire.push(&phone, &token, &changes);
                    assert!(
                        answer
                            .verdicts
                            .iter()
                            .all(|v| v.verdict == Verdict::Applied)
                    );
                    assert!(answer.receipt.is_some());
                }
            });
        }
    });
    let feed = station_feed(sample::station(&backend.county));
    let history = pages::history(&server.app.store, server.app.bureau, feed).unwrap();
    let (mut hash, mut revs) = (Digest::ZERO, BTreeMap::new());
    for (n, (entry, after)) in (1..).zip(&history) {
        assert_eq!(entry.pos, n, "positions are dense");
        hash = history_hash(
            hash,
            entry.pos,
            &entry.kind,
            entry.id,
            entry.rev,
            entry.digest,
        );
        assert_eq!(hash, *after, "each hash covers all before");
        let before = revs
            .insert((entry.kind.clone(), entry.id), entry.rev)
            .unwrap_or(0);
        assert_eq!(entry.rev, before + 1, "no inversion within a record");
    }
    let edits = 8 * u64::try_from(ROUNDS).unwrap();
    assert_eq!(
        revs.get(&("operator".to_owned(), shared.id.0)),
        Some(&(1 + edits)),
        "no write was lost"
    );
}

/// So many edit one record at once that chance alone would refuse some of them again and again.
pub fn a_crowd_at_one_record(backend: &Backend) {
    const CROWD: u8 = 24;
    let server = backend.server();
    let shared = sample::stall(&backend.county, 1);
    let (mut first, token) = backend.phone(&server, 1);
    let change = register(&mut first, &shared);
    server.wire.push(&first, &token, &[change]);
    let phones: Vec<(Phone, String)> = (11..11 + CROWD)
        .map(|n| backend.phone(&server, n))
        .collect();
    std::thread::scope(|scope| {
        for (n, (mut phone, token)) in (1..).zip(phones) {
            let (wire, shared) = (server.wire.clone(), &shared);
            scope.spawn(move || {
                for round in 0..4 {
                    let text = format!("{n}-{round}");
                    let change = edit(&mut phone, shared, "address", "?", &text);
                    let answer = wire.push(&phone, &token, &[change]);
                    assert_eq!(answer.verdicts[0].verdict, Verdict::Applied);
                }
            });
        }
    });
}

pub fn writes_during_paging(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stalls: Vec<Operator> = (1..=12)
        .map(|n| sample::stall(&backend.county, n))
        .collect();
    let changes: Vec<Change> = stalls
        .iter()
        .map(|stall| register(&mut phone, stall))
        .collect();
    server.wire.push(&phone, &token, &changes);

    let mut page = server.wire.page(&token, "", 900);
    assert!(page.end.more, "the first page does not hold everything");
    let mut seen: BTreeMap<uuid::Uuid, (u64, Vec<u8>)> = BTreeMap::new();
    let mut pages = 0;
    loop {
        for (entry, state) in &page.entries {
            let known = seen.entry(entry.id).or_insert((0, Vec::new()));
            assert!(
                entry.rev > known.0,
                "a record never comes older than before"
            );
            *known = (entry.rev, state.clone().unwrap_or_default());
        }
        if !page.end.more {
            break;
        }
        // Between the pages somebody writes: one that was sent, one that was not.
        pages += 1;
        if pages < 10 {
            let (a, b) = (&stalls[0], &stalls[11]);
            let writes = [
                edit(&mut phone, a, "address", "?", &format!("改{pages}")),
                edit(&mut phone, b, "address", "?", &format!("第{pages}次")),
            ];
            server.wire.push(&phone, &token, &writes);
        }
        page = server.wire.page(&token, &page.end.cursor, 900);
    }
    // The next pull brings what lay beyond the snapshot.
    for (entry, state) in server.wire.page(&token, &page.end.cursor, 1 << 20).entries {
        seen.insert(entry.id, (entry.rev, state.unwrap_or_default()));
    }
    for (entry, state) in server.wire.pull_all(&token) {
        assert_eq!(
            seen.get(&entry.id),
            Some(&(entry.rev, state.unwrap_or_default())),
            "equal to a fresh filling"
        );
    }
}

pub fn another_history(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let change = register(&mut phone, &sample::stall(&backend.county, 1));
    server.wire.push(&phone, &token, &[change]);
    let page = server.wire.page(&token, "", 1 << 20);
    let honest = Cursor::decode(&page.end.cursor).unwrap();
    let feed = station_feed(sample::station(&backend.county));
    let spoilt = |spoil: &dyn Fn(&mut xunji_protocol::feed::FeedHead)| {
        let mut cursor = honest.clone();
        spoil(cursor.feeds.iter_mut().find(|h| h.feed == feed).unwrap());
        let request = json!({"cursor": cursor.encode().unwrap(), "max_bytes": 4096});
        Wire::problem(
            server
                .wire
                .json("/api/v1/sync/pull", Some(&token), &request),
        )
    };
    let refused = (409, "cursor_history".to_owned());
    assert_eq!(spoilt(&|head| head.history_hash.0[0] ^= 1), refused);
    assert_eq!(spoilt(&|head| head.pos += 1), refused);
    assert_eq!(spoilt(&|head| head.epoch = 2), refused);
    let garbled = json!({"cursor": "!", "max_bytes": 4096});
    let answer = server
        .wire
        .json("/api/v1/sync/pull", Some(&token), &garbled);
    assert_eq!(Wire::problem(answer), (400, "bad_request".to_owned()));
}

/// A phone reads the bureau's feed, its station's and its own logs'. What it writes elsewhere is
/// taken, flagged, and not shown to it.
pub fn scope(backend: &Backend) {
    let server = backend.server();
    let (mut near, near_token) = backend.phone(&server, 1);
    let (_, far_token) = backend.phone_of(&server, 2, "杏埠所", "检查员乙");
    let mut stall = sample::stall(&backend.county, 1);
    stall.station = backend.county.station("杏埠所").unwrap().id;
    let change = register(&mut near, &stall);
    let answer = server.wire.push(&near, &near_token, &[change]);
    assert_eq!(answer.verdicts[0].verdict, Verdict::Applied);
    assert_eq!(answer.verdicts[0].flags, [Flag::OutOfScope]);
    let sees = |token: &str| {
        server
            .wire
            .pull_all(token)
            .iter()
            .any(|(entry, _)| entry.id == stall.id.0)
    };
    assert!(sees(&far_token));
    assert!(!sees(&near_token));
    let roster = |token: &str| {
        let all = server.wire.pull_all(token);
        let people = all
            .iter()
            .filter(|(entry, _)| entry.kind == "person")
            .map(|(e, _)| e.id);
        people.collect::<Vec<_>>()
    };
    let inspector = sample::person(&backend.county, "检查员甲").id.0;
    assert!(roster(&near_token).contains(&inspector));
    assert!(!roster(&far_token).contains(&inspector));
}
