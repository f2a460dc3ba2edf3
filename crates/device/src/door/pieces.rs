//! A file of the camera comes in pieces: they are put together in a folder of their own and the whole is taken over.

use super::Phone;
use crate::api::{ApiError, Command};
use crate::photos;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::PhotoOrigin;

/// One piece of a file.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    photo: PhotoId,
    offset: u64,
    last: bool,
    origin: PhotoOrigin,
}

impl Piece {
    /// Reads the headers `x-photo`, `x-offset`, `x-last`, and `x-imported` where the page let a person choose a picture
    /// that was there before.
    ///
    /// # Errors
    /// `photo_file` when one of them does not read.
    pub fn read<'a>(text: impl Fn(&str) -> Option<&'a str>) -> Result<Self, ApiError> {
        let read = || {
            Some(Self {
                photo: text("x-photo")?.parse().ok()?,
                offset: text("x-offset")?.parse().ok()?,
                last: text("x-last")? == "1",
                origin: match text("x-imported") {
                    Some("1") => PhotoOrigin::Imported,
                    _ => PhotoOrigin::Camera,
                },
            })
        };
        read().ok_or_else(not_handed_over)
    }
}

/// What carries the bytes of a piece.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// As they are.
    Raw(&'a [u8]),
    /// `{"base64": …}` from Android, whose bridge carries text alone.
    Text(&'a Value),
}

impl<'a> Body<'a> {
    /// The bytes.
    ///
    /// # Errors
    /// `photo_file` for anything else.
    pub fn bytes(self) -> Result<Cow<'a, [u8]>, ApiError> {
        match self {
            Self::Raw(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Text(value) => value
                .get("base64")
                .and_then(Value::as_str)
                .and_then(|text| STANDARD.decode(text).ok())
                .map(Cow::Owned)
                .ok_or_else(not_handed_over),
        }
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
            origin: piece.origin,
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
    let whole = camera_file(phone, piece.photo)?;
    std::fs::rename(&path, &whole)?;
    Ok(Some(whole))
}

/// Where a photo's whole file lies until the core has taken it over, also across a kill: under the photo's own name.
pub fn camera_file(phone: &Phone, photo: PhotoId) -> std::io::Result<PathBuf> {
    let camera = phone.folder().join(photos::CAMERA);
    std::fs::create_dir_all(&camera)?;
    Ok(camera.join(format!("{photo}.jpg")))
}

fn arriving(phone: &Phone) -> PathBuf {
    phone.folder().join("arriving")
}

pub fn not_handed_over() -> ApiError {
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
        let text = json!({ "base64": "/9gAAQ==" });
        let raw = Body::Raw(&[0xff, 0xd8, 0, 1]).bytes().unwrap();
        assert_eq!(raw, Body::Text(&text).bytes().unwrap());
    }

    #[test]
    fn what_is_no_piece_is_refused() {
        for body in [
            json!([255, 216]),
            json!({}),
            json!({ "base64": "/9g*" }),
            json!(null),
        ] {
            let error = Body::Text(&body).bytes().unwrap_err();
            assert_eq!(error.code, "photo_file");
        }
    }
}
