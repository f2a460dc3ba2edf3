//! Checksum, expiration, termination.

use super::super::sweep::{Swept, sweep};
use super::photo;
use super::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;
use std::time::{Duration, SystemTime};
use xunji_protocol::limits::UPLOAD_LIFE_MS;
use xunji_protocol::steps::files::{FileKind, FileMeta, PATH};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn sha1(bytes: &[u8]) -> String {
    format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(bytes)))
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256 {}", STANDARD.encode(sha2::Sha256::digest(bytes)))
}

#[tokio::test]
async fn a_chunk_that_does_not_match_its_checksum_leaves_no_byte() {
    let world = World::new().await;
    let bytes = photo(100_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 0).await.id();
    let send = async |at: usize, checksum: String, piece: &[u8], arrives: usize| {
        let header = [("upload-checksum", checksum.as_str())];
        world.patch_with(&id, at, &header, piece, arrives).await
    };
    let piece = &bytes[..40_000];
    let taken = send(0, sha1(piece), piece, 40_000).await;
    assert_eq!((taken.status, taken.offset()), (204, Some(40_000)));

    let rest = &bytes[40_000..];
    let mut altered = rest.to_vec();
    altered[31_000] ^= 1;
    for checksum in [sha1(rest), sha256(rest)] {
        let refused = send(40_000, checksum, &altered, 60_000).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (460, "checksum_mismatch")
        );
        assert_eq!(world.head(&id).await.offset(), Some(40_000));
    }
    let unknown = send(40_000, "crc32 AAAA".to_owned(), &rest[..99], 99).await;
    assert_eq!(unknown.status, 400);
    // Cut on the way: nothing of it is known to be right.
    send(40_000, sha256(rest), rest, 50_000).await;
    assert_eq!(world.head(&id).await.offset(), Some(40_000));

    let whole = send(40_000, sha256(rest), rest, 60_000).await;
    world.check_receipt(&whole, &meta, 100_000);
    let left = std::fs::read_dir(world.blobs().join("staging")).unwrap();
    assert_eq!(left.count(), 0, "no chunk is left behind");
}

#[tokio::test]
async fn an_unfinished_upload_says_how_long_it_lives_and_is_then_gone() {
    let mut world = World::new().await;
    let bytes = photo(5_000);
    let meta = world.meta(FileKind::Copy, &bytes);
    let created = world.create(&meta, &bytes, 1_000).await;
    let until = chrono::DateTime::parse_from_rfc2822(created.header("upload-expires").unwrap());
    let life = until.unwrap().timestamp_millis() - world.app.clock.now().0;
    assert!(
        (UPLOAD_LIFE_MS..UPLOAD_LIFE_MS + 90_000).contains(&(life + 2_000)),
        "{life}"
    );
    let id = created.id();
    // A byte after twenty days: thirty more from there.
    world.move_clock(20 * DAY).await;
    let longer = world.patch(&id, 1_000, &bytes[1_000..2_000], 1_000).await;
    assert_ne!(
        longer.header("upload-expires"),
        created.header("upload-expires")
    );
    world.move_clock(49 * DAY).await;
    assert_eq!(world.head(&id).await.offset(), Some(2_000));

    world.move_clock(51 * DAY).await;
    assert_eq!(world.head(&id).await.status, 410);
    let late = world.patch(&id, 2_000, &bytes[2_000..], 3_000).await;
    assert_eq!((late.status, late.code().as_str()), (410, "not_found"));
    let anew = world.create(&meta, &bytes, 0).await;
    assert_eq!((anew.status, anew.offset()), (201, Some(0)));
    assert_ne!(anew.id(), id);
    assert_eq!(world.head(&id).await.status, 404);
    assert!(!world.staging(&id).exists());
    let whole = world.patch(&anew.id(), 0, &bytes, 5_000).await;
    world.check_receipt(&whole, &meta, 5_000);
    assert_eq!(whole.header("upload-expires"), None);
    // What is whole is answered for ever.
    world.move_clock(4_000 * DAY).await;
    world.check_receipt(&world.head(&anew.id()).await, &meta, 5_000);
}

