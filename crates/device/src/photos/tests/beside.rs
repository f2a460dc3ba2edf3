//! The camera opens while copies of the photos before are being made.

use serde_json::json;

use super::{Visit, jpeg};

#[test]
fn opening_the_camera_leaves_copies_in_the_making_alone() {
    let visit = Visit::begin();
    for n in 0..6 {
        let photo = visit.storefront();
        let path = visit.shoot(&format!("JPEG_{n}.jpg"), &jpeg(40 + n));
        visit.take_over(&photo, &path).unwrap();
    }
    std::thread::scope(|scope| {
        let copies = scope.spawn(|| visit.derive_all());
        while !copies.is_finished() {
            visit.expect(json!({"kind": "licence"}));
        }
        copies.join().unwrap();
    });
    let folder = visit.phone.device.folder().join("files/aside");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}
