//! Which files of a photo the server holds.

use super::Scope;
use crate::storage::error::StoreError;
use crate::storage::files::of_original;
use crate::storage::store::Store;
use rusqlite::{Connection, params};
use xunji_domain::ids::BureauId;
use xunji_domain::inspection::PhotoRef;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

/// A photo that a record names, and what has arrived of it.
#[derive(Clone, Debug)]
pub struct PhotoFiles {
    /// As the record names it.
    pub photo: PhotoRef,
    /// SHA-256 of the thumbnail.
    pub thumbnail: Option<Digest>,
    /// SHA-256 of the working copy.
    pub copy: Option<Digest>,
    /// SHA-256 of the original, once it is here.
    pub original: Option<Digest>,
}

impl PhotoFiles {
    /// Whether a reviewer can look at it: the working copy, or thumbnail and original of a photo
    /// that has none (one with too many pixels for the phone).
    pub fn can_be_judged(&self) -> bool {
        self.copy.is_some() || (self.thumbnail.is_some() && self.original.is_some())
    }

    /// Every file that is here.
    pub fn here(&self) -> impl Iterator<Item = Digest> {
        [self.thumbnail, self.copy, self.original]
            .into_iter()
            .flatten()
    }
}

/// The files of one photo. Several logs may have delivered the same one: of several thumbnails or
/// copies one is shown.
pub(super) fn files_of(
    db: &Connection,
    bureau: BureauId,
    photo: &PhotoRef,
) -> Result<PhotoFiles, StoreError> {
    let mut files = PhotoFiles {
        photo: photo.clone(),
        thumbnail: None,
        copy: None,
        original: None,
    };
    let Some(original) = Digest::from_hex(&photo.sha256) else {
        return Ok(files);
    };
    for (kind, file) in of_original(db, bureau, original)? {
        match kind {
            FileKind::Original => files.original = Some(file),
            FileKind::Copy => files.copy = files.copy.or(Some(file)),
            FileKind::Thumbnail => files.thumbnail = files.thumbnail.or(Some(file)),
            FileKind::Body => {}
        }
    }
    Ok(files)
}

/// Whether a file belongs to a photo of a record within the scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn visible(store: &Store, scope: Scope, file: Digest) -> Result<bool, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT 1 FROM photo_ref p
             JOIN inspection i ON i.bureau = p.bureau AND i.inspection = p.inspection
             WHERE p.bureau = ?1 AND (?2 IS NULL OR i.station = ?2)
               AND (p.sha256 = ?4 OR p.sha256 IN
                    (SELECT lower(hex(f.original)) FROM file f
                     WHERE f.bureau = ?1 AND f.sha256 = ?3 AND f.kind IN ('thumbnail', 'copy')))",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            file.0,
            file.to_hex()
        ];
        Ok(statement.exists(key)?)
    })
}
