//! `test`: every test there is, cheap ones first, the whole market day last.

use std::process::Command;
use std::time::Instant;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::setup::node;
use crate::{DemoOptions, Purpose, android, demo, package, reliability, run, setup, tidy, ui};

/// One step: what it is called, how a person runs it alone, and the work.
struct Step {
    name: &'static str,
    alone: &'static str,
    work: fn(&Checkout) -> Result<Outcome, Failure>,
}

enum Outcome {
    Done,
    /// What the step tests is not part of the checkout.
    Absent(&'static str),
    /// What the step needs cannot be had on this machine, and why.
    NotHere(String),
}

const STEPS: &[Step] = &[
    Step {
        name: "set-up",
        alone: "./x setup --for test",
        work: |checkout| done(setup::run(checkout, Purpose::Test)),
    },
    Step {
        name: "format",
        alone: "cargo fmt --all --check",
        work: |checkout| cargo(checkout, &["fmt", "--all", "--check"]),
    },
    Step {
        name: "rules of the source",
        alone: "./x tidy",
        work: |checkout| done(tidy::run(checkout)),
    },
    Step {
        name: "faces: lint, types, unit tests",
        alone: "cd ui && npm test",
        work: faces,
    },
    Step {
        name: "faces: build",
        alone: "cd ui && npm run build",
        work: |checkout| done(ui::build(checkout)),
    },
    Step {
        name: "faces: what was built, and the galleries of components",
        alone: "cd ui && npm run dist && npm run gallery",
        work: built_faces,
    },
    Step {
        name: "lints",
        alone: "cargo clippy --workspace --all-targets --locked -- -D warnings",
        work: |checkout| {
            cargo(
                checkout,
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--",
                    "-D",
                    "warnings",
                ],
            )
        },
    },
    Step {
        name: "programs",
        alone: "cargo build --workspace --bins --locked",
        work: |checkout| cargo(checkout, &["build", "--workspace", "--bins", "--locked"]),
    },
    Step {
        name: "lines that only phones compile",
        alone: "./x check-android",
        work: phones,
    },
    Step {
        name: "packages of these programs",
        alone: "./x package --quick",
        work: |checkout| done(package::pack(checkout, true)),
    },
    Step {
        name: "packages, installed in a copy of this machine",
        alone: "./x package --quick --installed",
        work: installed,
    },
    Step {
        name: "Rust tests",
        alone: "cargo test --workspace --locked",
        work: |checkout| cargo(checkout, &["test", "--workspace", "--locked"]),
    },
    Step {
        name: "fault table, short",
        alone: "./x reliability --short",
        work: |checkout| done(reliability::short(checkout)),
    },
    Step {
        name: "market day",
        alone: "./x demo --once",
        work: market_day,
    },
];

/// Runs all steps; the first that fails ends it.
///
/// # Errors
/// A sentence that names the step and how to run it alone.
pub fn run(checkout: &Checkout) -> Result<(), Failure> {
    let began = Instant::now();
    let mut lines = Vec::new();
    for (number, step) in STEPS.iter().enumerate() {
        println!("\n== {} of {}: {} ==", number + 1, STEPS.len(), step.name);
        let start = Instant::now();
        let outcome = (step.work)(checkout).map_err(|failure| failed(step, &failure))?;
        let seconds = start.elapsed().as_secs_f32();
        lines.push(match outcome {
            Outcome::Done => format!("{seconds:8.1} s  {}", step.name),
            Outcome::Absent(what) => {
                format!("       –    {} (left out: there is no {what})", step.name)
            }
            Outcome::NotHere(why) => {
                let left_out = format!("       –    {}: LEFT OUT, {why}", step.name);
                println!("{left_out}");
                left_out
            }
        });
    }
    println!(
        "\n{}\n{:8.1} s  all steps passed",
        lines.join("\n"),
        began.elapsed().as_secs_f32()
    );
    Ok(())
}

