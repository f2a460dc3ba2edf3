//! What a person says about photos: what they show, that one is given up. Taking over is
//! [`crate::photos`]'s.

use super::acting;
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{ExpectedPhoto, PhotoView};
use crate::store::StoreError;
use crate::store::local::photos::{self, Derived, PhotoRow, PhotoState};
use crate::store::local::{Read, amendments, drafts};
use uuid::Uuid;
use xunji_domain::ids::{AmendmentId, InspectionId, PhotoId};
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};

/// Folder the shell's camera writes into.
pub const CAMERA: &str = "camera";

/// Says what a photo shows: one photo may serve several items.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn assign(
    device: &Device,
    photo: PhotoId,
    purpose: &PhotoPurpose,
) -> Result<PhotoView, ApiError> {
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
        photos::set_state(write, row.id, PhotoState::Cancelled, "")?;
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
        open_for_photos(write, row.draft)?;
        drafts::void_signatures(write, row.draft)?;
        act(write, &row)?;
        Ok::<_, ApiError>(())
    })?;
    view(device, photo)
}

/// A photo is about to be taken: the row is committed before the camera opens.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn expect(
    device: &Device,
    draft: Uuid,
    purpose: &PhotoPurpose,
) -> Result<ExpectedPhoto, ApiError> {
    let folder = device.folder().join(CAMERA);
    std::fs::create_dir_all(&folder).map_err(StoreError::from)?;
    let id = PhotoId(device.new_id()?);
    device.local()?.write(|write| {
        open_for_photos(write, draft)?;
        let row = PhotoRow {
            id,
            draft,
            purpose: purpose.clone(),
            origin: PhotoOrigin::Camera,
            state: PhotoState::Expected,
            expected_at: acting::reading(device, write)?,
            sealed: None,
            derived: Derived::No,
            problem: String::new(),
        };
        Ok::<_, ApiError>(photos::expect(write, &row)?)
    })?;
    Ok(ExpectedPhoto {
        photo: id.to_string(),
        folder: folder.to_string_lossy().into_owned(),
    })
}
