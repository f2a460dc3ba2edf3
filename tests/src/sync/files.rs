//! Files over a line that is cut at any byte.

use super::*;
use sha2::{Digest as _, Sha256};
use xunji_device::photos::folder::FileFolder;
use xunji_device::photos::sealed::{SEED, SealKey};
use xunji_device::photos::steps::unwatched;
use xunji_device::photos::take_over::{Bench, seal_derived};
use xunji_device::runner::sync_state;
use xunji_device::store::StoreError;
use xunji_device::store::local::files::{self, FileRow};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

/// Bytes that are all different, as pictures are.
fn noise(seed: u8, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 32);
    let mut block = Sha256::digest([seed]);
    while bytes.len() < len {
        bytes.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    bytes.truncate(len);
    bytes
}

/// Seals bytes and queues them, as signing does with a photo's files.
fn queue(
    county: &County,
    name: &str,
    phone: &Device,
    kind: FileKind,
    bytes: &[u8],
    original: Option<Digest>,
) -> Digest {
    let folder = FileFolder::open(phone.folder()).unwrap();
    let key = SealKey::derive(&county.key_of(name));
    let bench = Bench {
        folder: &folder,
        key: &key,
        watch: &unwatched,
    };
    let sha256 = Digest::of(bytes);
    let mut seed = [0; SEED];
    seed[..32].copy_from_slice(&sha256.0);
    seal_derived(&bench, bytes, &seed).unwrap();
    let row = FileRow {
        sha256,
        kind,
        size: bytes.len() as u64,
        original,
        queued: true,
        upload: String::new(),
        offset_seen: 0,
        problem: String::new(),
    };
    phone
        .local()
        .unwrap()
        .write(|write| -> Result<(), StoreError> { files::put(write, &row) })
        .unwrap();
    sha256
}

fn on_server(county: &County, sha256: Digest) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    county
        .app
        .blobs
        .open(sha256)
        .unwrap()
        .expect("stored")
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

#[test]
fn every_file_arrives_whole_over_a_line_that_is_cut_at_any_byte() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let mut sent = Vec::new();
    for number in 0..3 {
        let (whole, copy, thumbnail) = (
            noise(number, 700_001),
            noise(number + 50, 90_000),
            noise(number + 99, 9_000),
        );
        let original = queue(&county, "a", &phone, FileKind::Original, &whole, None);
        queue(&county, "a", &phone, FileKind::Copy, &copy, Some(original));
        queue(
            &county,
            "a",
            &phone,
            FileKind::Thumbnail,
            &thumbnail,
            Some(original),
        );
        sent.extend([whole, copy, thumbnail]);
    }
    line.rough(42, 4);
    phone.sync().sync_now(true);
    reach(&phone, Goal::All);
    for bytes in &sent {
        assert_eq!(&on_server(&county, Digest::of(bytes)), bytes);
    }
    let state = sync_state(&phone).unwrap();
    assert!(state.all_received, "{state:?}");
    assert_eq!(
        (state.photos.received, state.lanes.thumbnails.received),
        (3, 3)
    );
}

#[test]
fn an_upload_goes_on_at_its_offset_when_both_sides_were_restarted() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    let bytes = noise(5, 2_000_000);
    queue(&county, "a", &phone, FileKind::Original, &bytes, None);
    phone.sync().sync_now(true);
    // Creation and a few requests pass, then both are gone.
    line.down_after("PATCH", 3);
    let sent = run_until(&phone, Goal::All, 1_500).unwrap().traffic.sent;
    drop(phone);
    let county = county.restarted();
    let (phone, line) = county.opened("a");
    phone.sync().sync_now(true);
    reach(&phone, Goal::All);
    assert_eq!(line.count("POST /api/v1/files"), 0, "not created again");
    assert_eq!(line.count("HEAD"), 1, "asked once where it stands");
    assert_eq!(on_server(&county, Digest::of(&bytes)), bytes);
    let rest = run_until(&phone, Goal::All, 0).unwrap().traffic;
    // Hello and pull add little, and the one request that met the end of the line may be sent again;
    // a file sent from the beginning would add all of it.
    let again = xunji_protocol::limits::REQUEST_MAX as u64 + 20_000;
    assert!(
        sent + rest.sent < bytes.len() as u64 + again,
        "{sent} and {}",
        rest.sent
    );
    assert_eq!(rest.sent_twice, 0);
}

#[test]
fn a_file_that_rots_on_the_phone_stops_nothing_else() {
    let county = County::new();
    let (phone, _) = county.phone("a");
    let rotten = queue(
        &county,
        "a",
        &phone,
        FileKind::Copy,
        &noise(1, 30_000),
        Some(Digest::ZERO),
    );
    let good = queue(
        &county,
        "a",
        &phone,
        FileKind::Copy,
        &noise(2, 30_000),
        Some(Digest::ZERO),
    );
    let path = FileFolder::open(phone.folder()).unwrap().path_of(rotten);
    let mut sealed = std::fs::read(&path).unwrap();
    sealed[5_000] ^= 1;
    std::fs::write(&path, sealed).unwrap();
    let report = run_until(&phone, Goal::Copies, 3_000).unwrap();
    assert!(!report.reached);
    assert_eq!(on_server(&county, good).len(), 30_000);
    let state = sync_state(&phone).unwrap();
    assert_eq!(
        (state.lanes.copies.received, state.lanes.copies.total),
        (1, 2)
    );
    assert!(
        state.waiting_for.contains("没有传成"),
        "{}",
        state.waiting_for
    );
    let row = phone
        .local()
        .unwrap()
        .read(|read| files::get(read, rotten))
        .unwrap()
        .unwrap();
    assert!(!row.problem.is_empty(), "said on the file");
}

#[test]
fn changes_go_before_the_rest_of_an_original() {
    let county = County::new();
    let (phone, line) = county.phone("a");
    queue(
        &county,
        "a",
        &phone,
        FileKind::Original,
        &noise(9, 2_000_000),
        None,
    );
    phone.sync().sync_now(true);
    line.down_after("PATCH", 2);
    assert!(!run_until(&phone, Goal::All, 1_500).unwrap().reached);
    line.mended();
    super::county::register(&phone, "插队摊");
    let before = line.count("PATCH");
    reach(&phone, Goal::Records);
    assert_eq!(
        line.count("PATCH"),
        before,
        "no picture between the save and its receipt"
    );
}
