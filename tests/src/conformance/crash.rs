//! A kill at every point of a commit.

use super::backend::Backend;
use super::feeds::{edit, register};
use super::sample::{self, sign, visit};
use super::wire::Wire;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::history_hash;
use xunji_protocol::kinds::INSPECTION_SIGNED;
use xunji_protocol::state::station_feed;
use xunji_protocol::verdict::Verdict;
use xunji_server::storage::{CommitPoint, changes, pages};

/// For each point: the request that dies there gets a problem, the next process answers the same
/// request as if nothing had been, and the rows are those of one single write.
pub fn every_point(backend: &Backend) {
    for (n, point) in (1_u8..).zip(CommitPoint::ALL) {
        let before = backend.server();
        let (mut phone, token) = backend.phone(&before, n);
        let stall = sample::stall(&backend.county, u128::from(n));
        let record = sign(visit(&backend.county, &stall, 20 + u128::from(n), &[]));
        let segment = [
            register(&mut phone, &stall),
            edit(&mut phone, &stall, "phone", "13800138000", "2"),
            phone.append(INSPECTION_SIGNED, &[record.content.id.0], &record),
        ];
        drop(before);
        let dying = backend.killed_at(point);
        let answer = dying.wire.push_bytes(&phone, &token, &segment);
        assert_eq!(
            Wire::problem(answer),
            (500, "internal".to_owned()),
            "{point:?}"
        );
        drop(dying);

        let server = backend.server();
        let lines = changes::counts(&server.app.store, server.app.bureau).unwrap();
        let stored = lines
            .iter()
            .find(|(log, _, _)| *log == phone.head.log)
            .map_or(0, |(_, main, _)| *main);
        assert_eq!(
            stored,
            if point == CommitPoint::Committed {
                3
            } else {
                0
            },
            "{point:?}: all or nothing"
        );
        let answer = server.wire.push(&phone, &token, &segment);
        assert!(
            answer
                .verdicts
                .iter()
                .all(|row| row.verdict == Verdict::Applied),
            "{point:?}"
        );
        assert!(answer.receipt.is_some(), "{point:?}");
        let feed = station_feed(sample::station(&backend.county));
        let history = pages::history(&server.app.store, server.app.bureau, feed).unwrap();
        let mut hash = Digest::ZERO;
        for (at, (entry, after)) in (1..).zip(&history) {
            assert_eq!(entry.pos, at, "{point:?}");
            hash = history_hash(
                hash,
                entry.pos,
                &entry.kind,
                entry.id,
                entry.rev,
                entry.digest,
            );
            assert_eq!(hash, *after, "{point:?}");
        }
        let records = history
            .iter()
            .filter(|(e, _)| e.id == record.content.id.0)
            .count();
        assert_eq!(records, 1, "{point:?}: once");
    }
}
