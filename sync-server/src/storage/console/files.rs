//! Which files of a photo the server holds.

use super::Scope;
use super::records::{Filter, chosen_with};
use crate::storage::columns::digest;
use crate::storage::error::StoreError;
use crate::storage::files::{kind, of_original};
use crate::storage::store::Store;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use xunji_domain::ids::BureauId;
use xunji_domain::inspection::{InspectionContent, PhotoRef};
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
    /// A photo with what is here of it.
    fn of(photo: &PhotoRef, files: &[(FileKind, Digest)]) -> Self {
        let one = |wanted| {
            files
                .iter()
                .find(|(kind, _)| *kind == wanted)
                .map(|(_, file)| *file)
        };
        Self {
            photo: photo.clone(),
            thumbnail: one(FileKind::Thumbnail),
            copy: one(FileKind::Copy),
            original: one(FileKind::Original),
        }
    }

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
    let files = match Digest::from_hex(&photo.sha256) {
        Some(original) => of_original(db, bureau, original)?,
        None => Vec::new(),
    };
    Ok(PhotoFiles::of(photo, &files))
}

/// Files of all photos of some records, by the original's hash.
pub(super) struct FilesOfAll(BTreeMap<String, Vec<(FileKind, Digest)>>);

impl FilesOfAll {
    /// The photos of one record, in its order.
    pub(super) fn of(&self, content: &InspectionContent) -> Vec<PhotoFiles> {
        let none = Vec::new();
        content
            .photos
            .iter()
            .map(|photo| PhotoFiles::of(photo, self.0.get(&photo.sha256).unwrap_or(&none)))
            .collect()
    }
}

/// Files of all photos of the records that a filter chooses, in one query.
pub(super) fn files_of_all(
    db: &Connection,
    scope: Scope,
    filter: &Filter,
) -> Result<FilesOfAll, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "WITH chosen AS MATERIALIZED (
           SELECT DISTINCT p.sha256 AS hex, unhex(p.sha256) AS sha256 FROM inspection i
           JOIN photo_ref p ON p.bureau = i.bureau AND p.inspection = i.inspection WHERE {})
         SELECT c.hex, f.kind, f.sha256 FROM chosen c
           JOIN file f ON f.bureau = ?1 AND f.sha256 = c.sha256 AND f.kind = ?6
         UNION ALL SELECT c.hex, f.kind, f.sha256 FROM chosen c
           JOIN file f ON f.bureau = ?1 AND f.original = c.sha256 AND f.kind <> ?6",
        filter.chosen()
    ))?;
    let own = FileKind::Original.code();
    let rows = statement.query_map(chosen_with(scope, filter, own), |row| {
        Ok((row.get(0)?, (kind(row, 1)?, digest(row, 2)?)))
    })?;
    let mut found: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for row in rows {
        let (original, file) = row?;
        found.entry(original).or_default().push(file);
    }
    Ok(FilesOfAll(found))
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