fn failed(step: &Step, failure: &Failure) -> Failure {
    let reason = failure.sentence().unwrap_or("it said above what is wrong");
    let sentence = format!(
        "the step “{}” failed: {reason}\nTo run it alone: {}",
        step.name, step.alone
    );
    match failure {
        Failure::Install(_) => Failure::Install(sentence),
        _ => Failure::Failed(sentence),
    }
}

fn done(result: Result<(), Failure>) -> Result<Outcome, Failure> {
    result.map(|()| Outcome::Done)
}

fn cargo(checkout: &Checkout, words: &[&str]) -> Result<Outcome, Failure> {
    done(run::finish(
        Command::new("cargo")
            .args(words)
            .current_dir(checkout.root()),
    ))
}

fn faces(checkout: &Checkout) -> Result<Outcome, Failure> {
    if !checkout.ui().join("package.json").is_file() {
        return Ok(Outcome::Absent("ui/package.json"));
    }
    done(run::finish(
        node::ensure()?.npm().arg("test").current_dir(checkout.ui()),
    ))
}

/// Sizes, syntax and fonts of the built faces; then the galleries, which the tests of their looks open.
fn built_faces(checkout: &Checkout) -> Result<Outcome, Failure> {
    let mut dist = node::ensure()?.npm();
    run::finish(dist.args(["run", "dist"]).current_dir(checkout.ui()))?;
    done(ui::build_galleries(checkout))
}

/// Not every machine can have the phones' standard library: no rustup that reaches its servers, no Debian packages.
fn phones(checkout: &Checkout) -> Result<Outcome, Failure> {
    unless_left_out(android::check(checkout, false), is_forge())
}

/// Only root can make a copy of the machine; everywhere else the Rust tests unpack the packages and start what is in them.
fn installed(checkout: &Checkout) -> Result<Outcome, Failure> {
    let checked = match package::install(checkout, true) {
        Ok(package::Installed::NotRoot) => {
            let why = "only root can make the copy; the Rust tests unpack the packages and start what is in them";
            return Ok(Outcome::NotHere(why.into()));
        }
        Ok(package::Installed::Done) => Ok(()),
        Err(failure) => Err(failure),
    };
    // Also where changes are taken in a machine may forbid a copy of itself.
    unless_left_out(checked, false)
}

/// A person's machine may lack something; where changes are taken in, a step that was left out is a step that failed.
fn unless_left_out(checked: Result<(), Failure>, is_forge: bool) -> Result<Outcome, Failure> {
    match checked {
        Err(Failure::Install(why)) if !is_forge => Ok(Outcome::NotHere(why)),
        checked => done(checked),
    }
}

/// What every forge says of itself, and `.ci/run` says too.
fn is_forge() -> bool {
    std::env::var_os("CI").is_some_and(|word| !word.is_empty() && word != "false" && word != "0")
}

fn market_day(checkout: &Checkout) -> Result<Outcome, Failure> {
    let bins = checkout.root().join("tests/src/bin");
    if !bins.join("market-day.rs").is_file() && !bins.join("market-day").is_dir() {
        return Ok(Outcome::Absent("market-day in tests/src/bin"));
    }
    let options = DemoOptions {
        once: true,
        port: demo::DEFAULT_PORT,
        no_window: true,
        photos: None,
        fresh: false,
        clean: false,
    };
    done(demo::run(checkout, &options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_may_leave_out_fails_where_changes_are_taken_in() {
        let lacking = || Err(Failure::Install("no compiler".into()));
        assert!(matches!(
            unless_left_out(lacking(), false),
            Ok(Outcome::NotHere(_))
        ));
        assert!(matches!(
            unless_left_out(lacking(), true),
            Err(Failure::Install(_))
        ));
        let broken = Err(Failure::Failed("an error".into()));
        assert!(unless_left_out(broken, false).is_err());
    }
}
