//! Free space, asked before the camera opens: a picture that cannot be kept should not be taken.

use std::path::Path;

/// A photo needs its clear bytes, its sealed ones and the copies, and the database must still be
/// able to commit: four of the largest photos.
pub const NEEDED: u64 = 48 * 1024 * 1024;

/// Bytes that this program may still write in a folder.
///
/// # Errors
/// The system's.
pub fn free(folder: &Path) -> std::io::Result<u64> {
    let about = rustix::fs::statvfs(folder)?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}
