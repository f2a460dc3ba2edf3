//! Puts right what a kill cut short: at every start, on resume, and before the camera opens again.
//! Everything found ends in one of three places: on the photo it certainly belongs to, in the tray
//! 待归位, or aside. Nothing is guessed and nothing is deleted but clear files whose sealed equal is kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use uuid::Uuid;
use xunji_domain::ids::PhotoId;
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;

use super::folder::files_in;
use super::keep;
use super::pictures::is_fresh;
use super::probe::{Picture, Probe};
use super::sealed::{FRAME, SealedError, SealedReader};
use super::shared::Safe;
use super::take_over::{TakeOverError, Taken};
use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::photos::{self, PhotoRow, PhotoState};
use crate::store::local::{files, left};
use crate::usecases::{acting, photos as rules};

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Photos that were found again.
    pub found: usize,
    /// Pictures that went to the tray.
    pub tray: usize,
    /// Files kept aside.
    pub aside: usize,
}

/// What becomes of clear pictures that belong to no photo with certainty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    ToTray,
    Stays,
}

/// Sweeps once.
///
/// # Errors
/// Those of the file and the disk; what was done stays done, and the next sweep goes on.
pub fn sweep(device: &Device) -> Result<Swept, ApiError> {
    sweep_with(device, Rest::ToTray)
}

/// Sweeps, but leaves pictures of unknown record where they are: when the camera has just given the
/// screen back, the page may be about to say which photo its file is.
///
/// # Errors
/// As [`sweep`].
pub fn sweep_certain(device: &Device) -> Result<Swept, ApiError> {
    sweep_with(device, Rest::Stays)
}

fn sweep_with(device: &Device, rest: Rest) -> Result<Swept, ApiError> {
    let _alone = device.photos.taking();
    let safe = Safe::open(device)?;
    let mut swept = Swept::default();
    if !Guard::Sweep.stands() {
        return Ok(swept);
    }
    for part in safe.folder.parts().map_err(StoreError::from)? {
        // Its source is where it was: the camera's file is deleted only after the row is committed.
        safe.folder.put_aside(&part).map_err(StoreError::from)?;
        swept.aside += 1;
    }
    for path in safe.folder.sealed().map_err(StoreError::from)? {
        orphan(device, &safe, &path, &mut swept)?;
    }
    cameras(device, &safe, rest, &mut swept)?;
    if swept.found + swept.tray > 0 {
        device.photos.ring();
    }
    Ok(swept)
}

/// A sealed file that no row names: killed between its name and the commit.
fn orphan(device: &Device, safe: &Safe, path: &Path, swept: &mut Swept) -> Result<(), ApiError> {
    let name = path
        .file_name()
        .and_then(|n| n.to_str())
        .and_then(Digest::from_hex);
    if let Some(digest) = name
        && device
            .local()?
            .read(|read| files::get(read, digest))?
            .is_some()
    {
        return Ok(());
    }
    if let Some(digest) = name
        && device.local()?.read(|read| left::has_left(read, digest))?
    {
        // Killed between the commit that let it go and this.
        return Ok(safe.folder.remove_left(digest).map_err(StoreError::from)?);
    }
    let (owner, taken) = match look_into(safe, path) {
        Ok(found) => found,
        Err(SealedError::Io(error)) => return Err(StoreError::from(error).into()),
        Err(_) => {
            safe.folder.put_aside(path).map_err(StoreError::from)?;
            swept.aside += 1;
            return Ok(());
        }
    };
    if name != Some(taken.sha256) {
        safe.folder
            .place(path, taken.sha256)
            .map_err(StoreError::from)?;
    }
    // Files without an owner are made from an original and will be made again.
    let Some(owner) = owner else { return Ok(()) };
    match open_row(device, owner)? {
        Some(row) => {
            keep::commit(device, owner, row.origin, &taken)?;
            safe.folder.clear_expected(owner);
            swept.found += 1;
        }
        None => {
            into_tray(device, &taken)?;
            swept.tray += 1;
        }
    }
    Ok(())
}

/// Owner, digest and kind of a sealed file, by its bytes.
fn look_into(safe: &Safe, path: &Path) -> Result<(Option<PhotoId>, Taken), SealedError> {
    let mut reader = SealedReader::open(File::open(path)?, &safe.key)?;
    let owner = Uuid::from_bytes(reader.owner());
    let sha256 = reader.digest()?;
    let mut probe = Probe::default();
    let mut at = 0;
    while at < reader.size() {
        let bytes = reader.read_at(at, FRAME)?;
        probe.feed(&bytes);
        at += bytes.len() as u64;
    }
    let taken = Taken {
        sha256,
        size: reader.size(),
        picture: probe.finish(),
    };
    Ok(((!owner.is_nil()).then_some(PhotoId(owner)), taken))
}

/// Clear pictures in the folders of the cameras.
fn cameras(device: &Device, safe: &Safe, to: Rest, swept: &mut Swept) -> Result<(), ApiError> {
    let rest = link_named(device, safe, strangers(device, safe, to)?, swept)?;
    let expected = still_expected(device)?;
    if let ([path], [row]) = (rest.as_slice(), expected.as_slice())
        && is_fresh(&safe.folder, row.id, path)
    {
        return link(device, safe, row.id, path, swept);
    }
    if to == Rest::Stays {
        return Ok(());
    }
    for path in rest {
        let id = PhotoId(device.new_id()?);
        if let Some(taken) = seal(device, safe, id, &path)? {
            into_tray(device, &taken)?;
            keep::clear(device, safe, id, &path)?;
            swept.tray += 1;
        }
    }
    Ok(())
}

