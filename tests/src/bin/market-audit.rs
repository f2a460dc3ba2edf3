//! Opens what phones and server left behind and says what is missing, doubled or altered.

#![allow(clippy::print_stdout)] // the result is what stdout is for

use clap::Parser;
use std::path::{Path, PathBuf};
use xunji_tests::audit::compare::{Found, Taken, compare};
use xunji_tests::audit::{AuditError, county, phone};

/// Compares all databases and blob folders of a played day.
#[derive(Parser)]
struct Arguments {
    /// Folder with `county/`, `phones/*/` and `taken.json`.
    out: PathBuf,
    /// The server's folder, where it lies elsewhere; the server may be running.
    #[arg(long)]
    county: Option<PathBuf>,
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let county = arguments.county.unwrap_or(arguments.out.join("county"));
    match audit(&arguments.out, &county) {
        Ok(found) => {
            println!(
                "{}",
                serde_json::to_string_pretty(&found).unwrap_or_default()
            );
            u8::from(!found.wrong.is_empty()).into()
        }
        Err(error) => {
            eprintln!("{error}");
            2.into()
        }
    }
}

fn audit(out: &Path, county: &Path) -> Result<Found, AuditError> {
    let text =
        std::fs::read(out.join("taken.json")).map_err(|e| AuditError::at("taken.json", e))?;
    let taken: Taken =
        serde_json::from_slice(&text).map_err(|e| AuditError::at("taken.json", e))?;
    let county = county::read(county)?;
    let mut phones = Vec::new();
    let folder = out.join("phones");
    let entries = std::fs::read_dir(&folder).map_err(|e| AuditError::at("phones", e))?;
    for entry in entries {
        let path = entry.map_err(|e| AuditError::at("phones", e))?.path();
        if path.is_dir() {
            phones.push(phone::read(&path)?);
        }
    }
    Ok(compare(&taken, &phones, &county))
}