/// A record of this log names the photo.
fn name_in_a_record(world: &World, meta: &FileMeta) {
    let (bureau, sha, log) = (world.app.bureau, meta.sha256.to_hex(), meta.log);
    world
        .app
        .store
        .write(move |db| {
            let row = (bureau.as_bytes(), sha, log.as_bytes());
            db.execute(
                "INSERT INTO photo_ref (bureau, sha256, inspection, photo, log, size) VALUES (?1, ?2, x'01', x'02', ?3, 9)",
                row,
            )?;
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn the_sweep_says_what_a_record_waits_for_and_keeps_what_is_whole() {
    let mut world = World::new().await;
    let (nobodys, awaited, whole) = (photo(3_000), photo(4_000), photo(5_000));
    let meta = |bytes: &[u8]| world.meta(FileKind::Original, bytes);
    let (of_nobody, of_record, of_whole) = (meta(&nobodys), meta(&awaited), meta(&whole));
    let one = world.create(&of_nobody, &nobodys, 1_000).await.id();
    let two = world.create(&of_record, &awaited, 1_000).await.id();
    let three = world.create(&of_whole, &whole, 5_000).await;
    name_in_a_record(&world, &of_record);
    assert_eq!(sweep(&world.app).await.unwrap(), Swept::default());

    world.move_clock(31 * DAY).await;
    let swept = sweep(&world.app).await.unwrap();
    assert_eq!(
        (swept.removed, swept.awaited, swept.finished, swept.orphans),
        (1, 1, 0, 0)
    );
    assert_eq!(world.head(&one).await.status, 404);
    assert!(!world.staging(&one).exists());
    // Its row stays and says so; its bytes can be looked at; the phone may begin again.
    assert_eq!(world.head(&two).await.status, 410);
    assert_eq!(world.trash(), 1);
    assert_eq!(sweep(&world.app).await.unwrap(), Swept::default());
    let anew = world.create(&of_record, &awaited, 4_000).await;
    world.check_receipt(&anew, &of_record, 4_000);
    world.check_receipt(&world.head(&three.id()).await, &of_whole, 5_000);
}

#[tokio::test]
async fn the_sweep_finishes_what_is_all_here_and_puts_orphans_aside() {
    let mut world = World::new().await;
    let bytes = photo(3_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 2_999).await.id();
    let staging = world.staging(&id);
    std::fs::write(&staging, &bytes).unwrap();
    let old = world.staging("00000000-0000-7000-8000-000000000001");
    let young = world.staging("00000000-0000-7000-8000-000000000002");
    for orphan in [&old, &young] {
        std::fs::write(orphan, b"left by a kill").unwrap();
    }
    let yesterday = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    std::fs::File::options()
        .append(true)
        .open(&old)
        .unwrap()
        .set_modified(yesterday)
        .unwrap();

    world.move_clock(31 * DAY).await;
    let swept = sweep(&world.app).await.unwrap();
    assert_eq!((swept.finished, swept.orphans), (1, 1));
    world.check_receipt(&world.head(&id).await, &meta, 3_000);
    assert_eq!((old.exists(), young.exists()), (false, true));
    assert_eq!(world.trash(), 1);
}

#[tokio::test]
async fn what_was_begun_can_be_taken_back_and_what_is_receipted_stays() {
    let world = World::new().await;
    let (half, whole) = (photo(3_000), photo(5_000));
    let (of_half, of_whole) = (
        world.meta(FileKind::Original, &half),
        world.meta(FileKind::Original, &whole),
    );
    let begun = world.create(&of_half, &half, 1_000).await.id();
    assert_eq!(world.delete(&world.other_token, &begun).await.status, 404);
    assert_eq!(world.delete(&world.token, &begun).await.status, 204);
    assert_eq!(world.head(&begun).await.status, 404);
    assert_eq!(world.delete(&world.token, &begun).await.status, 404);
    assert!(!world.staging(&begun).exists());
    let anew = world.create(&of_half, &half, 0).await;
    assert_eq!((anew.status, anew.offset()), (201, Some(0)));

    let done = world.create(&of_whole, &whole, 5_000).await;
    assert_eq!(world.delete(&world.token, &done.id()).await.status, 204);
    assert_eq!(world.head(&done.id()).await.status, 404);
    assert_eq!(world.blob(&world.token, &of_whole).await.body, whole);
    let again = world.create(&of_whole, &whole, 0).await;
    assert_eq!(
        again.header("xunji-receipt"),
        done.header("xunji-receipt"),
        "the same receipt for ever"
    );
    world
        .app
        .store
        .write(|db| Ok(db.execute("UPDATE device SET state = 'revoked'", [])?))
        .unwrap();
    assert_eq!(world.delete(&world.token, &anew.id()).await.status, 403);
}

#[tokio::test]
async fn another_method_in_a_header_is_that_method() {
    let world = World::new().await;
    let bytes = photo(2_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 500).await.id();
    let bearer = format!("Bearer {}", world.token);
    let post = async |method: &str, body: &[u8]| {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("authorization", bearer.as_str()),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", "500"),
            ("x-http-method-override", method),
        ];
        let path = format!("{PATH}/{id}");
        world
            .send("POST", &path, &headers, body, body.len())
            .await
            .unwrap()
    };
    assert_eq!(post("GET", &[]).await.status, 405);
    assert_eq!(post("HEAD", &[]).await.offset(), Some(500));
    assert_eq!(post("PATCH", &bytes[500..900]).await.offset(), Some(900));
    assert_eq!(post("DELETE", &[]).await.status, 204);
    assert_eq!(world.head(&id).await.status, 404);
}
