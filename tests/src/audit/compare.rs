//! What the phones hold against what the server holds.

use super::county::County;
use super::phone::Phone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the day itself says it made, `taken.json`.
#[derive(Debug, Default, Deserialize)]
pub struct Taken {
    /// SHA-256 of every photo the camera wrote.
    pub photos: Vec<String>,
    /// SHA-256 of those that were shown a second time on purpose, once for each time.
    #[serde(default)]
    pub again: Vec<String>,
    /// Records that were locked.
    pub records: Vec<TakenRecord>,
    /// A phone was copied or put back: its line may have been continued in two places.
    #[serde(default)]
    pub forked: bool,
    /// Changes that wait for a person, as they should.
    #[serde(default)]
    pub quarantined: u64,
}

/// One locked record.
#[derive(Debug, Deserialize)]
pub struct TakenRecord {
    /// Inspection id.
    pub id: String,
    /// Record number.
    pub record_no: String,
}

/// The result.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    /// Locked records that are on the server under their id and number.
    pub synced: u64,
    /// Acknowledged things that are not there.
    pub lost: u64,
    /// Things that are there twice.
    pub doubled: u64,
    /// Photos whose original is on the server with the same SHA-256.
    pub photos_received: u64,
    /// Records that ended as 已通过.
    pub approved: u64,
    /// Reviews that sent items back.
    pub returned: u64,
    /// Amendments.
    pub amended: u64,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// Bytes of every file and change that had to cross once.
    pub payload_bytes: u64,
    /// Sentences; empty when nothing is wrong.
    pub wrong: Vec<String>,
}

/// Compares everything.
pub fn compare(taken: &Taken, phones: &[Phone], county: &County) -> Found {
    let mut found = Found {
        returned: county.returned,
        amended: county.amended,
        conflicts: county.conflicts,
        approved: county
            .inspections
            .values()
            .filter(|(_, state)| state == "approved")
            .count() as u64,
        wrong: county.wrong.clone(),
        ..Found::default()
    };
    if !county.beside.is_empty() && !taken.forked {
        found
            .wrong
            .push(format!("服务器上有 {} 条分叉变更", county.beside.len()));
    }
    if county.unapplied != taken.quarantined {
        let (stand, due) = (county.unapplied, taken.quarantined);
        found
            .wrong
            .push(format!("服务器上有 {stand} 条变更没有入账，应为 {due} 条"));
    }
    records(taken, county, &mut found);
    photos(taken, county, &mut found);
    let mut logs = BTreeSet::new();
    for phone in phones {
        found
            .wrong
            .extend(phone.wrong.iter().map(|w| format!("{}：{w}", phone.name)));
        changes(phone, county, &mut found);
        receipts(phone, county, &mut found);
        files(phone, county, &mut found);
        logs.extend(phone.changes.iter().map(|c| c.log.clone()));
    }
    // A phone that was put back has forgotten some of its own: there only what it still has is compared.
    if !taken.forked {
        let on_phones: BTreeSet<_> = phones
            .iter()
            .flat_map(|p| {
                let here = p.changes.iter().map(|c| &c.hash);
                here.chain(p.left.values()).chain(p.declared.values())
            })
            .collect();
        let on_server = county.changes.iter().filter(|c| logs.contains(&c.log));
        for change in on_server.filter(|c| !on_phones.contains(&&c.hash)) {
            found.doubled += 1;
            found.wrong.push(format!(
                "{} 第 {} 条（{}）在服务器上，手机没有写过",
                hex::encode(&change.log),
                change.seq,
                change.kind
            ));
        }
    }
    found
}

fn records(taken: &Taken, county: &County, found: &mut Found) {
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    for (number, _) in county.inspections.values() {
        *numbers.entry(number).or_default() += 1;
    }
    for record in &taken.records {
        match county.inspections.get(&record.id) {
            Some((number, _)) if *number == record.record_no => found.synced += 1,
            Some((number, _)) => found
                .wrong
                .push(format!("{} 在服务器上的编号是 {number}", record.record_no)),
            None => {
                found.lost += 1;
                found
                    .wrong
                    .push(format!("记录 {} 不在服务器上", record.record_no));
            }
        }
    }
    for (number, times) in numbers {
        if times > 1 {
            found.doubled += times - 1;
            found.wrong.push(format!("记录 {number} 有 {times} 份"));
        }
    }
}

