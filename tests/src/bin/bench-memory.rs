//! Measures how much memory app and page take while somebody looks at every photo of a full phone. No
//! exit code depends on a figure.

#![allow(clippy::print_stdout)] // the figures are what stdout is for

use clap::Parser;
use std::path::{Path, PathBuf};
use xunji_tests::bench::memory::{Load, Memory, measure};

/// Walks through a full phone in the real window.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for county, phone and window.
    #[arg(long)]
    out: PathBuf,
    /// Where the figures are written as JSON.
    #[arg(long)]
    json: PathBuf,
    /// Records.
    #[arg(long, default_value_t = 200)]
    records: usize,
    /// Photos of each.
    #[arg(long, default_value_t = 10)]
    photos: usize,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let own = std::env::current_exe().unwrap_or_default();
    let programs = own.parent().unwrap_or(Path::new("."));
    let load = Load {
        out: arguments.out,
        records: arguments.records,
        photos: arguments.photos.max(1),
    };
    let mut say = |line: String| eprintln!("{line}");
    let measured = tokio::select! {
        measured = measure(&load, programs, &mut say) => measured,
        () = xunji_tests::market::ended() => return 143.into(),
    };
    match measured {
        Ok(memory) => told(&memory, &arguments.json),
        Err(stopped) => {
            eprintln!("nothing was measured: {stopped}");
            1.into()
        }
    }
}

fn told(memory: &Memory, json: &Path) -> std::process::ExitCode {
    println!(
        "{} records, {} thumbnails, {} photos large in {:.0} s\n\
         app:  {} MiB at first, {} MiB at most\n\
         page: {} MiB at first, {} MiB at most",
        memory.records,
        memory.thumbnails,
        memory.large,
        memory.seconds,
        memory.app_first / 1024,
        memory.app_peak / 1024,
        memory.page_first / 1024,
        memory.page_peak / 1024,
    );
    let written = serde_json::to_vec_pretty(memory)
        .map_err(|e| e.to_string())
        .and_then(|text| std::fs::write(json, text).map_err(|e| e.to_string()));
    match written {
        Ok(()) => 0.into(),
        Err(error) => {
            eprintln!("{}: {error}", json.display());
            1.into()
        }
    }
}
