#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use std::sync::Arc;
use std::time::Duration;

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
    staging.append(&bytes[..5000]).unwrap();
    drop((staging, first));

    let second = Folder::open(dir.path().join("blobs")).unwrap();
    let mut staging = second.stage(upload(1)).unwrap();
    assert_eq!(staging.len(), 5000);
    staging.append(&bytes[5000..]).unwrap();
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
    staging.append(&bytes).unwrap();
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
        staging.append(&bytes).unwrap();
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
