//! Files in a folder of the server's own disk.
//!
//! ```text
//! blobs/ab/ab12…     stored files under their SHA-256
//! blobs/staging/…    uploads that are not whole yet, under their upload id
//! blobs/trash/…      bytes that did not match or were given up; kept for a person to look at
//! ```

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;

use super::{BlobError, Blobs, Fence, Staging, UploadId, hash};

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes what is missing.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        for part in ["staging", "trash"] {
            fs::create_dir_all(root.join(part))?;
        }
        sync_folder(&root)?;
        Ok(Self { root })
    }

    /// A folder that is there and is only read.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where a stored file lies.
    pub fn path_of(&self, digest: Digest) -> PathBuf {
        let name = digest.to_hex();
        let shelf: String = name.chars().take(2).collect();
        self.root.join(shelf).join(name)
    }

    /// Where an upload's bytes lie.
    pub fn staging_path(&self, id: UploadId) -> PathBuf {
        self.root.join("staging").join(id.to_string())
    }

    fn free_name_in_trash(&self, id: UploadId) -> PathBuf {
        let name = |n: u32| self.root.join("trash").join(format!("{id}.{n}"));
        let mut n = 0;
        while name(n).exists() {
            n += 1;
        }
        name(n)
    }
}

impl Blobs for Folder {
    fn stage(&self, id: UploadId) -> Result<Box<dyn Staging>, BlobError> {
        let path = self.staging_path(id);
        let fresh = !path.exists();
        let file = File::options().append(true).create(true).open(&path)?;
        if fresh {
            sync_folder(&self.root.join("staging"))?;
        }
        let mut staging = StagingFile { file, len: 0 };
        // Waits for an older request in the middle of a piece: what it writes is counted here, and what
        // it would write later does not pass the fence.
        staging.alone(|staging| {
            // What a killed process had written is in the file but was perhaps never synced.
            sync_file(&staging.file)?;
            staging.len = staging.file.metadata()?.len();
            Ok(())
        })?;
        Ok(Box::new(staging))
    }

    fn is_staged(&self, id: UploadId) -> Result<bool, BlobError> {
        Ok(self.staging_path(id).try_exists()?)
    }

    fn settle(&self, id: UploadId, digest: Digest) -> Result<(), BlobError> {
        let staged = self.staging_path(id);
        let file = File::open(&staged).map_err(moved_on)?;
        sync_file(&file)?;
        forget_cached(&file);
        if hash(file)? != digest {
            self.put_aside(id)?;
            return Err(BlobError::Mismatch);
        }
        let to = self.path_of(digest);
        let shelf = to.parent().unwrap_or(&self.root);
        if !shelf.is_dir() {
            fs::create_dir_all(shelf)?;
            sync_folder(&self.root)?;
        }
        // Over a file of the same name too: these bytes were just checked, those perhaps never.
        fs::rename(&staged, &to).map_err(moved_on)?;
        sync_folder(shelf)?;
        sync_folder(&self.root.join("staging"))?;
        Ok(())
    }

    fn discard(&self, id: UploadId) -> Result<(), BlobError> {
        match fs::remove_file(self.staging_path(id)) {
            Ok(()) => Ok(sync_folder(&self.root.join("staging"))?),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    fn put_aside(&self, id: UploadId) -> Result<(), BlobError> {
        match fs::rename(self.staging_path(id), self.free_name_in_trash(id)) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(e.into()),
        }
        sync_folder(&self.root.join("trash"))?;
        Ok(sync_folder(&self.root.join("staging"))?)
    }

    fn open_staged(&self, id: UploadId) -> Result<Box<dyn Read + Send>, BlobError> {
        Ok(Box::new(File::open(self.staging_path(id))?))
    }

    fn staged(&self) -> Result<Vec<(UploadId, SystemTime)>, BlobError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join("staging"))? {
            let entry = entry?;
            // Names that are not ours are left alone.
            let Some(Ok(id)) = entry.file_name().to_str().map(str::parse) else {
                continue;
            };
            match entry.metadata() {
                Ok(about) => found.push((id, about.modified()?)),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e.into()),
            }
        }
        Ok(found)
    }

    fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError> {
        match fs::metadata(self.path_of(digest)) {
            Ok(about) => Ok(Some(about.len())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    fn open(&self, digest: Digest) -> Result<Option<Box<dyn Read + Send>>, BlobError> {
        match File::open(self.path_of(digest)) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    fn remove(&self, digest: Digest) -> Result<bool, BlobError> {
        let path = self.path_of(digest);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(e.into()),
        }
        sync_folder(path.parent().unwrap_or(&self.root))?;
        Ok(true)
    }

    fn discard_aside(&self, id: UploadId) -> Result<(), BlobError> {
        let trash = self.root.join("trash");
        let own = format!("{id}.");
        for entry in fs::read_dir(&trash)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&own) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(sync_folder(&trash)?)
    }

    /// What lies on the shelves. Names that are not ours are left alone.
    fn stored(&self) -> Result<Vec<Digest>, BlobError> {
        let mut found = Vec::new();
        for shelf in fs::read_dir(&self.root)? {
            let shelf = shelf?;
            if shelf.file_name().len() != 2 || !shelf.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(shelf.path())? {
                let digest = entry?.file_name().to_str().and_then(Digest::from_hex);
                found.extend(digest.filter(|d| self.path_of(*d).starts_with(shelf.path())));
            }
        }
        Ok(found)
    }

    fn free(&self) -> Result<u64, BlobError> {
        let about = rustix::fs::statvfs(&self.root).map_err(io::Error::from)?;
        Ok(about.f_bavail.saturating_mul(about.f_frsize))
    }
}

struct StagingFile {
    file: File,
    len: u64,
}

impl StagingFile {
    /// Runs `work` while no other handle of this file is inside its own.
    fn alone(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(), BlobError>,
    ) -> Result<(), BlobError> {
        self.file.lock()?;
        let done = work(self);
        self.file.unlock()?;
        done
    }

    fn write_on(&mut self, bytes: &[u8], fence: Fence<'_>) -> Result<(), BlobError> {
        if self.file.metadata()?.len() != self.len || !fence() {
            return Err(BlobError::Fenced);
        }
        let written = self.file.write_all(bytes);
        self.len = self.file.metadata()?.len();
        Ok(written?)
    }
}

impl Staging for StagingFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn append(&mut self, bytes: &[u8], fence: Fence<'_>) -> Result<(), BlobError> {
        self.alone(|staging| staging.write_on(bytes, fence))
    }

    fn sync(&mut self) -> Result<u64, BlobError> {
        sync_file(&self.file)?;
        Ok(self.len)
    }
}

/// Another instance has given the staging its name, or put it aside, in the middle of our work.
fn moved_on(error: io::Error) -> BlobError {
    match error.kind() {
        io::ErrorKind::NotFound => BlobError::Fenced,
        _ => error.into(),
    }
}

/// Asks the system to drop its cached pages, so that the hash is over what the disk holds. Where it
/// does not, the hash is over the cache and still over what was written.
fn forget_cached(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Bytes first: a name must never lead to bytes that a power cut can take away.
fn sync_file(file: &File) -> io::Result<()> {
    if Guard::BlobSync.stands() {
        return file.sync_data();
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
