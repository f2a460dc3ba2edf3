//! What must hold when all links are up again and everything has settled.

use super::deeds::{Deeds, operators};
use super::image::call;
use super::world::World;
use crate::audit;
use crate::audit::compare::{Taken, TakenRecord, compare};
use crate::market::{Step, Stopped};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Acknowledged things that are not there.
    pub lost: u64,
    /// Things that are there twice.
    pub doubled: u64,
    /// Sentences; empty when nothing is wrong.
    pub wrong: Vec<String>,
}

impl Found {
    fn lost(&mut self, what: String) {
        self.lost += 1;
        self.wrong.push(what);
    }
}

/// Looks through the phones' own eyes: every phone shows every registered stall once and the same
/// everywhere, nothing is pending, every draft has every acknowledged answer.
///
/// # Errors
/// A phone does not read its own data.
pub fn on_phones(world: &World, deeds: &Deeds, found: &mut Found) -> Step<()> {
    let first = seen_by(world, 0)?;
    for phone in 1..world.phones() {
        let seen = seen_by(world, phone)?;
        let differs = first.iter().zip(&seen).find(|(a, b)| a != b);
        if seen != first {
            found.wrong.push(format!(
                "phone {phone} shows another register than phone 0: {} rows, {} rows, {differs:?}",
                seen.len(),
                first.len()
            ));
        }
    }
    shows_all(world, deeds, found)
}

/// Every phone shows every registered stall once, and every draft has every acknowledged answer.
///
/// # Errors
/// A phone does not read its own data.
pub fn shows_all(world: &World, deeds: &Deeds, found: &mut Found) -> Step<()> {
    for phone in 0..world.phones() {
        for (id, name) in &deeds.registered {
            let rows = operators(world, phone, name)?;
            let there = rows.iter().filter(|r| r["id"] == **id).count();
            match (rows.len(), there) {
                (1, 1) => {}
                (_, 0) => found.lost(format!("phone {phone} does not show {name}")),
                (more, _) => {
                    found.doubled += more as u64 - 1;
                    found
                        .wrong
                        .push(format!("phone {phone} shows {name} {more} times"));
                }
            }
        }
    }
    for (id, (phone, answers)) in &deeds.drafts {
        let draft = call(world.phone(*phone)?, json!({"cmd": "draft", "id": id}))?;
        for (item, answer) in answers {
            if draft["answers"][item]["answer"] != **answer {
                found.lost(format!("{item} of draft {id} was {answer}"));
            }
        }
    }
    Ok(())
}

/// The operators that everybody edits, as one phone shows them.
fn seen_by(world: &World, phone: usize) -> Step<Vec<Value>> {
    let mut seen = Vec::new();
    for row in operators(world, phone, "")? {
        let asked = json!({"cmd": "operator", "id": row["id"]});
        let shown = call(world.phone(phone)?, asked)?;
        seen.push(json!([
            shown["operator"],
            shown["conflicts"],
            shown["pending"]
        ]));
    }
    Ok(seen)
}

/// The separate checker on what lies on the disks.
///
/// # Errors
/// A folder does not open.
pub fn on_disks(server: &Path, phones: &[PathBuf], deeds: &Deeds, found: &mut Found) -> Step<()> {
    on_disks_without(server, phones, deeds, &BTreeSet::new(), found)
}

/// The same, where files of these names had left their phones and a backup that is too old lacks them.
///
/// # Errors
/// A folder does not open.
pub fn on_disks_without(
    server: &Path,
    phones: &[PathBuf],
    deeds: &Deeds,
    missing: &BTreeSet<String>,
    found: &mut Found,
) -> Step<()> {
    let county = audit::county::read(server).map_err(|e| Stopped::at("audit", e))?;
    let mut phones = phones
        .iter()
        .map(|home| audit::phone::read(home).map_err(|e| Stopped::at("audit", e)))
        .collect::<Step<Vec<_>>>()?;
    for phone in &mut phones {
        phone.left_files.retain(|sha, _| !missing.contains(sha));
    }
    let taken = Taken {
        photos: deeds.photos.clone(),
        again: Vec::new(),
        forked: deeds.forked,
        quarantined: deeds.quarantined,
        records: deeds
            .records
            .iter()
            .map(|(id, record_no)| TakenRecord {
                id: id.clone(),
                record_no: record_no.clone(),
            })
            .collect(),
    };
    let compared = compare(&taken, &phones, &county);
    found.lost += compared.lost;
    found.doubled += compared.doubled;
    found.wrong.extend(compared.wrong);
    found.wrong.extend(deeds.wrong.iter().cloned());
    for (_, number) in &deeds.written {
        let bytes = number.as_bytes();
        let holds = |body: &Vec<u8>| body.windows(bytes.len()).any(|w| w == bytes);
        let stored = county.changes.iter().chain(&county.beside);
        let mut bodies = stored.filter_map(|c| c.body.as_ref());
        if !bodies.any(holds) {
            found.lost(format!("the edit to {number} is not on the server"));
        }
    }
    Ok(())
}
