//! Taking bytes over in one pass: read, hash, seal into a new file, make it durable, give it its
//! name. Only reads its source; what happens to the camera's clear file afterwards is
//! [`remove_clear`]'s, after the caller has committed the row.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write as _};
use std::path::Path;

use xunji_protocol::digest::Digest;
use xunji_protocol::limits::MAX_FILE;

use super::folder::{FileFolder, sync_folder};
use super::probe::{Picture, Probe};
use super::sealed::{SEED, SealKey, SealedError, SealedWriter};
use super::steps::Step;

/// A sealed file that has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// SHA-256 of the clear bytes.
    pub sha256: Digest,
    /// Clear bytes.
    pub size: u64,
    /// What they are.
    pub picture: Picture,
}

/// Why nothing was taken over. The source is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TakeOverError {
    /// No such file, or not a plain file.
    #[error("not a readable file")]
    NoFile,
    /// 0 bytes.
    #[error("the file is empty")]
    Empty,
    /// Neither JPEG nor PNG.
    #[error("not a picture")]
    NotAPicture,
    /// More than 64 MiB.
    #[error("larger than a photo may be")]
    TooLarge,
    /// The disk is full.
    #[error("no space left")]
    Full,
    /// The disk said something else.
    #[error("take-over: {0}")]
    Io(io::Error),
    /// Sealing failed.
    #[error(transparent)]
    Sealed(SealedError),
}

impl From<io::Error> for TakeOverError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<SealedError> for TakeOverError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Io(e) => e.into(),
            SealedError::TooLarge => Self::TooLarge,
            other => Self::Sealed(other),
        }
    }
}

/// Where files are sealed, with what, and who watches.
pub struct Bench<'a> {
    /// The folder.
    pub folder: &'a FileFolder,
    /// The key.
    pub key: &'a SealKey,
    /// Told after each step; tests end the program there.
    pub watch: &'a (dyn Fn(Step) + Send + Sync + 'a),
}

/// Takes a picture over from a file. `owner` is the photo it is for.
///
/// # Errors
/// [`TakeOverError`]; the source is as it was and no sealed file was added.
pub fn take_over(
    bench: &Bench<'_>,
    source: &Path,
    owner: [u8; 16],
    seed: &[u8; SEED],
) -> Result<Taken, TakeOverError> {
    let about = fs::metadata(source).map_err(|_| TakeOverError::NoFile)?;
    // Asked before opening: opening a pipe would wait for ever.
    if !about.is_file() {
        return Err(TakeOverError::NoFile);
    }
    if about.len() > MAX_FILE {
        return Err(TakeOverError::TooLarge);
    }
    let clear = File::open(source).map_err(|_| TakeOverError::NoFile)?;
    seal(bench, clear, owner, seed, |picture| match picture {
        Picture::Empty => Err(TakeOverError::Empty),
        Picture::NotAPicture => Err(TakeOverError::NotAPicture),
        Picture::Jpeg { .. } | Picture::Png { .. } => Ok(()),
    })
}

/// Seals bytes that were made on the phone and can be made again: copies, thumbnails.
///
/// # Errors
/// [`TakeOverError`]; no sealed file was added.
pub fn seal_derived(
    bench: &Bench<'_>,
    bytes: &[u8],
    seed: &[u8; SEED],
) -> Result<Taken, TakeOverError> {
    seal(bench, bytes, [0; 16], seed, |_| Ok(()))
}

/// Deletes the camera's clear file, if it lies in the app's own camera folder. A file that a user
/// chose lies elsewhere and is only ever read. Returns whether it was deleted.
///
/// # Errors
/// The disk's.
pub fn remove_clear(camera: &Path, source: &Path) -> io::Result<bool> {
    let Ok(source) = source.canonicalize() else {
        return Ok(false);
    };
    let Ok(camera) = camera.canonicalize() else {
        return Ok(false);
    };
    if source.parent() != Some(camera.as_path()) {
        return Ok(false);
    }
    fs::remove_file(&source)?;
    sync_folder(&camera)?;
    Ok(true)
}

fn seal(
    bench: &Bench<'_>,
    clear: impl Read,
    owner: [u8; 16],
    seed: &[u8; SEED],
    check: impl FnOnce(Picture) -> Result<(), TakeOverError>,
) -> Result<Taken, TakeOverError> {
    let (file, part) = bench.folder.begin(seed.get(..16).unwrap_or_default())?;
    (bench.watch)(Step::Begun);
    let written = write(bench, file, clear, owner, seed)
        .and_then(|taken| check(taken.picture).map(|()| taken));
    if written.is_err() {
        // The part is a copy of bytes that are still at their source.
        let _ = fs::remove_file(&part);
    }
    let taken = written?;
    (bench.watch)(Step::Written);
    bench.folder.place(&part, taken.sha256)?;
    (bench.watch)(Step::Named);
    Ok(taken)
}

fn write(
    bench: &Bench<'_>,
    file: File,
    mut clear: impl Read,
    owner: [u8; 16],
    seed: &[u8; SEED],
) -> Result<Taken, TakeOverError> {
    let out = BufWriter::with_capacity(128 * 1024, file);
    let mut sealed = SealedWriter::new(out, bench.key, owner, seed)?;
    let mut probe = Probe::default();
    let mut buffer = zeroize::Zeroizing::new(vec![0; 64 * 1024]);
    let mut half = false;
    loop {
        let n = clear.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else {
            break;
        };
        probe.feed(bytes);
        sealed.write(bytes)?;
        if sealed.size() > MAX_FILE {
            return Err(TakeOverError::TooLarge);
        }
        if !half {
            half = true;
            (bench.watch)(Step::Writing);
        }
    }
    let (mut out, sha256, size) = sealed.finish()?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(Taken {
        sha256,
        size,
        picture: probe.finish(),
    })
}
