//! Pictures for the screen: the thumbnail, or the working copy with its watermark, opened in memory. The
//! original is never shown; it is evidence and larger than any screen.

use super::folder::FileFolder;
use super::sealed::{SealKey, SealedReader};
use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::{files, photos};
use std::fs::File;
use xunji_domain::ids::PhotoId;
use xunji_protocol::steps::files::FileKind;

/// Which picture of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// Long side 320.
    Thumbnail,
    /// The working copy, long side 2048.
    Large,
}

/// The JPEG of a photo; `None` while it is being made, and for a photo that is not on this phone.
///
/// # Errors
/// Those of the file; `picture_unreadable` when the sealed file does not open.
pub fn picture(
    device: &Device,
    photo: PhotoId,
    rendition: Rendition,
) -> Result<Option<Vec<u8>>, ApiError> {
    let kind = match rendition {
        Rendition::Thumbnail => FileKind::Thumbnail,
        Rendition::Large => FileKind::Copy,
    };
    let made = device.local()?.read(|read| {
        let sealed = photos::get(read, photo)?.and_then(|row| row.sealed);
        match sealed {
            Some(sealed) => files::made_from(read, sealed.sha256, kind),
            None => Ok(None),
        }
    })?;
    let Some(row) = made else { return Ok(None) };
    let folder = FileFolder::open(device.folder()).map_err(StoreError::from)?;
    let file = File::open(folder.path_of(row.sha256)).map_err(StoreError::from)?;
    let opened = SealedReader::open(file, &SealKey::derive(device.key()))
        .and_then(|mut reader| reader.read_all());
    opened.map(Some).map_err(|error| {
        ApiError::new(
            "picture_unreadable",
            "这张照片的显示图打不开，原片和记录不受影响；请联系管理员",
        )
        .with(serde_json::json!({ "detail": error.to_string() }))
    })
}
