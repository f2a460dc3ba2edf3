//! Sizes of the programs as they are built here.

use super::figures::Size;
use std::path::Path;
use std::process::Command;

const PROGRAMS: [&str; 3] = ["xunji-server", "xunji-app", "xunji-headless"];

/// The programs that are there, with their sizes as built and without symbols.
pub fn of(programs: &Path, work: &Path) -> Vec<Size> {
    PROGRAMS
        .iter()
        .filter_map(|name| {
            let path = programs.join(name);
            let bytes = std::fs::metadata(&path).ok()?.len();
            Some(Size {
                program: (*name).to_owned(),
                bytes,
                stripped: stripped(&path, &work.join(name)),
            })
        })
        .collect()
}

/// Bytes of a stripped copy; `None` without the binutils.
fn stripped(program: &Path, copy: &Path) -> Option<u64> {
    let done = Command::new("strip")
        .arg("-o")
        .arg(copy)
        .arg(program)
        .status()
        .ok()?;
    let bytes = std::fs::metadata(copy).ok()?.len();
    let _ = std::fs::remove_file(copy);
    done.success().then_some(bytes)
}
