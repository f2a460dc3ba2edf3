//! A photo on its way into the phone: expected, taken over, kept. The row is committed before the
//! camera opens and after the file is durable; the camera's clear file goes last.

use std::path::Path;

use uuid::Uuid;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};
use xunji_protocol::steps::files::FileKind;

use super::shared::{Safe, seed};
use super::steps::Step;
use super::sweep;
use super::take_over::{self, Bench, TakeOverError, Taken};
use super::{problems, space};
use crate::Device;
use crate::api::ApiError;
use crate::store::local::files::{self, FileRow};
use crate::store::local::photos::{self, Derived, PhotoRow, PhotoState, Sealed};
use crate::store::{StoreError, local};
use crate::usecases::{acting, photos as rules};

/// Commits that a photo is expected, before the camera opens. What an earlier camera left behind is
/// taken over first, so that it can never be mistaken for this one's.
///
/// # Errors
/// `space_low` when a photo might not fit; `not_found`, `already_signed`, those of the file.
pub fn expect(device: &Device, draft: Uuid, purpose: &PhotoPurpose) -> Result<PhotoId, ApiError> {
    check_space(device)?;
    sweep::sweep(device)?;
    let safe = Safe::open(device)?;
    std::fs::create_dir_all(device.photos.camera(device.folder())).map_err(StoreError::from)?;
    let id = PhotoId(device.new_id()?);
    safe.folder.mark_expected(id).map_err(StoreError::from)?;
    device.local()?.write(|write| {
        rules::open_for_photos(write, draft)?;
        let before = photos::expected_for(write, draft, purpose)?;
        for earlier in before {
            photos::set_state(write, earlier, PhotoState::Cancelled, "")?;
        }
        let expected_at = acting::reading(device, write)?;
        Ok::<_, ApiError>(photos::expect(
            write,
            &fresh(id, draft, purpose.clone(), expected_at),
        )?)
    })?;
    device.photos.passed(Step::Expected);
    Ok(id)
}

/// Takes a photo over from the camera's file or a chosen one. A second call for a photo that is kept
/// already changes nothing.
///
/// # Errors
/// `photo_…` when these bytes are no photo that can be kept (the record goes on); `already_signed`,
/// `disk_full`, those of the file.
pub fn take_over(
    device: &Device,
    photo: PhotoId,
    source: &Path,
    origin: PhotoOrigin,
) -> Result<PhotoRow, ApiError> {
    let _alone = device.photos.taking();
    let row = device.local()?.read(|read| {
        let row = photos::get(read, photo)?.ok_or_else(|| ApiError::not_found("这张照片"))?;
        rules::open_for_photos(read, row.draft)?;
        Ok::<_, ApiError>(row)
    })?;
    if row.sealed.is_none() {
        let safe = Safe::open(device)?;
        match seal(device, &safe, photo, source) {
            Ok(taken) => commit(device, photo, origin, &taken)?,
            Err(error) => return Err(failed(device, photo, error)),
        }
        clear(device, &safe, photo, source)?;
    }
    device.photos.ring();
    let kept = device.local()?.read(|read| photos::get(read, photo))?;
    kept.ok_or_else(|| ApiError::not_found("这张照片"))
}

/// Reads, hashes and seals; the file has its name afterwards.
pub(super) fn seal(
    device: &Device,
    safe: &Safe,
    photo: PhotoId,
    source: &Path,
) -> Result<Taken, TakeOverError> {
    let seed =
        seed(device).map_err(|_| TakeOverError::Io(std::io::Error::other("no randomness")))?;
    let watch = |step| device.photos.passed(step);
    let bench = Bench {
        folder: &safe.folder,
        key: &safe.key,
        watch: &watch,
    };
    take_over::take_over(&bench, source, *photo.as_bytes(), &seed)
}

/// Hash, size and clock reading: the photo counts as saved.
pub(super) fn commit(
    device: &Device,
    photo: PhotoId,
    origin: PhotoOrigin,
    taken: &Taken,
) -> Result<(), ApiError> {
    device.local()?.write(|write| {
        let at = acting::reading(device, write)?;
        let sealed = Sealed {
            sha256: taken.sha256,
            size: taken.size,
            damaged: taken.picture.cut(),
            at,
        };
        files::put(write, &original(&sealed))?;
        photos::seal(write, photo, origin, &sealed)
    })?;
    device.photos.passed(Step::Committed);
    Ok(())
}

/// The camera's clear file and the mark of the open camera go.
pub(super) fn clear(
    device: &Device,
    safe: &Safe,
    photo: PhotoId,
    source: &Path,
) -> Result<(), ApiError> {
    for camera in device.photos.cameras(device.folder()) {
        take_over::remove_clear(&camera, source).map_err(StoreError::from)?;
    }
    safe.folder.clear_expected(photo);
    device.photos.passed(Step::Cleared);
    Ok(())
}

/// A row that is only expected.
pub(super) fn fresh(
    id: PhotoId,
    draft: Uuid,
    purpose: PhotoPurpose,
    expected_at: xunji_domain::time::ClockReading,
) -> PhotoRow {
    PhotoRow {
        id,
        draft,
        purpose,
        origin: PhotoOrigin::Camera,
        state: PhotoState::Expected,
        expected_at,
        sealed: None,
        derived: Derived::No,
        problem: String::new(),
    }
}

fn original(sealed: &Sealed) -> FileRow {
    FileRow {
        sha256: sealed.sha256,
        kind: FileKind::Original,
        size: sealed.size,
        original: None,
        queued: false,
        upload: String::new(),
        offset_seen: 0,
        problem: String::new(),
    }
}

/// What the bytes are to blame for stays on the photo; anything else leaves it expected.
fn failed(device: &Device, photo: PhotoId, error: TakeOverError) -> ApiError {
    let told = problems::of(&error);
    if problems::is_about_bytes(&error) {
        let noted = device.local().and_then(|local: &local::Local| {
            Ok(local.write(|write| {
                photos::set_state(write, photo, PhotoState::Failed, &told.sentence)
            })?)
        });
        if let Err(error) = noted {
            tracing::error!(code = error.code, "a photo's problem was not noted");
        }
    }
    told
}

fn check_space(device: &Device) -> Result<(), ApiError> {
    let free = space::free(device.folder()).map_err(StoreError::from)?;
    if free >= space::NEEDED {
        return Ok(());
    }
    let left = free / (1024 * 1024);
    Err(ApiError::new(
        "space_low",
        format!("手机只剩 {left} MB 空间，照片可能存不下，还没有打开相机，已存内容都在；请先清理手机空间再拍"),
    )
    .with(serde_json::json!({ "free": free, "needed": space::NEEDED })))
}
