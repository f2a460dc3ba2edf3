#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

//! Files over a real socket against a real folder: cuts, restarts, rivals, rot, strangers.

mod extensions;
mod fences;
mod line;
mod world;

use super::BLOBS;
use crate::blobs::{BlobError, Blobs, Check, Fence, Staging, UploadId};
use line::Reply;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use world::World;
use xunji_protocol::digest::Digest;
use xunji_protocol::limits::MAX_FILE;
use xunji_protocol::steps::files::FileKind;

fn photo(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 + i / 255) as u8).collect()
}

#[tokio::test]
async fn a_thumbnail_takes_one_request_and_its_receipt_never_changes() {
    let world = World::new().await;
    let bytes = photo(9000);
    let meta = world.meta(FileKind::Thumbnail, &bytes);
    let first = world.create(&meta, &bytes, bytes.len()).await;
    assert_eq!((first.status, first.offset()), (201, Some(9000)));
    world.check_receipt(&first, &meta, 9000);

    for _ in 0..2 {
        assert_eq!(
            world.create(&meta, &bytes, 0).await.header("xunji-receipt"),
            first.header("xunji-receipt")
        );
        assert_eq!(
            world.head(&first.id()).await.header("xunji-receipt"),
            first.header("xunji-receipt")
        );
    }
    let empty = world.patch(&first.id(), 9000, &[], 0).await;
    assert_eq!(
        (empty.status, empty.header("xunji-receipt")),
        (204, first.header("xunji-receipt"))
    );
    assert_eq!(world.blob(&world.token, &meta).await.body, bytes);
}

