//! Signatures over heads, and the receipts that were given for them: each holds, and none is missing.

use super::changes::{SAME_MOMENT_MS, Walked};
use super::logs::{Line, Signed};
use super::{Against, Found, Kind, each};
use crate::storage::columns::{count, digest, to_json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use std::collections::{HashMap, HashSet};
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::log::{HeadSignature, LogHead};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    signed: Signed<'_>,
) -> Result<(), StoreError> {
    let heads = signatures(db, against, found, signed)?;
    let receipts = receipts(db, against, found, signed)?;
    let (line, walked) = signed;
    covered(found, line, walked, &heads);
    if !line.of_device {
        return Ok(());
    }
    for link in walked.main.iter().filter(|link| heads.contains(&link.hash)) {
        found.must(
            receipts.contains_key(&link.seq),
            Kind::Receipt,
            || line.place(link.seq),
            "its receipt is not here",
        );
    }
    let beside = branch_receipts(db, against, found, signed)?;
    for (link, _) in walked.branches.iter() {
        found.must(
            beside.contains(&link.hash) || !heads.contains(&link.hash),
            Kind::Receipt,
            || line.place(link.seq),
            "the receipt of this branch is not here",
        );
    }
    for (seq, hash) in &receipts {
        found.must(
            heads.contains(hash),
            Kind::Head,
            || line.place(*seq),
            "has a receipt and no signature",
        );
    }
    Ok(())
}

fn signatures(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    (line, walked): Signed<'_>,
) -> Result<HashSet<Digest>, StoreError> {
    let mut heads = HashSet::new();
    each(
        db,
        found,
        (
            Kind::Head,
            "SELECT hash, seq, row FROM head_signature WHERE bureau = ?1 AND log = ?2 ORDER BY seq, hash",
        ),
        params![against.keys.bureau.as_bytes(), line.log.as_bytes()],
        |row| Ok((digest(row, 0)?, count(row, 1)?, row.get::<_, String>(2)?)),
        |found, (hash, seq, text)| {
            let place = || line.place(seq);
            let head = LogHead {
                log: line.log,
                seq,
                hash,
            };
            let holds = serde_json::from_str::<HeadSignature>(&text).is_ok_and(|signature| {
                signature.head == head
                    && to_json(&signature).is_ok_and(|own| own == text)
                    && line
                        .key
                        .as_ref()
                        .is_some_and(|key| signature.verify(key).is_ok())
            });
            found.must(
                holds,
                Kind::Head,
                place,
                "the log's key did not sign this head",
            );
            let known = walked.by_hash.get(&hash).is_some_and(|l| l.seq == seq);
            found.must(known, Kind::Head, place, "the change it signs is not here");
            heads.insert(hash);
        },
    )?;
    Ok(heads)
}

/// Seq and hash of every receipt of the log.
fn receipts(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    (line, walked): Signed<'_>,
) -> Result<HashMap<u64, Digest>, StoreError> {
    let mut given = HashMap::new();
    let main: HashMap<u64, _> = walked.main.iter().map(|link| (link.seq, link)).collect();
    each(
        db,
        found,
        (
            Kind::Receipt,
            "SELECT up_to_seq, token FROM receipt WHERE bureau = ?1 AND log = ?2 ORDER BY up_to_seq",
        ),
        params![against.keys.bureau.as_bytes(), line.log.as_bytes()],
        |row| Ok((count(row, 0)?, row.get::<_, String>(1)?)),
        |found, (seq, token)| {
            let place = || line.place(seq);
            let opened = SignedStatement(token).open::<Receipt>(&against.receipts, RECEIPT_CONTEXT);
            let Ok(Receipt::Log {
                log,
                up_to_seq,
                hash,
                server_time,
                ..
            }) = opened
            else {
                found.flaw(Kind::Receipt, place(), "is not signed by this server");
                return;
            };
            given.insert(seq, hash);
            let link = main.get(&seq).filter(|link| link.hash == hash);
            let same = log == line.log && up_to_seq == seq && link.is_some();
            found.must(
                same,
                Kind::Receipt,
                place,
                "the change it was given for is not here",
            );
            let apart = link.map_or(0, |link| server_time.0 - link.stored_at);
            found.must(
                (0..=SAME_MOMENT_MS).contains(&apart),
                Kind::Change,
                place,
                "was stored at another time than its receipt says",
            );
        },
    )?;
    Ok(given)
}

/// Hashes of the heads beside the main line for which a receipt was given.
fn branch_receipts(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    (line, walked): Signed<'_>,
) -> Result<HashSet<Digest>, StoreError> {
    let mut given = HashSet::new();
    each(
        db,
        found,
        (
            Kind::Receipt,
            "SELECT hash, up_to_seq, token FROM branch_receipt WHERE bureau = ?1 AND log = ?2 ORDER BY up_to_seq, hash",
        ),
        params![against.keys.bureau.as_bytes(), line.log.as_bytes()],
        |row| Ok((digest(row, 0)?, count(row, 1)?, row.get::<_, String>(2)?)),
        |found, (head, seq, token)| {
            let opened = SignedStatement(token).open::<Receipt>(&against.receipts, RECEIPT_CONTEXT);
            let holds = matches!(opened, Ok(Receipt::Log { log, up_to_seq, hash, .. })
                if log == line.log && up_to_seq == seq && hash == head);
            let here = walked
                .by_hash
                .get(&head)
                .is_some_and(|link| link.seq == seq);
            found.must(
                holds && here,
                Kind::Receipt,
                || line.place(seq),
                "is not the receipt of a branch that is here",
            );
            given.insert(head);
        },
    )?;
    Ok(given)
}

/// A signature carries all before it: the last change of every transaction has one, and the end of
/// every branch.
fn covered(found: &mut Found, line: &Line, walked: &Walked, heads: &HashSet<Digest>) {
    for (n, link) in walked.main.iter().enumerate() {
        let next = walked.main.get(n + 1);
        let inside = next.is_some_and(|next| next.stored_at == link.stored_at);
        found.must(
            inside || heads.contains(&link.hash),
            Kind::Head,
            || line.place(link.seq),
            "no signature of the log's key covers this head",
        );
    }
    for (link, _) in &walked.branches {
        let goes_on = walked.branches.iter().any(|(_, prev)| *prev == link.hash);
        found.must(
            goes_on || heads.contains(&link.hash),
            Kind::Head,
            || line.place(link.seq),
            "no signature of the log's key covers the end of this branch",
        );
    }
}
