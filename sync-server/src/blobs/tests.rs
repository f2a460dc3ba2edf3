#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use std::sync::Arc;
use std::time::Duration;

const OPEN: Fence<'static> = &|| true;

fn folder() -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path().join("blobs")).unwrap();
    (dir, folder)
}

fn upload(n: u128) -> UploadId {
    UploadId(Uuid::from_u128(n))
}

#[test]
fn appended_bytes_survive_a_new_start_and_settle_under_their_hash() {
    let (dir, first) = folder();
    let bytes = b"\xFF\xD8 photo bytes".repeat(999);
    let digest = Digest::of(&bytes);
    let mut staging = first.stage(upload(1)).unwrap();
    staging.append(&bytes[..5000], OPEN).unwrap();
    drop((staging, first));

    let second = Folder::open(dir.path().join("blobs")).unwrap();
    let mut staging = second.stage(upload(1)).unwrap();
    assert_eq!(staging.len(), 5000);
    staging.append(&bytes[5000..], OPEN).unwrap();
    assert_eq!(staging.sync().unwrap(), bytes.len() as u64);
    drop(staging);
    second.settle(upload(1), digest).unwrap();
    assert!(!second.is_staged(upload(1)).unwrap());
    assert_eq!(second.size(digest).unwrap(), Some(bytes.len() as u64));
    assert_eq!(second.check(digest).unwrap(), Check::Match);
    assert_eq!(second.check(Digest::of(b"other")).unwrap(), Check::Missing);
}

#[test]
fn a_flipped_byte_is_put_aside_and_the_upload_starts_again() {
    let (dir, folder) = folder();
    let bytes = b"evidence".repeat(5000);
    let mut staging = folder.stage(upload(2)).unwrap();
    staging.append(&bytes, OPEN).unwrap();
    staging.sync().unwrap();
    let path = folder.staging_path(upload(2));
    let mut rotten = std::fs::read(&path).unwrap();
    rotten[20_000] ^= 1;
    std::fs::write(&path, &rotten).unwrap();

    assert!(matches!(
        folder.settle(upload(2), Digest::of(&bytes)),
        Err(BlobError::Mismatch)
    ));
    assert_eq!(folder.size(Digest::of(&bytes)).unwrap(), None);
    assert!(!folder.is_staged(upload(2)).unwrap());
    let kept = std::fs::read_dir(dir.path().join("blobs/trash"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert_eq!(std::fs::read(kept).unwrap(), rotten);
    assert_eq!(folder.stage(upload(2)).unwrap().len(), 0);
}

#[test]
fn a_stored_file_that_rots_is_seen_and_healed_by_a_new_upload() {
    let (_dir, folder) = folder();
    let bytes = b"original".repeat(100);
    let digest = Digest::of(&bytes);
    for id in [3, 4] {
        let mut staging = folder.stage(upload(id)).unwrap();
        staging.append(&bytes, OPEN).unwrap();
        drop(staging);
        folder.settle(upload(id), digest).unwrap();
        assert_eq!(folder.check(digest).unwrap(), Check::Match);
        let mut rotten = bytes.clone();
        rotten[7] ^= 0x40;
        std::fs::write(folder.path_of(digest), rotten).unwrap();
        assert_eq!(folder.check(digest).unwrap(), Check::Mismatch);
    }
}

#[tokio::test]
async fn the_newest_request_wins_and_waits_for_the_older_to_end() {
    let turns = Arc::new(Turns::default());
    let mut first = turns.take(upload(5)).await;
    assert!(!first.is_over());
    let waiting = tokio::spawn({
        let turns = Arc::clone(&turns);
        async move { turns.take(upload(5)).await }
    });
    first.over().await;
    assert!(first.is_over());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(
        !waiting.is_finished(),
        "the older one still holds the upload"
    );
    drop(first);
    let second = waiting.await.unwrap();
    assert!(!second.is_over());
    let _other_upload_is_free = turns.take(upload(6)).await;
}

#[test]
fn what_is_fenced_off_or_overtaken_writes_nothing() {
    let (_dir, folder) = folder();
    let mut old = folder.stage(upload(7)).unwrap();
    old.append(b"one", OPEN).unwrap();
    assert!(matches!(
        old.append(b"late", &|| false),
        Err(BlobError::Fenced)
    ));
    let mut new = folder.stage(upload(7)).unwrap();
    assert_eq!(new.len(), 3);
    new.append(b"two", OPEN).unwrap();
    // Its fence would let it through; the file is not where it left it.
    assert!(matches!(old.append(b"late", OPEN), Err(BlobError::Fenced)));
    assert_eq!(new.sync().unwrap(), 6);
    let mut bytes = Vec::new();
    folder
        .open_staged(upload(7))
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(bytes, b"onetwo");
}

/// Two handles of one staging, each with a fence that the other closes again and again: whatever
/// the order, every piece is whole and none is written by a request that was fenced off.
#[test]
fn pieces_of_rivals_never_interleave() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let (_dir, folder) = folder();
    let fence = AtomicU64::new(0);
    let written = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for rival in 1..=4_u8 {
            let (folder, fence, written) = (&folder, &fence, &written);
            scope.spawn(move || {
                for _ in 0..40 {
                    let mine = fence.fetch_add(1, Ordering::SeqCst) + 1;
                    let mut staging = folder.stage(upload(8)).unwrap();
                    let begun = staging.len();
                    let mut pieces = 0;
                    for _ in 0..5 {
                        let held = || fence.load(Ordering::SeqCst) == mine;
                        match staging.append(&[rival; 100], &held) {
                            Ok(()) => pieces += 1,
                            Err(BlobError::Fenced) => break,
                            Err(e) => panic!("{e}"),
                        }
                    }
                    written.lock().unwrap().push((begun, pieces, rival));
                }
            });
        }
    });
    let mut bytes = Vec::new();
    folder
        .open_staged(upload(8))
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let mut turns = written.into_inner().unwrap();
    turns.retain(|(_, pieces, _)| *pieces > 0);
    turns.sort_unstable();
    let mut end = 0;
    for (begun, pieces, rival) in turns {
        assert_eq!(begun, end, "a newer request began where the last one ended");
        let until = begun + pieces * 100;
        let range = usize::try_from(begun).unwrap()..usize::try_from(until).unwrap();
        assert!(bytes[range].iter().all(|byte| *byte == rival));
        end = until;
    }
    assert_eq!(end, bytes.len() as u64);
}

#[test]
fn a_staging_is_listed_put_aside_or_discarded() {
    let (dir, folder) = folder();
    for id in [9, 10] {
        folder
            .stage(upload(id))
            .unwrap()
            .append(b"half", OPEN)
            .unwrap();
    }
    let mut ids: Vec<_> = folder
        .staged()
        .unwrap()
        .into_iter()
        .map(|s| s.0.0)
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [upload(9).0, upload(10).0]);
    folder.discard(upload(9)).unwrap();
    folder.put_aside(upload(10)).unwrap();
    // Again is as good as once.
    folder.discard(upload(9)).unwrap();
    folder.put_aside(upload(10)).unwrap();
    assert!(folder.staged().unwrap().is_empty());
    let trash = std::fs::read_dir(dir.path().join("blobs/trash")).unwrap();
    assert_eq!(trash.count(), 1);
}
