//! The separate checker: it knows neither interface of phone or server, opens every database and
//! every folder of bytes they left behind, and compares id sets, hashes and bytes.

pub mod blobs;
pub mod compare;
pub mod county;
pub mod feeds;
pub mod phone;
pub mod rows;

use std::collections::BTreeMap;

/// Why the audit itself could not be made (not: what it found).
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct AuditError {
    doing: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl AuditError {
    /// Wraps an error with what was being done.
    pub fn at(
        doing: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing: doing.into(),
            source: source.into(),
        }
    }
}

/// One change as a database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChange {
    /// Hash as the row says.
    pub hash: Vec<u8>,
    /// Log.
    pub log: Vec<u8>,
    /// Seq.
    pub seq: i64,
    /// Kind.
    pub kind: String,
    /// Envelope bytes.
    pub envelope: Vec<u8>,
    /// Body bytes; `None` when they are not there (yet).
    pub body: Option<Vec<u8>>,
    /// Its body was erased by a rule.
    pub erased: bool,
}

impl StoredChange {
    /// What is wrong with the row in itself: hash, digest of the body, seq inside the envelope.
    pub fn flaws(&self) -> Vec<String> {
        use sha2::{Digest as _, Sha256};
        let mut found = Vec::new();
        let name = format!("变更 {}/{}", hex::encode(&self.log), self.seq);
        let hash = Sha256::new()
            .chain_update(b"xunji/change/1")
            .chain_update(&self.envelope)
            .finalize();
        if hash.as_slice() != self.hash {
            found.push(format!("{name} 的哈希与信封不符"));
        }
        let Ok(envelope) = serde_json::from_slice::<serde_json::Value>(&self.envelope) else {
            found.push(format!("{name} 的信封无法解析"));
            return found;
        };
        if envelope["seq"].as_i64() != Some(self.seq) {
            found.push(format!("{name} 的序号与信封不符"));
        }
        match &self.body {
            None if self.erased => {}
            None => found.push(format!("{name} 没有正文")),
            Some(body)
                if envelope["body"].as_str()
                    != Some(hex::encode(Sha256::digest(body)).as_str()) =>
            {
                found.push(format!("{name} 的正文与摘要不符"));
            }
            Some(_) => {}
        }
        found
    }

    /// Hash of the change before, as the envelope names it.
    pub fn prev(&self) -> Option<Vec<u8>> {
        let envelope: serde_json::Value = serde_json::from_slice(&self.envelope).ok()?;
        hex::decode(envelope["prev"].as_str()?).ok()
    }
}

/// Changes that their phone declared lost: log and seq, and the hash each had.
pub type Holes = BTreeMap<(Vec<u8>, i64), Vec<u8>>;

/// Walks lines of changes sorted by (log, seq) and names every gap and every wrong `prev`. What was declared
/// lost is passed over by the hash it had.
pub fn chain_flaws(changes: &[StoredChange], holes: &Holes) -> Vec<String> {
    let mut found = Vec::new();
    let mut before: Option<(&Vec<u8>, i64, Vec<u8>)> = None;
    for change in changes {
        let name = format!("{}/{}", hex::encode(&change.log), change.seq);
        let (mut seq, mut hash) = match before.filter(|(log, ..)| **log == change.log) {
            Some((_, seq, hash)) => (seq, hash),
            None => (0, vec![0; 32]),
        };
        while seq + 1 < change.seq
            && let Some(lost) = holes.get(&(change.log.clone(), seq + 1))
        {
            (seq, hash) = (seq + 1, lost.clone());
        }
        if change.seq != seq + 1 {
            found.push(format!("{name} 处断号，应为 {}", seq + 1));
        }
        if change.prev().as_ref() != Some(&hash) {
            found.push(format!("{name} 与前一条接不上"));
        }
        before = Some((&change.log, change.seq, change.hash.clone()));
    }
    found
}

/// Reads declared losses from a table of (log, seq, hash).
pub(crate) fn holes(db: &rusqlite::Connection, table: &str) -> rusqlite::Result<Holes> {
    let mut query = db.prepare(&format!("SELECT log, seq, hash FROM {table}"))?;
    let rows = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}
