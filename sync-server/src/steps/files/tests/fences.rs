//! Two instances on one folder that share no memory: the fence in the row alone keeps their bytes apart.

use super::photo;
use super::world::World;
use crate::blobs::Check;
use tokio::io::AsyncWriteExt as _;
use xunji_protocol::steps::files::FileKind;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_another_instance_fences_the_older_off() {
    let world = World::new().await;
    let second = world.second().await;
    let bytes = photo(40_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 0).await.id();
    let mut hanging = world.patch_and_hang(&id, 0, &bytes, 11_000).await;

    let went_on = world.patch_at(second, &id, 11_000, &bytes[11_000..20_000]);
    assert_eq!(went_on.await.unwrap().offset(), Some(20_000));
    // The older one wakes up and brings what it still has.
    hanging.write_all(&bytes[11_000..12_000]).await.unwrap();
    let late = super::line::reply(hanging).await.unwrap();
    assert_eq!(
        (late.status, late.code().as_str()),
        (409, "offset_mismatch")
    );
    assert_eq!(world.head(&id).await.offset(), Some(20_000));
    let whole = world.patch(&id, 20_000, &bytes[20_000..], 20_000).await;
    world.check_receipt(&whole, &meta, 40_000);
    assert_eq!(world.app.blobs.check(meta.sha256).unwrap(), Check::Match);
}

/// Both bring the same bytes from the same offset at once, again and again. A byte written twice or in
/// the wrong place would show in the hash of the whole.
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_at_once_never_interleave_bytes() {
    let world = World::new().await;
    let rivals = [world.address(), world.second().await];
    let bytes = photo(400_000);
    let meta = world.meta(FileKind::Original, &bytes);
    let id = world.create(&meta, &bytes, 0).await.id();
    let mut at = 0;
    let receipt = loop {
        let piece = &bytes[at..(at + 40_000).min(bytes.len())];
        let (one, two) = tokio::join!(
            world.patch_at(rivals[0], &id, at, piece),
            world.patch_at(rivals[1], &id, at, piece)
        );
        for reply in [one, two].into_iter().flatten() {
            assert!([204, 409].contains(&reply.status), "{reply:?}");
        }
        let head = world.head(&id).await;
        let now = usize::try_from(head.offset().unwrap()).unwrap();
        assert!(now >= at, "durable bytes are never taken back");
        at = now;
        if head.header("xunji-receipt").is_some() {
            break head;
        }
    };
    world.check_receipt(&receipt, &meta, 400_000);
    assert_eq!(world.trash(), 0, "the whole matched at once");
    assert_eq!(world.app.blobs.check(meta.sha256).unwrap(), Check::Match);
}
