//! `demo --once`: one whole market day, played by the program `market-day` from a fresh county.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::aside::keep_last;
use super::build;
use super::running::Running;
use crate::Purpose;
use crate::checkout::{self, Checkout};
use crate::failure::Failure;

/// Builds and plays the day; ends with the code of `market-day`, which says itself what is wrong.
///
/// # Errors
/// `Exit` with that code; otherwise what kept the day from starting.
pub fn run(checkout: &Checkout, photos: Option<&Path>) -> Result<(), Failure> {
    let photos = photos.map(photo_folder).transpose()?;
    build(checkout, Purpose::Demo)?;
    let _running = Running::claim_once(checkout)?;
    let out = checkout.demo().join("once");
    keep_last(&out)?;
    let mut command = Command::new(checkout.program("market-day")?);
    command.arg("--out").arg(&out).stdin(Stdio::null());
    if let Some(folder) = photos {
        command.arg("--photos-dir").arg(folder);
    }
    let status = command
        .status()
        .map_err(|error| Failure::Failed(format!("market-day could not start: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Exit(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Failed(format!("market-day ended with {status}"))),
    }
}

fn photo_folder(typed: &Path) -> Result<std::path::PathBuf, Failure> {
    let folder = checkout::as_typed(typed);
    fs::read_dir(&folder)
        .map_err(|error| Failure::Usage(format!("--photos {}: {error}", folder.display())))
        .map(|_| folder)
}