fn photos(taken: &Taken, county: &County, found: &mut Found) {
    let named: BTreeSet<&String> = county.named.iter().collect();
    for sha in &taken.photos {
        match county.blobs.get(sha) {
            Some((hash, _)) if hash == sha => found.photos_received += 1,
            _ if county.erased.contains(sha) => continue,
            _ => {
                found.lost += 1;
                found
                    .wrong
                    .push(format!("原片 {sha} 不在服务器上或内容不符"));
            }
        }
        if !named.contains(sha) {
            found.wrong.push(format!("原片 {sha} 没有被任何记录引用"));
        }
    }
    let twice = county.named.len() - named.len();
    if twice != taken.again.len() {
        found.wrong.push(format!(
            "同一张原片被再次引用 {twice} 次，应为 {} 次",
            taken.again.len()
        ));
        found.doubled += twice.saturating_sub(taken.again.len()) as u64;
    }
}

fn changes(phone: &Phone, county: &County, found: &mut Found) {
    let server: BTreeMap<_, _> = county
        .changes
        .iter()
        .chain(&county.beside)
        .map(|c| (&c.hash, c))
        .collect();
    for (place, hash) in &phone.declared {
        // What the server held before it was spoilt on the phone needs no hole.
        if county.declared.get(place) != Some(hash) && !server.contains_key(hash) {
            found.wrong.push(format!(
                "{} 第 {} 条受损，没有向服务器申报",
                phone.name, place.1
            ));
        }
    }
    for change in &phone.changes {
        let name = format!("{} 的变更 {}（{}）", phone.name, change.seq, change.kind);
        found.payload_bytes +=
            (change.envelope.len() + change.body.as_ref().map_or(0, Vec::len)) as u64;
        match server.get(&change.hash) {
            None => {
                found.lost += 1;
                found.wrong.push(format!("{name} 不在服务器上"));
            }
            // Envelope and hash stay; what stands in the body is nobody's any more.
            Some(there) if there.erased && there.envelope == change.envelope => {}
            Some(there) if there.envelope != change.envelope || there.body != change.body => {
                found.lost += 1;
                found.wrong.push(format!("{name} 在服务器上字节不同"));
            }
            Some(_) => {}
        }
    }
    for (place, hash) in &phone.left {
        if !server.contains_key(hash) && county.declared.get(place) != Some(hash) {
            found.lost += 1;
            found.wrong.push(format!(
                "{} 第 {} 条已移出手机，服务器上却没有",
                phone.name, place.1
            ));
        }
    }
    let last: BTreeMap<_, _> = phone.changes.iter().map(|c| (&c.log, c.seq)).collect();
    for (log, seq) in last {
        let log = uuid::Uuid::from_slice(log)
            .map(|u| u.to_string())
            .unwrap_or_default();
        if !phone.receipts.contains_key(&format!("log:{log}:{seq:020}")) {
            found
                .wrong
                .push(format!("{} 没有第 {seq} 条的收据", phone.name));
        }
    }
}

/// What a phone was promised, the server still says with the same words.
fn receipts(phone: &Phone, county: &County, found: &mut Found) {
    for (subject, token) in &phone.receipts {
        let given = county.receipts.get(subject);
        if !given.is_some_and(|tokens| tokens.contains(token)) {
            found.wrong.push(format!(
                "{} 的收据 {subject} 在服务器上不在或不同",
                phone.name
            ));
        }
    }
}

fn files(phone: &Phone, county: &County, found: &mut Found) {
    for (sha, (kind, size)) in &phone.left_files {
        found.payload_bytes += size.unsigned_abs();
        if county.blobs.get(sha).is_none_or(|(hash, _)| hash != sha) {
            found.lost += 1;
            found.wrong.push(format!(
                "{} 的 {kind} {sha} 已移出手机，服务器上却没有",
                phone.name
            ));
        }
    }
    for (sha, (kind, size)) in &phone.files {
        found.payload_bytes += size.unsigned_abs();
        let receipted = phone.receipts.contains_key(&format!("file:{sha}"));
        let there = county
            .blobs
            .get(sha)
            .is_some_and(|(hash, bytes)| hash == sha && *bytes == size.unsigned_abs());
        if county.erased.contains(sha) {
            continue;
        }
        if receipted && !there {
            found.lost += 1;
            found.wrong.push(format!(
                "{} 有 {kind} {sha} 的收据，服务器上却没有",
                phone.name
            ));
        }
        if !receipted {
            found
                .wrong
                .push(format!("{} 的 {kind} {sha} 没有收据", phone.name));
        }
    }
}
