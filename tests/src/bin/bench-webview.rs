//! Measures the field app's page in a throttled Chromium that plays a small phone's WebView, and prints the table. No exit
//! code depends on a time.

#![allow(clippy::print_stdout)] // the table is what stdout is for

use clap::Parser;
use std::path::PathBuf;
use xunji_tests::bench::run::write;
use xunji_tests::bench::webview::{Small, measure};

/// First paint, taps and scrolling in a browser that plays a small phone.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for county and phone.
    #[arg(long)]
    out: PathBuf,
    /// Where the figures are written as JSON.
    #[arg(long)]
    json: PathBuf,
    /// The checkout.
    #[arg(long, default_value = ".")]
    checkout: PathBuf,
    /// Operators in the register.
    #[arg(long, default_value_t = 20_000)]
    operators: u32,
    /// How many times slower the page's processor is.
    #[arg(long, default_value_t = 6)]
    slower: u8,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let own = std::env::current_exe().unwrap_or_default();
    let small = Small {
        out: arguments.out,
        programs: own.parent().map(PathBuf::from).unwrap_or_default(),
        checkout: arguments.checkout,
        operators: arguments.operators,
        slower: f64::from(arguments.slower),
    };
    let measured = tokio::select! {
        measured = measure(&small) => measured,
        () = xunji_tests::market::ended() => return 143.into(),
    };
    let written = measured.and_then(|figures| {
        println!("{}", figures.table());
        write(&arguments.json, &figures)
    });
    match written {
        Ok(()) => 0.into(),
        Err(stopped) => {
            eprintln!("nothing was measured, or not all: {stopped}");
            1.into()
        }
    }
}
