//! `bench`: figures with their budgets and the peers' published ones, on screen and in
//! `target/bench/`. No test waits for a time; this only measures.

use std::fs;
use std::process::Command;

use clap::{Args, Subcommand};

use crate::Purpose;
use crate::checkout::Checkout;
use crate::demo::{self, Child, keep_last};
use crate::failure::Failure;
use crate::ui;

/// What is measured.
#[derive(Subcommand)]
pub enum Bench {
    /// A tap, a search, a page, the queue and a record, with a county's register
    Start(StartOptions),
    /// Memory of app and page while somebody looks at every photo of a full phone
    Memory(MemoryOptions),
    /// First paint, taps and scrolling in a throttled Chromium that plays a small phone's WebView
    Webview(WebviewOptions),
}

/// How large the county is.
#[derive(Args)]
pub struct StartOptions {
    /// Operators in the register
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    operators: u32,
    /// Records in the queue; at least 38
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(38..=300))]
    records: u16,
}

/// How much lies on the phone.
#[derive(Args)]
pub struct MemoryOptions {
    /// Records
    #[arg(long, value_name = "N", default_value_t = 200)]
    records: u16,
    /// Photos of each record
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=20))]
    photos: u16,
}

/// How large the register is, and how small the phone.
#[derive(Args)]
pub struct WebviewOptions {
    /// Operators in the register
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    operators: u32,
    /// How many times slower the page's processor is
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=20))]
    slower: u8,
}

/// Builds, makes the county and measures.
///
/// # Errors
/// What keeps the measuring from starting; a figure over its budget is no error.
pub fn run(checkout: &Checkout, what: &Bench) -> Result<(), Failure> {
    demo::build_with(checkout, Purpose::Test, &demo::OPTIMISED)?;
    let (name, program, words) = match what {
        Bench::Start(size) => {
            println!(
                "making a county of {} operators with {} records in its queue; this takes some minutes",
                size.operators, size.records
            );
            let words = [
                ("--operators", size.operators.to_string()),
                ("--records", size.records.to_string()),
            ];
            ("start", "bench-start", words)
        }
        Bench::Memory(load) => {
            let words = [
                ("--records", load.records.to_string()),
                ("--photos", load.photos.to_string()),
            ];
            ("memory", "bench-memory", words)
        }
        Bench::Webview(small) => {
            ui::build_galleries(checkout)?;
            let words = [
                ("--operators", small.operators.to_string()),
                ("--slower", small.slower.to_string()),
            ];
            ("webview", "bench-webview", words)
        }
    };
    let folder = checkout.root().join("target/bench");
    let out = folder.join(name);
    keep_last(&out)?;
    fs::create_dir_all(&out).map_err(|error| Failure::io("create", &out, error))?;
    let json = folder.join(format!("{name}.json"));
    let mut command = Command::new(checkout.program(program)?);
    command.arg("--out").arg(&out).arg("--json").arg(&json);
    for (word, value) in words {
        command.arg(word).arg(value);
    }
    command.current_dir(checkout.root());
    let status = Child::start_on_terminal(program, &mut command)?.wait()?;
    if !status.success() {
        return Err(Failure::Failed(format!("{program} ended with {status}")));
    }
    println!("the figures are also in {}", json.display());
    Ok(())
}
