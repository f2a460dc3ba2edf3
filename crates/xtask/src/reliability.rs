//! `reliability`: plays the fault table and writes `target/reliability.json`.

use std::fs;
use std::process::Command;
use std::thread;

use clap::Args;

use crate::Purpose;
use crate::checkout::Checkout;
use crate::demo::{self, Child, keep_last};
use crate::failure::Failure;

/// Which rows, how often, with which dice.
#[derive(Args, Default)]
pub struct ReliabilityOptions {
    /// Multiplies the trials of every row
    #[arg(long, value_name = "N", default_value_t = 1)]
    rounds: u64,
    /// Seed of the first trial; the same seed plays the same faults
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Only this row of the table, such as 7 or R26
    #[arg(long, value_name = "ROW")]
    row: Option<String>,
    /// The short form that the tests run
    #[arg(long)]
    short: bool,
    /// The trials of the whole table, which takes hours
    #[arg(long, conflicts_with_all = ["short", "mutants"])]
    whole: bool,
    /// Plays each row with its guard removed: every one must turn red
    #[arg(long, conflicts_with_all = ["row", "short"])]
    mutants: bool,
}

/// Builds and plays.
///
/// # Errors
/// A row lost or doubled something, or could not be played.
pub fn run(checkout: &Checkout, options: &ReliabilityOptions) -> Result<(), Failure> {
    if options.short || options.mutants {
        demo::build(checkout, Purpose::Test)?;
    } else {
        demo::build_with(checkout, Purpose::Test, &demo::OPTIMISED)?;
    }
    if options.mutants {
        with_faults(checkout)?;
    }
    play(checkout, options)
}

/// The short form, where everything is built already.
///
/// # Errors
/// As [`run`].
pub fn short(checkout: &Checkout) -> Result<(), Failure> {
    let options = ReliabilityOptions {
        rounds: 1,
        seed: 1,
        row: None,
        short: true,
        whole: false,
        mutants: false,
    };
    play(checkout, &options)
}

/// Freezes the present schema into `tests/frozen`.
///
/// # Errors
/// It is frozen already, or the day that is frozen did not come to its end.
pub fn freeze(checkout: &Checkout) -> Result<(), Failure> {
    demo::build(checkout, Purpose::Test)?;
    crate::run::finish(&mut Command::new(checkout.program("freeze")?))
}

/// The same programs with guards that can be switched off. The next ordinary build puts the others back.
fn with_faults(checkout: &Checkout) -> Result<(), Failure> {
    crate::run::finish(
        Command::new("cargo")
            .args(["build", "--workspace", "--bins", "--locked"])
            .args(["--features", "xunji-tests/faults"])
            .current_dir(checkout.root()),
    )
}

fn play(checkout: &Checkout, options: &ReliabilityOptions) -> Result<(), Failure> {
    let target = checkout.root().join("target");
    let (out, json) = (target.join("reliability"), target.join("reliability.json"));
    keep_last(&out)?;
    fs::create_dir_all(&out).map_err(|error| Failure::io("create", &out, error))?;
    let mut command = Command::new(checkout.program("reliability")?);
    command
        .arg("--out")
        .arg(&out)
        .arg("--json")
        .arg(&json)
        .args(["--rounds", &options.rounds.to_string()])
        .args(["--seed", &options.seed.to_string()]);
    if let Some(row) = &options.row {
        command.args(["--row", row]);
    }
    if options.mutants {
        command.arg("--mutants");
    }
    if options.short {
        command.arg("--short");
    }
    if options.whole {
        command.arg("--whole");
    }
    // The tests play one row after the other: what else runs beside them is theirs to say.
    if options.mutants || !options.short {
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        command.args(["--jobs", &jobs.to_string()]);
    }
    let status = Child::start_on_terminal("reliability", &mut command)?.wait()?;
    if !status.success() {
        return Err(Failure::Failed(format!(
            "a row of the fault table is red; all of it is in {}",
            json.display()
        )));
    }
    println!("the table is also in {}", json.display());
    Ok(())
}
