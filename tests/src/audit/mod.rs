//! The separate checker: it knows neither interface of phone or server, opens every database and
//! every folder of bytes they left behind, and compares id sets, hashes and bytes.

pub mod blobs;
pub mod compare;
pub mod county;
pub mod feeds;
pub mod phone;
pub mod rows;

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

/// Walks lines of changes sorted by (log, seq) and names every gap and every wrong `prev`.
pub fn chain_flaws(changes: &[StoredChange]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before: Option<&StoredChange> = None;
    for change in changes {
        let name = format!("{}/{}", hex::encode(&change.log), change.seq);
        let previous = before.filter(|b| b.log == change.log);
        let expected = previous.map_or(1, |b| b.seq + 1);
        if change.seq != expected {
            found.push(format!("{name} 处断号，应为 {expected}"));
        }
        let hash = previous.map_or_else(|| vec![0; 32], |b| b.hash.clone());
        if change.prev().as_ref() != Some(&hash) {
            found.push(format!("{name} 与前一条接不上"));
        }
        before = Some(change);
    }
    found
}
