//! The desktop's keystore: two files with mode 0600. Phones had it before they had theirs.

use super::{KeyError, KeyStore, MasterKey};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The desktop's keystore: a file with mode 0600.
#[derive(Clone, Debug)]
pub struct FileKeyStore {
    path: PathBuf,
}

impl FileKeyStore {
    /// A key file at this path; nothing is touched yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl KeyStore for FileKeyStore {
    fn load(&self) -> Result<Option<MasterKey>, KeyError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
        };
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged)?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn keep(&self, key: &MasterKey) -> Result<(), KeyError> {
        keep_new(&self.path, key.as_slice())
    }

    fn replace(&self, key: &MasterKey) -> Result<(), KeyError> {
        if self.path.exists() {
            let mut aside = beside(&self.path, ".aside");
            for n in 1.. {
                if !aside.exists() {
                    break;
                }
                aside = beside(&self.path, &format!(".aside-{n}"));
            }
            std::fs::rename(&self.path, aside)?;
        }
        self.keep(key)
    }

    fn instance(&self, fresh: [u8; 16]) -> Result<Option<[u8; 16]>, KeyError> {
        if let Some(kept) = self.kept_instance()? {
            return Ok(Some(kept));
        }
        keep_new(&self.instance_path(), &fresh)?;
        Ok(Some(fresh))
    }

    fn renew_instance(&self, fresh: [u8; 16]) -> Result<(), KeyError> {
        let path = self.instance_path();
        written_beside(&path, &fresh)?
            .persist(&path)
            .map_err(|e| e.error)?;
        sync_folder_of(&path)
    }
}

impl FileKeyStore {
    /// The id, where there is one.
    pub(super) fn kept_instance(&self) -> Result<Option<[u8; 16]>, KeyError> {
        match std::fs::read(self.instance_path()) {
            Ok(kept) => kept
                .as_slice()
                .try_into()
                .map(Some)
                .map_err(|_| KeyError::Damaged),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Removes the key, once it lies elsewhere.
    pub(super) fn forget_key(&self) -> Result<(), KeyError> {
        forget(&self.path)
    }

    /// Removes the id, once it lies elsewhere.
    pub(super) fn forget_instance(&self) -> Result<(), KeyError> {
        forget(&self.instance_path())
    }

    fn instance_path(&self) -> PathBuf {
        beside(&self.path, ".instance")
    }
}

fn forget(path: &Path) -> Result<(), KeyError> {
    match std::fs::remove_file(path) {
        Ok(()) => sync_folder_of(path),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e.into()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Writes a file that only its owner reads, never over an existing one, and makes it durable.
fn keep_new(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let file = written_beside(path, bytes)?;
    file.persist_noclobber(path).map_err(|e| e.error)?;
    sync_folder_of(path)
}

fn written_beside(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, KeyError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".key-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn sync_folder_of(path: &Path) -> Result<(), KeyError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    Ok(std::fs::File::open(folder)?.sync_all()?)
}