/// Cut at pseudo-random bytes, the server started anew now and then: nothing twice, nothing missing.
#[tokio::test]
async fn cut_anywhere_and_restarted_it_goes_on_at_the_offset() {
    let mut world = World::new().await;
    let bytes = photo(70_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let created = world.create(&meta, &bytes, 0).await;
    assert_eq!((created.status, created.offset()), (201, Some(0)));
    let (mut sent, mut seed) = (0, 12_345_usize);
    let receipt = loop {
        let head = world.head(&created.id()).await;
        let at = usize::try_from(head.offset().unwrap()).unwrap();
        assert_eq!(at, sent, "every byte that arrived before a cut is kept");
        if head.header("xunji-receipt").is_some() {
            break head;
        }
        seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7FFF_FFFF;
        let piece = &bytes[at..(at + 8192).min(bytes.len())];
        let arrives = (seed >> 8) % (piece.len() + 1);
        world.patch(&created.id(), at, piece, arrives).await;
        sent += arrives;
        if seed.is_multiple_of(3) {
            world.restart(&created.id()).await;
        }
    };
    world.check_receipt(&receipt, &meta, 70_000);
    assert_eq!(sent, bytes.len());
    assert_eq!(world.blob(&world.token, &meta).await.body, bytes);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_found_again_and_passes_over_what_it_has() {
    let world = World::new().await;
    let bytes = photo(30_000);
    let meta = world.meta(FileKind::Copy, &bytes);
    // 16,000 announced, 6,000 arrive, nobody waits for the answer.
    world
        .create_cut(&meta, bytes.len(), &bytes[..16_000], 6_000)
        .await;
    let again = world.create(&meta, &bytes, 0).await;
    assert_eq!((again.status, again.offset()), (201, Some(6_000)));
    let whole = world.create(&meta, &bytes, bytes.len()).await;
    assert_eq!((whole.id(), whole.offset()), (again.id(), Some(30_000)));
    world.check_receipt(&whole, &meta, 30_000);
}

/// A phone that comes back does not wait for its own dead connection.
#[tokio::test]
async fn a_newer_request_ends_an_older_one_and_finds_its_bytes() {
    let world = World::new().await;
    let bytes = photo(40_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 0).await.id();
    let _hanging = world.patch_and_hang(&id, 0, &bytes, 11_000).await;
    let head = tokio::time::timeout(Duration::from_secs(10), world.head(&id))
        .await
        .unwrap();
    assert_eq!(head.offset(), Some(11_000));

    // Two at once from the same offset: one of them goes on, the other is told.
    let rest = &bytes[11_000..];
    let (one, two) = tokio::join!(
        world.patch(&id, 11_000, rest, rest.len()),
        world.patch(&id, 11_000, rest, rest.len())
    );
    let statuses = [one.status, two.status];
    assert!(
        statuses.contains(&204) && statuses.iter().all(|s| [204, 409].contains(s)),
        "{statuses:?}"
    );
    world.check_receipt(&world.head(&id).await, &meta, 40_000);
    assert_eq!(world.app.blobs.check(meta.sha256).unwrap(), Check::Match);
}

#[tokio::test]
async fn a_byte_that_rots_in_the_staging_is_never_receipted() {
    let world = World::new().await;
    let bytes = photo(20_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world
        .create_sized(&meta, 20_000, &bytes[..12_000])
        .await
        .id();
    let staging = world.staging(&id);
    let mut rotten = std::fs::read(&staging).unwrap();
    rotten[777] ^= 8;
    std::fs::write(&staging, rotten).unwrap();

    let refused = world.patch(&id, 12_000, &bytes[12_000..], 8_000).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (460, "digest_mismatch")
    );
    let head = world.head(&id).await;
    assert_eq!(
        (head.offset(), head.header("xunji-receipt")),
        (Some(0), None)
    );
    assert_eq!(world.trash(), 1);
    let healed = world.patch(&id, 0, &bytes, 20_000).await;
    world.check_receipt(&healed, &meta, 20_000);
}

/// Killed between name and row: the next question finds the file and writes what was left out.
#[tokio::test]
async fn a_file_without_its_row_is_receipted_at_the_next_question() {
    let mut world = World::new().await;
    let bytes = photo(5_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create_sized(&meta, 5_000, &bytes[..4_999]).await.id();
    let upload = UploadId(uuid::Uuid::parse_str(&id).unwrap());
    world
        .app
        .blobs
        .stage(upload)
        .unwrap()
        .append(&bytes[4_999..], &|| true)
        .unwrap();
    world.restart(&id).await;
    world.app.blobs.settle(upload, meta.sha256).unwrap();
    world.check_receipt(&world.head(&id).await, &meta, 5_000);
}

/// What another log delivered is neither offered nor hinted at.
#[tokio::test]
async fn strangers_learn_nothing() {
    let world = World::new().await;
    let bytes = photo(3_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let mine = world.create(&meta, &bytes, 3_000).await;
    assert!(mine.header("xunji-receipt").is_some());

    let theirs = world.other_meta(FileKind::Original, &bytes);
    let asked = world
        .create_as(&world.other_token, &theirs, 3_000, &[])
        .await;
    assert_eq!(
        (asked.status, asked.offset(), asked.header("xunji-receipt")),
        (201, Some(0), None)
    );
    // Wrong bytes of the right size do not turn a known hash into a receipt.
    let refused = world
        .patch_as(&world.other_token, &asked.id(), 0, &[0; 3_000])
        .await;
    assert_eq!(refused.status, 460);
    let head = world.head_as(&world.other_token, &asked.id()).await;
    assert_eq!(
        (head.offset(), head.header("xunji-receipt")),
        (Some(0), None)
    );

    assert_eq!(
        world.head_as(&world.other_token, &mine.id()).await.status,
        404
    );
    assert_eq!(
        world
            .patch_as(&world.other_token, &mine.id(), 3_000, &[])
            .await
            .status,
        404
    );
    assert_eq!(
        world
            .create_as(&world.other_token, &meta, 3_000, &bytes)
            .await
            .status,
        403
    );
    assert_eq!(world.blob(&world.other_token, &meta).await.status, 404);
    assert_eq!(world.blob("no token at all", &meta).await.status, 401);
    assert_eq!(
        world.get(&format!("{BLOBS}/..%2Fcounty.db")).await.status,
        404
    );
    // The same bytes, delivered by the other log itself, get a receipt of their own.
    let delivered = world
        .patch_as(&world.other_token, &asked.id(), 0, &bytes)
        .await;
    assert_eq!(delivered.status, 204);
    assert_ne!(
        delivered.header("xunji-receipt"),
        mine.header("xunji-receipt")
    );
}

#[tokio::test]
async fn what_is_not_tus_is_told_so() {
    let world = World::new().await;
    let bytes = photo(100);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 0).await.id();
    let options = world
        .send("OPTIONS", "/api/v1/files", &[], &[], 0)
        .await
        .unwrap();
    assert_eq!(options.status, 204);
    for (name, value) in [
        ("tus-version", "1.0.0"),
        (
            "tus-extension",
            "creation,creation-with-upload,checksum,expiration,termination",
        ),
        ("tus-max-size", MAX_FILE.to_string().as_str()),
        ("tus-checksum-algorithm", "sha1,sha256"),
    ] {
        assert_eq!(options.header(name), Some(value));
    }
    let old = [("tus-resumable", "0.2.2"), ("authorization", "Bearer x")];
    let refused = world
        .send("HEAD", &format!("/api/v1/files/{id}"), &old, &[], 0)
        .await
        .unwrap();
    assert_eq!(
        (refused.status, refused.header("tus-version")),
        (412, Some("1.0.0"))
    );

    let wrong_offset = world.patch(&id, 7, &bytes[7..], 93).await;
    assert_eq!(
        (wrong_offset.status, wrong_offset.code().as_str()),
        (409, "offset_mismatch")
    );
    let typed = world.patch_typed(&id, "application/json", &bytes).await;
    assert_eq!(typed.status, 415);
    assert_eq!(world.head("not-an-id").await.status, 404);
    assert_eq!(
        world
            .create_sized(&world.meta(FileKind::Original, b"big"), MAX_FILE + 1, &[])
            .await
            .status,
        413
    );
    let long = world.meta(FileKind::Original, b"0123456789");
    assert_eq!(
        world.create_sized(&long, 5, b"0123456789").await.status,
        400,
        "more than announced"
    );
    let mut orphan = world.meta(FileKind::Thumbnail, b"thumb");
    orphan.original = None;
    assert_eq!(world.create(&orphan, b"thumb", 5).await.status, 400);
    assert_eq!(world.create_header("sha256 nonsense", 5).await.status, 400);
    assert_eq!(
        world.head(&id).await.offset(),
        Some(0),
        "nothing of it was taken"
    );
}

/// A disk that is full after so many bytes.
struct FullAfter {
    inner: Arc<dyn Blobs>,
    room: u64,
}

struct FullStaging {
    inner: Box<dyn Staging>,
    room: u64,
}

impl Staging for FullStaging {
    fn len(&self) -> u64 {
        self.inner.len()
    }
    fn append(&mut self, bytes: &[u8], fence: Fence<'_>) -> Result<(), BlobError> {
        let room = usize::try_from(self.room.saturating_sub(self.inner.len())).unwrap();
        self.inner.append(&bytes[..bytes.len().min(room)], fence)?;
        if bytes.len() > room {
            Err(BlobError::Full)
        } else {
            Ok(())
        }
    }
    fn sync(&mut self) -> Result<u64, BlobError> {
        self.inner.sync()
    }
}

impl Blobs for FullAfter {
    fn stage(&self, id: UploadId) -> Result<Box<dyn Staging>, BlobError> {
        Ok(Box::new(FullStaging {
            inner: self.inner.stage(id)?,
            room: self.room,
        }))
    }
    fn is_staged(&self, id: UploadId) -> Result<bool, BlobError> {
        self.inner.is_staged(id)
    }
    fn settle(&self, id: UploadId, digest: Digest) -> Result<(), BlobError> {
        self.inner.settle(id, digest)
    }
    fn discard(&self, id: UploadId) -> Result<(), BlobError> {
        self.inner.discard(id)
    }
    fn put_aside(&self, id: UploadId) -> Result<(), BlobError> {
        self.inner.put_aside(id)
    }
    fn open_staged(&self, id: UploadId) -> Result<Box<dyn Read + Send>, BlobError> {
        self.inner.open_staged(id)
    }
    fn staged(&self) -> Result<Vec<(UploadId, SystemTime)>, BlobError> {
        self.inner.staged()
    }
    fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError> {
        self.inner.size(digest)
    }
    fn open(&self, digest: Digest) -> Result<Option<Box<dyn Read + Send>>, BlobError> {
        self.inner.open(digest)
    }
    fn remove(&self, digest: Digest) -> Result<bool, BlobError> {
        self.inner.remove(digest)
    }
    fn discard_aside(&self, id: UploadId) -> Result<(), BlobError> {
        self.inner.discard_aside(id)
    }
    fn stored(&self) -> Result<Vec<Digest>, BlobError> {
        self.inner.stored()
    }
    fn free(&self) -> Result<u64, BlobError> {
        self.inner.free()
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_what_was_there_stays() {
    let mut world = World::new().await;
    let bytes = photo(50_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let inner = Arc::clone(&world.app.blobs);
    world
        .replace_blobs(Arc::new(FullAfter {
            inner: Arc::clone(&inner),
            room: 20_000,
        }))
        .await;
    let id = world.create(&meta, &bytes, 0).await.id();
    let refused = world.patch(&id, 0, &bytes, 50_000).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (507, "storage_full")
    );
    assert_eq!(world.head(&id).await.offset(), Some(20_000));

    world.replace_blobs(inner).await;
    let done: Reply = world.patch(&id, 20_000, &bytes[20_000..], 30_000).await;
    world.check_receipt(&done, &meta, 50_000);
}

/// A phone that was lost hands in what it still holds; it is told nothing any more.
#[tokio::test]
async fn a_revoked_phone_delivers_and_reads_nothing() {
    let world = World::new().await;
    let bytes = photo(3_000);
    let meta = world.meta(FileKind::Original, &bytes);
    world.create(&meta, &bytes, 1_000).await;
    world
        .app
        .store
        .write(|db| Ok(db.execute("UPDATE device SET state = 'revoked'", [])?))
        .unwrap();
    let whole = world.create(&meta, &bytes, bytes.len()).await;
    world.check_receipt(&whole, &meta, 3_000);
    assert_eq!(world.blob(&world.token, &meta).await.status, 403);
}
