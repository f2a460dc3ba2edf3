//! Measures what a person waits for with a register and a queue of a county's size, and prints the
//! table. No exit code depends on a time.

#![allow(clippy::print_stdout)] // the table is what stdout is for

use clap::Parser;
use std::path::PathBuf;
use xunji_tests::bench::county::Size;
use xunji_tests::bench::run::{Options, start, write};

/// Taps, searches, pages, queue and record, with real programs.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for county, phones and window.
    #[arg(long)]
    out: PathBuf,
    /// Where the figures are written as JSON.
    #[arg(long)]
    json: PathBuf,
    /// Operators in the register.
    #[arg(long, default_value_t = 20_000)]
    operators: u32,
    /// Records in the queue.
    #[arg(long, default_value_t = 200)]
    records: usize,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let programs = std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(PathBuf::from));
    let options = Options {
        out: arguments.out,
        programs: programs.unwrap_or_default(),
        size: Size {
            operators: arguments.operators,
            records: arguments.records,
        },
    };
    let measured = tokio::select! {
        measured = start(&options) => measured,
        () = xunji_tests::market::ended() => return 143.into(),
    };
    let figures = match measured {
        Ok(figures) => figures,
        Err(stopped) => {
            eprintln!("nothing was measured: {stopped}");
            return 1.into();
        }
    };
    println!("{}", figures.table());
    match write(&arguments.json, &figures) {
        Ok(()) => 0.into(),
        Err(stopped) => {
            eprintln!("{stopped}");
            1.into()
        }
    }
}
