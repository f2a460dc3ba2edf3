//! What a person says about photos: that one is taken, what it shows, that one is given up. How it is
//! kept is [`crate::photos`]'s.

use crate::Device;
use crate::api::ApiError;
use crate::api::view::{ExpectedPhoto, PhotoView};
use crate::photos::{keep, pictures, sweep};
use crate::store::local::photos::{self, PhotoRow, PhotoState};
use crate::store::local::{Read, amendments, drafts, files};
use std::path::Path;
use uuid::Uuid;
use xunji_domain::ids::{AmendmentId, InspectionId, PhotoId};
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};

/// Says what a photo shows: one photo may serve several items. A photo of the tray also gets its
/// inspection; any other stays where it was taken.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn assign(
    device: &Device,
    photo: PhotoId,
    inspection: Option<Uuid>,
    purpose: &PhotoPurpose,
) -> Result<PhotoView, ApiError> {
    let row = device.local()?.read(|read| photos::get(read, photo))?;
    if let Some(row) = row.filter(|row| row.draft == photos::TRAY) {
        return from_tray(device, &row, inspection, purpose);
    }
    change(device, photo, |write, row| {
        photos::set_purpose(write, row.id, purpose)?;
        Ok(())
    })
}

/// Gives a photo up. A sealed original stays on this phone and is not part of the record.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn cancel(device: &Device, photo: PhotoId) -> Result<PhotoView, ApiError> {
    change(device, photo, |write, row| {
        photos::set_state(write, row.id, PhotoState::Cancelled, &row.problem)?;
        Ok(())
    })
}

/// Takes back that a photo was given up: its original never left this phone.
///
/// # Errors
/// `not_found` when no original was sealed, `already_signed`, those of the file.
pub fn restore(device: &Device, photo: PhotoId) -> Result<PhotoView, ApiError> {
    change(device, photo, |write, row| {
        if row.sealed.is_none() {
            return Err(ApiError::not_found("这张照片的原片"));
        }
        photos::set_state(write, row.id, PhotoState::Sealed, &row.problem)?;
        Ok(())
    })
}

/// One photo.
///
/// # Errors
/// `not_found`.
pub fn view(device: &Device, photo: PhotoId) -> Result<PhotoView, ApiError> {
    let row = device.local()?.read(|read| photos::get(read, photo))?;
    row.map(|row| PhotoView::of(&row, device.zone()))
        .ok_or_else(|| ApiError::not_found("这张照片"))
}

/// Refuses what is final: a photo after signing belongs to an amendment.
///
/// # Errors
/// `not_found` for neither an inspection nor an amendment, `already_signed`.
pub fn open_for_photos(read: &Read<'_>, draft: Uuid) -> Result<(), ApiError> {
    let inspection = drafts::get(read, InspectionId(draft))?.map(|row| row.signed_change);
    let amendment = amendments::get(read, AmendmentId(draft))?.map(|row| row.signed_change);
    match inspection.or(amendment) {
        None => Err(ApiError::not_found("这份检查")),
        Some(None) => Ok(()),
        Some(Some(_)) => Err(ApiError::new(
            "already_signed",
            "这份检查已经签字定稿，原记录不再改动；需要补照片的，请在记录页做补正",
        )),
    }
}

fn change(
    device: &Device,
    photo: PhotoId,
    act: impl FnOnce(&crate::store::local::Write<'_>, &PhotoRow) -> Result<(), ApiError>,
) -> Result<PhotoView, ApiError> {
    device.local()?.write(|write| {
        let row = photos::get(write, photo)?.ok_or_else(|| ApiError::not_found("这张照片"))?;
        // A photo of the tray is part of nothing that could be signed.
        if row.draft != photos::TRAY {
            open_for_photos(write, row.draft)?;
            drafts::void_signatures(write, row.draft)?;
        }
        act(write, &row)?;
        Ok::<_, ApiError>(())
    })?;
    view(device, photo)
}

/// A photo is about to be taken: the row is committed before the camera opens.
///
/// # Errors
/// `space_low`, `not_found`, `already_signed`, those of the file.
pub fn expect(
    device: &Device,
    draft: Uuid,
    purpose: &PhotoPurpose,
) -> Result<ExpectedPhoto, ApiError> {
    let photo = keep::expect(device, draft, purpose)?;
    let folder = device.photos.camera(device.folder());
    Ok(ExpectedPhoto {
        photo: photo.to_string(),
        folder: folder.to_string_lossy().into_owned(),
    })
}

/// The file is here: it is kept when this returns.
///
/// # Errors
/// Those of [`keep::take_over`].
pub fn take_over(
    device: &Device,
    photo: PhotoId,
    path: &Path,
    origin: PhotoOrigin,
) -> Result<PhotoView, ApiError> {
    let row = keep::take_over(device, photo, path, origin)?;
    Ok(PhotoView::of(&row, device.zone()))
}

/// The file is in the system's picture folder: it is kept when this returns.
///
/// # Errors
/// `photo_elsewhere` when it is not there, or not the camera's for this photo; those of [`take_over`].
pub fn take_named(
    device: &Device,
    photo: PhotoId,
    name: &str,
    size: u64,
) -> Result<PhotoView, ApiError> {
    let before = view(device, photo)?;
    if before.sha256.is_some() {
        // Asked twice: its clear file is gone since the first time.
        return Ok(before);
    }
    let path = pictures::named(device, photo, name, size)?;
    take_over(device, photo, &path, PhotoOrigin::Camera)
}

/// Photos of the tray in one answer: as one is placed, the next comes.
const TRAY_PAGE: usize = 100;

/// 待归位: photos of unknown record, the oldest first, after a look for what a kill cut short.
///
/// # Errors
/// Those of the file.
pub fn tray(device: &Device) -> Result<Vec<PhotoView>, ApiError> {
    sweep::sweep(device)?;
    let rows = device
        .local()?
        .read(|read| photos::of_draft(read, photos::TRAY))?;
    Ok(rows
        .iter()
        .take(TRAY_PAGE)
        .map(|row| PhotoView::of(row, device.zone()))
        .collect())
}

/// Puts a photo of the tray where a person says it belongs.
fn from_tray(
    device: &Device,
    row: &PhotoRow,
    inspection: Option<Uuid>,
    purpose: &PhotoPurpose,
) -> Result<PhotoView, ApiError> {
    let draft = inspection.ok_or_else(|| {
        ApiError::new(
            "needs_inspection",
            "还没有选定这张照片属于哪份检查，照片仍在待归位里；请先选定检查",
        )
    })?;
    device.local()?.write(|write| {
        open_for_photos(write, draft)?;
        drafts::void_signatures(write, draft)?;
        photos::leave_tray(write, row.id, draft)?;
        photos::set_purpose(write, row.id, purpose)?;
        if let Some(sealed) = &row.sealed {
            files::forget_copies(write, sealed.sha256)?;
        }
        Ok::<_, ApiError>(())
    })?;
    device.photos.ring();
    view(device, row.id)
}
