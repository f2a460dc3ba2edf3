//! What lies on a phone and on no server: drafts with their answers and photos, amendments under way, and the
//! changes that are not sent. Taken when a set is frozen and again after every upgrade; the two must be equal.

use crate::market::{Step, Stopped};
use crate::sim::deeds::list;
use crate::sim::image::call;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use xunji_device::Device;

/// One phone's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Drafts by id.
    pub drafts: BTreeMap<String, Value>,
    /// Amendments by id.
    pub amendments: BTreeMap<String, Value>,
    /// Hashes of every change of this phone, and whether it has the server's word on it.
    pub changes: BTreeMap<String, bool>,
}

impl Kept {
    /// How many changes are not sent.
    pub fn unsent(&self) -> usize {
        self.changes.values().filter(|answered| !**answered).count()
    }

    /// What this phone no longer has of what it had, in sentences.
    pub fn missing(&self, now: &Self) -> Vec<String> {
        let mut missing = Vec::new();
        for (was, is) in [
            (&self.drafts, &now.drafts),
            (&self.amendments, &now.amendments),
        ] {
            for (id, had) in was {
                match is.get(id) {
                    Some(has) if has == had => {}
                    has => missing.push(format!("{id} was {had}, is {has:?}")),
                }
            }
        }
        let gone = |hash: &&String| !now.changes.contains_key(*hash);
        let changes = self.changes.keys().filter(gone);
        missing.extend(changes.map(|hash| format!("change {hash} is not there")));
        missing
    }
}

/// Looks at an open phone through its commands, and at its changes in its file.
///
/// # Errors
/// The phone does not show what it has.
pub fn of(device: &Device, like: &Kept) -> Step<Kept> {
    let mut kept = Kept {
        changes: changes(device.folder())?,
        ..Kept::default()
    };
    for id in like.drafts.keys() {
        kept.drafts.insert(id.clone(), draft(device, id)?);
    }
    for id in like.amendments.keys() {
        kept.amendments.insert(id.clone(), amendment(device, id)?);
    }
    Ok(kept)
}

/// Every word and picture of a draft; nothing of how a face shows them.
fn draft(device: &Device, id: &str) -> Step<Value> {
    let draft = call(device, json!({"cmd": "draft", "id": id}))?;
    Ok(json!({
        "record_no": draft["record_no"],
        "answers": draft["answers"],
        "findings": draft["findings"],
        "notice_given": draft["notice_given"],
        "photos": photos(&draft),
    }))
}

fn amendment(device: &Device, id: &str) -> Step<Value> {
    let shown = call(device, json!({"cmd": "amendment", "id": id}))?;
    Ok(json!({
        "record_no": shown["record_no"],
        "reason": shown["reason"],
        "items": shown["items"],
        "photos": photos(&shown),
    }))
}

fn photos(shown: &Value) -> Vec<Value> {
    let photos = list(&shown["photos"]).iter();
    photos
        .map(|p| json!([p["id"], p["sha256"], p["purpose"]]))
        .collect()
}

fn changes(home: &Path) -> Step<BTreeMap<String, bool>> {
    let doing = |e: rusqlite::Error| Stopped::at("changes", e);
    let db = opened(home, "local.db")?;
    let mut query = db
        .prepare(
            "SELECT hex(c.hash), v.hash IS NOT NULL FROM change c LEFT JOIN verdict v ON v.hash = c.hash",
        )
        .map_err(doing)?;
    let rows = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(doing)?;
    rows.collect::<Result<_, _>>().map_err(doing)
}

/// One of a phone's two databases, with its key.
///
/// # Errors
/// It does not open.
pub fn opened(home: &Path, name: &str) -> Step<Connection> {
    let key = std::fs::read(home.join("key")).map_err(|e| Stopped::at("key", e))?;
    let doing = |e: rusqlite::Error| Stopped::at(name, e);
    let db = Connection::open(home.join(name)).map_err(doing)?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))
        .map_err(doing)?;
    Ok(db)
}
