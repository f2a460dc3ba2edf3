//! A file of random bytes in a phone's queue, as signing leaves one.

use super::chance::Chance;
use crate::market::{Step, Stopped};
use std::path::Path;
use xunji_device::Device;
use xunji_device::keystore::{FileKeyStore, KeyStore as _};
use xunji_device::photos::folder::FileFolder;
use xunji_device::photos::sealed::{SEED, SealKey};
use xunji_device::photos::steps::unwatched;
use xunji_device::photos::take_over::{Bench, seal_derived};
use xunji_device::store::StoreError;
use xunji_device::store::local::files::{self, FileRow};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

/// Bytes without a pattern, as pictures are.
pub fn noise(chance: &mut Chance, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        bytes.extend_from_slice(&chance.word().to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Seals bytes and queues them as an original.
///
/// # Errors
/// Those of the phone's disk.
pub fn queue(phone: &Device, home: &Path, bytes: &[u8]) -> Step<Digest> {
    let doing = |e: &dyn std::fmt::Display| Stopped::at("queue a file", e);
    let folder = FileFolder::open(phone.folder()).map_err(|e| doing(&e))?;
    let key = FileKeyStore::at(home.join("key"))
        .load()
        .map_err(|e| doing(&e))?;
    let key = key.ok_or_else(|| Stopped("a phone without a key".to_owned()))?;
    let key = SealKey::derive(&key);
    let bench = Bench {
        folder: &folder,
        key: &key,
        watch: &unwatched,
    };
    let sha256 = Digest::of(bytes);
    let mut seed = [0; SEED];
    for (to, from) in seed.iter_mut().zip(sha256.0) {
        *to = from;
    }
    seal_derived(&bench, bytes, &seed).map_err(|e| doing(&e))?;
    let row = FileRow {
        sha256,
        kind: FileKind::Original,
        size: bytes.len() as u64,
        original: None,
        queued: true,
        upload: String::new(),
        offset_seen: 0,
        problem: String::new(),
    };
    let local = phone.local().map_err(|e| Stopped(e.sentence))?;
    local
        .write(|write| -> Result<(), StoreError> { files::put(write, &row) })
        .map_err(|e| doing(&e))?;
    Ok(sha256)
}
