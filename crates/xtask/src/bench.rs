//! `bench`: figures with their budgets and the peers' published ones, on screen and in
//! `target/bench/`. No test waits for a time; this only measures.

use std::fs;
use std::process::Command;

use clap::{Args, Subcommand};

use crate::Purpose;
use crate::checkout::Checkout;
use crate::demo::{self, Child, keep_last};
use crate::failure::Failure;

/// What is measured.
#[derive(Subcommand)]
pub enum Bench {
    /// A tap, a search, a page, the queue and a record, with a county's register
    Start(StartOptions),
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

/// Builds, makes the county and measures.
///
/// # Errors
/// What keeps the measuring from starting; a figure over its budget is no error.
pub fn run(checkout: &Checkout, what: &Bench) -> Result<(), Failure> {
    let Bench::Start(options) = what;
    demo::build(checkout, Purpose::Test)?;
    let folder = checkout.root().join("target/bench");
    let out = folder.join("start");
    keep_last(&out)?;
    fs::create_dir_all(&out).map_err(|error| Failure::io("create", &out, error))?;
    let json = folder.join("start.json");
    println!(
        "making a county of {} operators with {} records in its queue; this takes some minutes",
        options.operators, options.records
    );
    let mut command = Command::new(checkout.program("bench-start")?);
    command
        .arg("--out")
        .arg(&out)
        .arg("--json")
        .arg(&json)
        .args(["--operators", &options.operators.to_string()])
        .args(["--records", &options.records.to_string()]);
    let status = Child::start_on_terminal("bench-start", &mut command)?.wait()?;
    if !status.success() {
        return Err(Failure::Failed(format!("bench-start ended with {status}")));
    }
    println!("the figures are also in {}", json.display());
    Ok(())
}
