//! The folder of sealed files: what lies where, and how a finished file gets its name durably. It
//! deletes nothing that is sealed, but what has left the phone by its rows.
//!
//! ```text
//! files/ab/ab12…    sealed files under the SHA-256 of their clear bytes
//! files/new/        files being written
//! files/aside/      what a kill left behind or what no longer opens; kept for a person
//! files/expected/   one empty mark per open camera: its file time says since when
//! ```

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xunji_domain::ids::PhotoId;
use xunji_protocol::digest::Digest;

/// Name of the folder inside the device's folder.
pub const NAME: &str = "files";

/// The folder of one phone.
#[derive(Clone, Debug)]
pub struct FileFolder {
    root: PathBuf,
}

impl FileFolder {
    /// Makes what is missing.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(device: &Path) -> io::Result<Self> {
        let folder = Self {
            root: device.join(NAME),
        };
        for part in ["new", "aside", "expected"] {
            fs::create_dir_all(folder.root.join(part))?;
        }
        Ok(folder)
    }

    /// Where a sealed file lies.
    pub fn path_of(&self, digest: Digest) -> PathBuf {
        let name = digest.to_hex();
        let shelf: String = name.chars().take(2).collect();
        self.root.join(shelf).join(name)
    }

    /// Begins a file that has no name yet. `tag` must be random: two files never share it.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin(&self, tag: &[u8]) -> io::Result<(File, PathBuf)> {
        let path = self
            .root
            .join("new")
            .join(format!("{}.part", hex::encode(tag)));
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok((file, path))
    }

    /// Gives a finished and synced file its name. After the return it is there under that name even
    /// when the power fails; a file of the same bytes is replaced by its equal.
    ///
    /// # Errors
    /// The disk's.
    pub fn place(&self, part: &Path, digest: Digest) -> io::Result<()> {
        let to = self.path_of(digest);
        let shelf = to.parent().unwrap_or(&self.root);
        if !shelf.is_dir() {
            fs::create_dir_all(shelf)?;
            sync_folder(&self.root)?;
        }
        fs::rename(part, &to)?;
        sync_folder(shelf)
    }

    /// Removes the bytes of a file whose rows have left: committed, and asked for by nobody else.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove_left(&self, digest: Digest) -> io::Result<()> {
        match fs::remove_file(self.path_of(digest)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Keeps a file that nobody can use as it is, out of the way.
    ///
    /// # Errors
    /// The disk's.
    pub fn put_aside(&self, path: &Path) -> io::Result<()> {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut to = self.root.join("aside").join(&name);
        let mut n = 1;
        while to.exists() {
            to = self.root.join("aside").join(format!("{name}.{n}"));
            n += 1;
        }
        fs::rename(path, &to)?;
        sync_folder(&self.root.join("aside"))
    }

    /// Files that were being written when the program ended.
    ///
    /// # Errors
    /// The disk's.
    pub fn parts(&self) -> io::Result<Vec<PathBuf>> {
        files_in(&self.root.join("new"))
    }

    /// Every sealed file, under whatever name it lies.
    ///
    /// # Errors
    /// The disk's.
    pub fn sealed(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            if entry.file_name().len() == 2 && entry.file_type()?.is_dir() {
                found.extend(files_in(&entry.path())?);
            }
        }
        found.sort();
        Ok(found)
    }

    /// Marks that the camera opens for a photo now, by the file system's own clock, which also
    /// stamps the camera's files: no other clock can be compared with them. It is synced with its name: a
    /// phone whose battery dies under the camera would else not know whose the picture is.
    ///
    /// # Errors
    /// The disk's.
    pub fn mark_expected(&self, photo: PhotoId) -> io::Result<()> {
        File::create(self.mark(photo))?.sync_all()?;
        sync_folder(&self.root.join("expected"))
    }

    /// Since when the camera is open for a photo; `None` without a mark.
    pub fn expected_since(&self, photo: PhotoId) -> Option<SystemTime> {
        fs::metadata(self.mark(photo)).ok()?.modified().ok()
    }

    /// The camera is no longer open for this photo.
    pub fn clear_expected(&self, photo: PhotoId) {
        // A mark without an expected row means nothing; it costs an empty file at most.
        let _ = fs::remove_file(self.mark(photo));
    }

    fn mark(&self, photo: PhotoId) -> PathBuf {
        self.root.join("expected").join(photo.to_string())
    }
}

/// Regular files of a folder, by name; none when it does not exist.
///
/// # Errors
/// The disk's.
pub fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Makes the names in a folder durable.
///
/// # Errors
/// The disk's.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
