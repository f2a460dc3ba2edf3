//! The server's feeds: positions without gaps, and the history hash walked anew.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

/// What is wrong with the feeds.
///
/// # Errors
/// When a table cannot be read.
pub fn flaws(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut heads = db.prepare("SELECT feed, pos, history_hash FROM feed_head")?;
    let heads: Vec<(String, i64, Vec<u8>)> = heads
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (feed, pos, hash) in heads {
        let (last, walked) = walk(db, &feed, &mut found)?;
        if last != pos || walked != hash {
            found.push(format!("流 {feed} 的头与条目不符"));
        }
    }
    states(db, &mut found)?;
    Ok(found)
}

/// Every record of a feed has its last state there, with the bytes whose digest was hashed, and no
/// feed lacks its head.
fn states(db: &Connection, found: &mut Vec<String>) -> rusqlite::Result<()> {
    let mut query = db.prepare(
        "SELECT e.feed, e.pos, e.digest, s.bytes, s.gone, h.pos FROM feed_entry e
         LEFT JOIN state s ON s.bureau = e.bureau AND s.feed = e.feed AND s.pos = e.pos
         LEFT JOIN feed_head h ON h.bureau = e.bureau AND h.feed = e.feed
         WHERE e.pos = (SELECT max(x.pos) FROM feed_entry x
                        WHERE x.bureau = e.bureau AND x.feed = e.feed AND x.id = e.id)",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (feed, pos): (String, i64) = (row.get(0)?, row.get(1)?);
        let (digest, bytes): (Vec<u8>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
        let (gone, head): (Option<bool>, Option<i64>) = (row.get(4)?, row.get(5)?);
        let same = gone == Some(true)
            || bytes.is_some_and(|bytes| Sha256::digest(&bytes).as_slice() == digest);
        if !same {
            found.push(format!("流 {feed} 第 {pos} 条的状态不在或字节不符"));
        }
        if head.is_none() {
            found.push(format!("流 {feed} 没有头"));
        }
    }
    Ok(())
}

fn walk(db: &Connection, feed: &str, found: &mut Vec<String>) -> rusqlite::Result<(i64, Vec<u8>)> {
    let mut entries = db.prepare(
        "SELECT pos, kind, id, rev, digest FROM feed_entry WHERE feed = ?1 ORDER BY pos",
    )?;
    let mut rows = entries.query([feed])?;
    let (mut last, mut hash) = (0_i64, vec![0_u8; 32]);
    while let Some(row) = rows.next()? {
        let (pos, kind, id): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (rev, digest): (i64, Vec<u8>) = (row.get(3)?, row.get(4)?);
        if pos != last + 1 {
            found.push(format!("流 {feed} 在 {pos} 处断号"));
        }
        hash = Sha256::new()
            .chain_update(b"xunji/feed/1")
            .chain_update(&hash)
            .chain_update(pos.to_be_bytes())
            .chain_update((kind.len() as u64).to_be_bytes())
            .chain_update(kind.as_bytes())
            .chain_update(&id)
            .chain_update(rev.to_be_bytes())
            .chain_update(&digest)
            .finalize()
            .to_vec();
        last = pos;
    }
    Ok((last, hash))
}
