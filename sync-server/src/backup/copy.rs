//! Files from one folder to another: as a second name of the same bytes where both lie on one disk, as a
//! durable copy elsewhere.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use xunji_protocol::digest::Digest;

use crate::blobs::Folder;

/// Files between two lines about how far it has come.
const STRIDE: u64 = 1_000;

/// What was copied.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Copied {
    pub(super) files: u64,
    pub(super) linked: u64,
    pub(super) bytes: u64,
}

/// Brings the named files over. One that is not there is passed over: looking through the copy names it.
pub(super) fn files(
    from: &Path,
    to: &Path,
    named: &[(Digest, Option<u64>)],
    say: &dyn Fn(&str, u64),
) -> io::Result<Copied> {
    let (from, shelves) = (Folder::at(from.to_owned()), Folder::at(to.to_owned()));
    let mut copied = Copied::default();
    fs::create_dir_all(to)?;
    for (digest, _) in named {
        let (source, target) = (from.path_of(*digest), shelves.path_of(*digest));
        if let Some(shelf) = target.parent() {
            fs::create_dir_all(shelf)?;
        }
        let len = match fs::metadata(&source) {
            Ok(about) => about.len(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(e),
        };
        if link_or_copy(&source, &target)? {
            copied.linked += 1;
        }
        copied.files += 1;
        copied.bytes += len;
        if copied.files.is_multiple_of(STRIDE) {
            say("复制", copied.files);
        }
    }
    for shelf in fs::read_dir(to)? {
        settle(&shelf?.path())?;
    }
    settle(to)?;
    say("复制", copied.files);
    Ok(copied)
}

/// Whether it became a second name. Stored files are never written again, so that it stays what it is.
fn link_or_copy(source: &Path, target: &Path) -> io::Result<bool> {
    if fs::hard_link(source, target).is_ok() {
        return Ok(true);
    }
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(target)?;
    io::copy(&mut File::open(source)?, &mut out)?;
    out.sync_all()?;
    forget_cached(&out);
    Ok(false)
}

/// Copies a file that only its owner may read.
pub(super) fn private(source: &Path, target: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(target)?;
    io::copy(&mut File::open(source)?, &mut out)?;
    out.sync_all()
}

/// Makes a file or the names in a folder durable; what is read again afterwards comes from the disk.
pub(super) fn settle(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    file.sync_all()?;
    forget_cached(&file);
    Ok(())
}

/// Removes everything in a folder of ours but one name: an earlier copy that was interrupted.
pub(super) fn empty(folder: &Path, but: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == but {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether two folders certainly share a disk.
pub(super) fn same_disk(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let disk = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
        disk(one) == disk(other)
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

fn forget_cached(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}
