//! `demo --once`: one whole market day, played by the program `market-day` from a fresh county. That
//! county has no past: the day itself is what is shown, within five minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::aside::keep_last;
use super::build;
use super::children::Child;
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
    command.arg("--out").arg(&out);
    if let Some(folder) = photos {
        command.arg("--photos-dir").arg(folder);
    }
    let status = Child::start_on_terminal("market-day", &mut command)?.wait()?;
    publish(&out, &checkout.demo())?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Exit(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Failed(format!("market-day ended with {status}"))),
    }
}

/// Puts the summary and the printed day where they can be found without knowing the played county.
fn publish(out: &Path, demo: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(out)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    for path in entries.map(|entry| entry.path()) {
        let is_result =
            path.extension().is_some_and(|end| end == "pdf") || path.ends_with("summary.json");
        if let Some(name) = path.file_name().filter(|_| is_result) {
            fs::copy(&path, demo.join(name)).map_err(|error| Failure::io("copy", &path, error))?;
        }
    }
    Ok(())
}

fn photo_folder(typed: &Path) -> Result<PathBuf, Failure> {
    let folder = checkout::as_typed(typed);
    fs::read_dir(&folder)
        .map_err(|error| Failure::Usage(format!("--photos {}: {error}", folder.display())))
        .map(|_| folder)
}
