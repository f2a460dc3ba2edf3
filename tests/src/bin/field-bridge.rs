//! `field-bridge`: the field app in a browser of this machine, over the real device core. For development and tests; no
//! package holds it. The address, with its token, is the one line on stdout.

#![allow(clippy::print_stdout)] // the address is what stdout is for

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use xunji_tests::bridge::{Bridge, settings};

/// The field app in a browser of this machine.
#[derive(Parser)]
struct Arguments {
    /// The phone's folder; made where it does not exist.
    #[arg(long)]
    data: PathBuf,
    /// The checkout, with `ui/field/dist-bridge` built.
    #[arg(long, default_value = ".")]
    checkout: PathBuf,
    /// Milliseconds the phone's clock is ahead of this machine's.
    #[arg(long, allow_negative_numbers = true)]
    clock_offset_ms: Option<i64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = settings(arguments.data, arguments.clock_offset_ms);
    match Bridge::start(settings, &arguments.checkout).await {
        Ok(bridge) => {
            println!("{}", bridge.url());
            xunji_tests::market::ended().await;
            ExitCode::SUCCESS
        }
        Err(stopped) => {
            eprintln!("{stopped}");
            ExitCode::FAILURE
        }
    }
}