/// Clear pictures that are not kept yet; those that are go. One that ends too early may still be written
/// while its camera lives.
fn strangers(device: &Device, safe: &Safe, to: Rest) -> Result<Vec<PathBuf>, ApiError> {
    let mut strangers = Vec::new();
    for folder in device.photos.cameras(device.folder()) {
        for path in files_in(&folder).map_err(StoreError::from)? {
            if let Some((sha256, found)) = picture(&path)? {
                if to == Rest::Stays && found.cut() {
                    continue;
                }
                if is_kept(device, safe, sha256)? {
                    // Killed between the commit and this.
                    super::take_over::remove_clear(&folder, &path).map_err(StoreError::from)?;
                } else {
                    strangers.push(path);
                }
            }
        }
    }
    Ok(strangers)
}

/// Takes over what the shell has named after its photo; answers the others.
fn link_named(
    device: &Device,
    safe: &Safe,
    strangers: Vec<PathBuf>,
    swept: &mut Swept,
) -> Result<Vec<PathBuf>, ApiError> {
    let mut rest = Vec::new();
    for path in strangers {
        // The shell names its own hand-over after the photo: that is no guess.
        match named_photo(&path) {
            Some(photo) if open_row(device, photo)?.is_some() => {
                link(device, safe, photo, &path, swept)?;
            }
            _ => rest.push(path),
        }
    }
    Ok(rest)
}

fn link(
    device: &Device,
    safe: &Safe,
    photo: PhotoId,
    path: &Path,
    swept: &mut Swept,
) -> Result<(), ApiError> {
    if let Some(taken) = seal(device, safe, photo, path)? {
        keep::commit(device, photo, PhotoOrigin::Camera, &taken)?;
        keep::clear(device, safe, photo, path)?;
        swept.found += 1;
    }
    Ok(())
}

/// Seals a camera's file. One whose bytes are to blame stays where it is and hinders nobody.
fn seal(
    device: &Device,
    safe: &Safe,
    photo: PhotoId,
    path: &Path,
) -> Result<Option<Taken>, ApiError> {
    match keep::seal(device, safe, photo, path) {
        Ok(taken) => Ok(Some(taken)),
        Err(error @ (TakeOverError::Full | TakeOverError::Io(_) | TakeOverError::Sealed(_))) => {
            Err(super::problems::of(&error))
        }
        Err(_) => Ok(None),
    }
}

/// A photo of unknown record: 待归位.
fn into_tray(device: &Device, taken: &Taken) -> Result<(), ApiError> {
    let id = PhotoId(device.new_id()?);
    device.local()?.write(|write| {
        let at = acting::reading(device, write)?;
        let nothing = PhotoPurpose::Items { items: Vec::new() };
        photos::expect(write, &keep::fresh(id, photos::TRAY, nothing, at))
    })?;
    keep::commit(device, id, PhotoOrigin::Camera, taken)
}

/// The row of a photo that can still take its original.
fn open_row(device: &Device, photo: PhotoId) -> Result<Option<PhotoRow>, ApiError> {
    device.local()?.read(|read| {
        let row = photos::get(read, photo)?.filter(|row| row.sealed.is_none());
        Ok(row.filter(|row| rules::open_for_photos(read, row.draft).is_ok()))
    })
}

fn still_expected(device: &Device) -> Result<Vec<PhotoRow>, ApiError> {
    device.local()?.read(|read| {
        let rows = photos::in_state(read, PhotoState::Expected)?;
        Ok(rows
            .into_iter()
            .filter(|row| rules::open_for_photos(read, row.draft).is_ok())
            .collect())
    })
}

/// Whether an original is here and still opens: only then may a clear file go.
fn is_kept(device: &Device, safe: &Safe, sha256: Digest) -> Result<bool, ApiError> {
    if device
        .local()?
        .read(|read| files::get(read, sha256))?
        .is_none()
    {
        return Ok(false);
    }
    Ok(look_into(safe, &safe.folder.path_of(sha256)).is_ok_and(|(_, kept)| kept.sha256 == sha256))
}

/// Digest and kind of a clear file; `None` for what is no picture (an empty file is a camera that was
/// closed, or has not written yet).
fn picture(path: &Path) -> Result<Option<(Digest, Picture)>, ApiError> {
    use sha2::{Digest as _, Sha256};
    use std::io::Read as _;
    let Ok(mut file) = File::open(path) else {
        return Ok(None);
    };
    let (mut probe, mut hasher) = (Probe::default(), Sha256::new());
    let mut buffer = vec![0; FRAME];
    loop {
        let n = file.read(&mut buffer).map_err(StoreError::from)?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else {
            break;
        };
        probe.feed(bytes);
        hasher.update(bytes);
    }
    let found = probe.finish();
    let is_picture = !matches!(found, Picture::Empty | Picture::NotAPicture);
    Ok(is_picture.then(|| (Digest(hasher.finalize().into()), found)))
}

fn named_photo(path: &Path) -> Option<PhotoId> {
    path.file_stem()?.to_str()?.parse().ok()
}
