//! Files: rows against receipts, and every stored byte against its digest.

use super::{Against, Found, Kind, VerifyError, each, never};
use crate::blobs::{Blobs as _, hash};
use crate::storage::columns::{count, digest, flag, id};
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};

/// Files between two lines about how far it has come.
const STRIDE: u64 = 1_000;

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Receipt,
        "of this file is not here",
        "SELECT lower(hex(f.sha256)) FROM file f
         LEFT JOIN file_receipt r ON r.bureau = f.bureau AND r.log = f.log AND r.sha256 = f.sha256
         WHERE f.bureau = ?1 AND r.sha256 IS NULL",
    ),
    (
        Kind::File,
        "is a derived picture of nothing, or an original made from another",
        "SELECT lower(hex(f.sha256)) FROM file f WHERE f.bureau = ?1
           AND length(f.original) <> (CASE WHEN f.kind IN ('thumbnail', 'copy') THEN 32 ELSE 0 END)",
    ),
    // What was given up again has no upload any more; phones give nothing up.
    (
        Kind::File,
        "is registered as something else than it was sent as",
        "SELECT lower(hex(f.sha256)) FROM file f WHERE f.bureau = ?1 AND NOT EXISTS
           (SELECT 1 FROM upload u WHERE u.bureau = f.bureau AND u.log = f.log AND u.sha256 = f.sha256
              AND u.kind = f.kind AND u.original = f.original)
           AND EXISTS (SELECT 1 FROM upload u WHERE u.bureau = f.bureau AND u.log = f.log AND u.sha256 = f.sha256)",
    ),
    (
        Kind::File,
        "was delivered by a log that is not here",
        "SELECT lower(hex(f.sha256)) FROM file f LEFT JOIN log l ON l.bureau = f.bureau AND l.log = f.log
         WHERE f.bureau = ?1 AND l.log IS NULL",
    ),
];

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    receipts(db, against, found)?;
    let bureau = against.keys.bureau;
    found.awaited = db.query_row(
        "SELECT count(DISTINCT p.sha256) FROM photo_ref p WHERE p.bureau = ?1 AND NOT EXISTS
           (SELECT 1 FROM file f WHERE f.bureau = p.bureau AND f.sha256 = unhex(p.sha256) AND f.kind = 'original')",
        params![bureau.as_bytes()],
        |row| count(row, 0),
    )?;
    never(db, found, bureau.as_bytes(), NEVER)
}

/// A receipt names log, digest and size, and the moment at which the first row was written.
fn receipts(db: &Connection, against: &Against<'_>, found: &mut Found) -> Result<(), StoreError> {
    each(
        db,
        found,
        (
            Kind::Receipt,
            "SELECT r.log, r.sha256, r.token, min(f.size), max(f.size), min(f.received_at), EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = r.bureau AND e.what = 'file' AND e.digest = r.sha256)
             FROM file_receipt r LEFT JOIN file f ON f.bureau = r.bureau AND f.log = r.log AND f.sha256 = r.sha256
             WHERE r.bureau = ?1 GROUP BY r.log, r.sha256",
        ),
        params![against.keys.bureau.as_bytes()],
        |row| {
            let sizes: (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
            let token: String = row.get(2)?;
            let row_of = (sizes, row.get::<_, Option<i64>>(5)?);
            Ok((id(row, 0)?, digest(row, 1)?, token, row_of, flag(row, 6)?))
        },
        |found, (log_id, file, token, (sizes, received_at), erased)| {
            let opened =
                SignedStatement(token).open::<Receipt>(&against.receipts, RECEIPT_CONTEXT);
            let Ok(Receipt::File { log, sha256, size, server_time, .. }) = opened else {
                found.flaw(Kind::Receipt, file.to_hex(), "is not signed by this server");
                return;
            };
            let size = i64::try_from(size).ok();
            let row = sizes == (size, size) && received_at == Some(server_time.0);
            // What was erased has no row any more; what was promised of it stays signed.
            let gone = erased && received_at.is_none();
            let same = log.0 == log_id && sha256 == file && (row || gone);
            found.must(
                same,
                Kind::File,
                || file.to_hex(),
                "its row is not here, or says other than its receipt",
            );
        },
    )
}

/// Reads every stored byte.
pub(super) fn check_bytes(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    say: &dyn Fn(&str, u64),
) -> Result<(), VerifyError> {
    let mut named: BTreeMap<Digest, Option<u64>> = BTreeMap::new();
    for (digest, size) in crate::storage::files::named(db, against.keys.bureau)? {
        named.insert(digest, size);
    }
    let erased = crate::storage::erased::gone(db, against.keys.bureau)?;
    // What lies there and is named by nobody was left by a kill: no flaw, as long as its name is right.
    for digest in against.blobs.stored()? {
        let gone = !erased.contains(&digest);
        let place = || digest.to_hex();
        found.must(
            gone,
            Kind::Blob,
            place,
            "was erased, and its bytes are here",
        );
        named.entry(digest).or_insert(None);
    }
    let mut n = 0;
    for (digest, size) in named {
        one(against, found, digest, size)?;
        n += 1;
        if n % STRIDE == 0 {
            say(Kind::Blob.words().0, n);
        }
    }
    say(Kind::Blob.words().0, n);
    Ok(())
}

fn one(
    against: &Against<'_>,
    found: &mut Found,
    digest: Digest,
    size: Option<u64>,
) -> Result<(), VerifyError> {
    found.looked_at += 1;
    let place = || digest.to_hex();
    let Some(len) = against.blobs.size(digest)? else {
        found.flaw(Kind::Blob, place(), "is not in the folder");
        return Ok(());
    };
    let same_length = size.is_none_or(|size| size == len);
    found.must(
        same_length,
        Kind::Blob,
        place,
        "has another length than its row says",
    );
    let bytes = against.blobs.open(digest)?;
    match bytes.map(hash).transpose() {
        Ok(Some(own)) => found.must(
            own == digest,
            Kind::Blob,
            place,
            "does not hash to its name",
        ),
        Ok(None) => found.flaw(Kind::Blob, place(), "is not in the folder"),
        Err(e) => found.flaw(Kind::Blob, place(), format!("cannot be read: {e}")),
    }
    found.bytes += len;
    Ok(())
}
