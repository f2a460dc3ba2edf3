//! From the system's camera to the core. On Android the system writes the file itself and the page hands
//! over its name (the core's `take_named`); everywhere else, and where that fails, the page's file input is
//! the camera and its bytes come in pieces, are put together in the shell's own folder and taken over there.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(not(target_os = "android"), path = "elsewhere.rs")]
mod system;

pub use system::pictures;

use crate::phone::Phone;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use tauri::http::HeaderMap;
use tauri::ipc::InvokeBody;
use xunji_device::api::{ApiError, Command};
use xunji_device::photos;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::PhotoOrigin;

/// One piece of a file.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    photo: PhotoId,
    offset: u64,
    last: bool,
}

impl Piece {
    /// Reads `x-photo`, `x-offset` and `x-last`.
    ///
    /// # Errors
    /// `photo_file` when one of them does not read.
    pub fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let read = || {
            Some(Self {
                photo: text("x-photo")?.parse().ok()?,
                offset: text("x-offset")?.parse().ok()?,
                last: text("x-last")? == "1",
            })
        };
        read().ok_or_else(not_handed_over)
    }
}

/// The bytes of a piece: as they are, or as `{"base64": …}` from Android, whose bridge carries text alone.
///
/// # Errors
/// `photo_file` for anything else.
pub fn bytes(body: &InvokeBody) -> Result<Cow<'_, [u8]>, ApiError> {
    match body {
        InvokeBody::Raw(bytes) => Ok(Cow::Borrowed(bytes)),
        InvokeBody::Json(value) => value
            .get("base64")
            .and_then(Value::as_str)
            .and_then(|text| STANDARD.decode(text).ok())
            .map(Cow::Owned)
            .ok_or_else(not_handed_over),
    }
}

/// Writes the piece at its offset. After the last one the file moves into the camera folder, and the core
/// takes it over and removes it; before that the answer is null.
///
/// # Errors
/// `photo_file` when the disk does not take the piece; those of `take_over`.
pub fn receive(phone: &Phone, piece: &Piece, bytes: &[u8]) -> Result<Value, ApiError> {
    let handed = write(phone, piece, bytes).map_err(|error| {
        tracing::warn!(%error, "a piece of a photo was not written");
        not_handed_over()
    })?;
    match handed {
        Some(path) => phone.call(Command::TakeOver {
            photo: piece.photo,
            path,
            origin: PhotoOrigin::Camera,
        }),
        None => Ok(Value::Null),
    }
}

/// Removes what a kill left half received. The picture itself is still where it was chosen.
pub fn clear_unfinished(phone: &Phone) {
    if let Err(error) = std::fs::remove_dir_all(arriving(phone))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "half received photos stay");
    }
}

/// The whole file's path once the last piece is there. It grows outside the camera folder: the sweep
/// must never take half a picture for a whole one.
fn write(phone: &Phone, piece: &Piece, bytes: &[u8]) -> std::io::Result<Option<PathBuf>> {
    let folder = arriving(phone);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(piece.photo.to_string());
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(piece.offset == 0)
        .open(&path)?;
    if file.metadata()?.len() != piece.offset {
        return Err(std::io::Error::other("a piece is missing"));
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(bytes)?;
    if !piece.last {
        return Ok(None);
    }
    file.sync_all()?;
    let camera = phone.folder().join(photos::CAMERA);
    std::fs::create_dir_all(&camera)?;
    let whole = camera.join(format!("{}.jpg", piece.photo));
    std::fs::rename(&path, &whole)?;
    Ok(Some(whole))
}

fn arriving(phone: &Phone) -> PathBuf {
    phone.folder().join("arriving")
}

fn not_handed_over() -> ApiError {
    ApiError::new(
        "photo_file",
        "这张照片没有交到程序手里，记录不受影响；请再拍一张",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn both_bridges_bring_the_same_bytes() {
        let raw = InvokeBody::Raw(vec![0xff, 0xd8, 0, 1]);
        let text = InvokeBody::Json(json!({ "base64": "/9gAAQ==" }));
        assert_eq!(bytes(&raw).unwrap(), bytes(&text).unwrap());
    }

    #[test]
    fn what_is_no_piece_is_refused() {
        for body in [
            json!([255, 216]),
            json!({}),
            json!({ "base64": "/9g*" }),
            json!(null),
        ] {
            let error = bytes(&InvokeBody::Json(body)).unwrap_err();
            assert_eq!(error.code, "photo_file");
        }
    }
}
