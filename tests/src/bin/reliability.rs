//! The fault table: plays every row and writes what was lost. Ends with 1 when a row is not as it
//! should be.

#![allow(clippy::print_stdout)] // the table is what stdout is for

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use xunji_tests::reliability::Form;
use xunji_tests::reliability::mutants::{self, Mutant};
use xunji_tests::reliability::rows::ROWS;
use xunji_tests::reliability::run::{Line, Options, run};

/// Sentences printed of a row that is red; all of them are in the JSON.
const SHOWN: usize = 12;

/// Plays the faults of the table.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for what the rows need.
    #[arg(long)]
    out: PathBuf,
    /// Where the table is written as JSON.
    #[arg(long)]
    json: PathBuf,
    /// Only this row, such as 7 or R26.
    #[arg(long)]
    row: Option<String>,
    /// Seed of the first trial.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Multiplies the trials.
    #[arg(long, default_value_t = 1)]
    rounds: u64,
    /// The short form that every build runs.
    #[arg(long)]
    short: bool,
    /// The trials of the whole table: hours.
    #[arg(long, conflicts_with_all = ["short", "mutants"])]
    whole: bool,
    /// How many rows are played side by side.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Plays each row with its guard removed instead: every one must turn red.
    #[arg(long, conflicts_with = "row")]
    mutants: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let form = match (arguments.short, arguments.whole) {
        (true, _) => Form::Short,
        (_, true) => Form::Whole,
        _ => Form::Usual,
    };
    let options = Options {
        row: arguments.row,
        seed: arguments.seed,
        rounds: arguments.rounds,
        form,
        jobs: arguments.jobs,
        out: arguments.out,
    };
    let done = if arguments.mutants {
        mutants::run(&options, said).map(|unnoticed| unnoticed.is_empty())
    } else {
        let began = Instant::now();
        run(ROWS, &options, say).and_then(|table| {
            println!("{}", table.total(began.elapsed().as_secs_f64()));
            table.write(&arguments.json)?;
            Ok(table.is_good())
        })
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(stopped) => {
            eprintln!("{stopped}");
            ExitCode::FAILURE
        }
    }
}

fn said(mutant: &Mutant, caught: bool) {
    let mark = if caught { "caught " } else { "MISSED " };
    println!(
        "{mark} without {:<12} row {}",
        mutant.guard.name(),
        mutant.row
    );
}

fn say(line: &Line) {
    println!("{}", line.text());
    for figure in &line.figures {
        println!("       {figure}");
    }
    for wrong in line.wrong.iter().take(SHOWN) {
        println!("       {wrong}");
    }
}
