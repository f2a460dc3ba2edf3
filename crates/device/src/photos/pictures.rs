//! The hand-over without bytes. On Android the system's camera writes into the app's own picture folder
//! and the page learns nothing but the file's name: pushing four megabytes through the page's bridge would
//! cost a cheap phone seconds and memory. What cannot be the file of this very capture is not touched; the
//! page then brings the bytes.

use std::fs;
use std::path::{Path, PathBuf};

use xunji_domain::ids::PhotoId;

use super::folder::FileFolder;
use super::shared::Safe;
use crate::Device;
use crate::api::ApiError;

/// Coarsest file time of the file systems a camera writes to.
const COARSE: std::time::Duration = std::time::Duration::from_secs(2);

/// The file of that name, if it is the one the camera wrote for this photo: named as the shell names its
/// captures, a plain file of just that size, written since the camera was opened.
///
/// # Errors
/// `photo_elsewhere`: nothing was read, the bytes must come from the page.
pub fn named(device: &Device, photo: PhotoId, name: &str, size: u64) -> Result<PathBuf, ApiError> {
    let safe = Safe::open(device)?;
    find(device, &safe.folder, photo, name, size).ok_or_else(|| {
        ApiError::new(
            "photo_elsewhere",
            "没有在相机文件夹里找到这张照片，检查记录不受影响；请再点一次，仍不行请重新拍一张",
        )
    })
}

fn find(
    device: &Device,
    marks: &FileFolder,
    photo: PhotoId,
    name: &str,
    size: u64,
) -> Option<PathBuf> {
    let folder = device.photos.pictures()?;
    if !is_capture(name) {
        return None;
    }
    let path = folder.join(name);
    // Not through a link: the name came from a page.
    let about = fs::symlink_metadata(&path).ok()?;
    let whole = about.is_file() && about.len() == size;
    (whole && is_fresh(marks, photo, &path)).then_some(path)
}

/// Written since the camera was opened for this photo, by the file system's own clock.
pub(super) fn is_fresh(marks: &FileFolder, photo: PhotoId, path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|about| about.modified()).ok();
    match (marks.expected_since(photo), written) {
        (Some(since), Some(written)) => written + COARSE >= since,
        _ => false,
    }
}

/// `JPEG_20261125_093000_1234567890.jpg`, as wry's Kotlin names the file it lends the camera.
fn is_capture(name: &str) -> bool {
    let middle = name
        .strip_prefix("JPEG_")
        .and_then(|rest| rest.strip_suffix(".jpg"));
    middle.is_some_and(|middle| {
        !middle.is_empty()
            && middle
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '_' | '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::is_capture;

    #[test]
    fn only_a_captures_own_name_is_one() {
        assert!(is_capture("JPEG_20261125_093000_1234567890123.jpg"));
        assert!(is_capture("JPEG_20261125_093000_-77.jpg"));
        for name in [
            "",
            "JPEG_.jpg",
            "../JPEG_20261125_1.jpg",
            "JPEG_1/../../key.jpg",
            "JPEG_20261125.png",
            "IMG_20261125.jpg",
            "JPEG_2026\u{0}.jpg",
        ] {
            assert!(!is_capture(name), "{name}");
        }
    }
}
