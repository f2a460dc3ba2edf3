//! The table against itself: with a guard removed its row must turn red. Needs the feature `faults`.

use super::jobs::side_by_side;
use super::run::Options;
use crate::market::{Step, Stopped};
use std::process::{Command, Stdio};
use xunji_protocol::guard::{Guard, SWITCH};

/// A guard and the row that must notice its absence.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// The guard.
    pub guard: Guard,
    /// The row.
    pub row: &'static str,
}

/// Every guard with its row; some with more than one.
pub const MUTANTS: &[Mutant] = &[
    mutant(Guard::Sweep, "1"),
    mutant(Guard::KnownHash, "6"),
    mutant(Guard::MirrorBack, "7"),
    mutant(Guard::FeedHead, "11"),
    mutant(Guard::Receipt, "19"),
    mutant(Guard::Links, "24"),
    mutant(Guard::Replay, "R26"),
    mutant(Guard::SeenValue, "R27"),
    mutant(Guard::LocalSync, "2"),
    mutant(Guard::CountySync, "4"),
    mutant(Guard::BlobSync, "4"),
    mutant(Guard::BackupReach, "R39"),
    mutant(Guard::Lapse, "13"),
    mutant(Guard::NewLog, "14"),
    mutant(Guard::Declare, "R30"),
    mutant(Guard::Witness, "R36"),
    mutant(Guard::ClockOff, "15"),
    mutant(Guard::RightTime, "15"),
    mutant(Guard::CatchUp, "R37"),
    mutant(Guard::SecondVersion, "R31"),
    mutant(Guard::Redrive, "R33"),
    mutant(Guard::Pinned, "R28"),
    mutant(Guard::BodyApart, "R32"),
    mutant(Guard::Beyond, "12"),
    mutant(Guard::Compare, "R40"),
    mutant(Guard::BackedUp, "R42"),
    mutant(Guard::Erased, "R34"),
    mutant(Guard::DraftCopy, "R41"),
    mutant(Guard::OneStep, "16"),
    mutant(Guard::Room, "5"),
    mutant(Guard::Rescue, "R43"),
    mutant(Guard::Resume, "8"),
    mutant(Guard::Resume, "10"),
    mutant(Guard::Resume, "R44"),
    mutant(Guard::Checksum, "10"),
    mutant(Guard::TextFirst, "9"),
    mutant(Guard::Wanted, "R35"),
    mutant(Guard::OnePlan, "3"),
    mutant(Guard::Carried, "R38"),
];

const fn mutant(guard: Guard, row: &'static str) -> Mutant {
    Mutant { guard, row }
}

/// Plays the row of each guard without it; gives the guards whose absence nobody noticed.
///
/// # Errors
/// This program was built without the feature, or cannot be started again.
pub fn run(options: &Options, say: impl Fn(&Mutant, bool) + Sync) -> Step<Vec<&'static str>> {
    if !cfg!(feature = "faults") {
        return Err(Stopped(
            "the guards of this program cannot be switched off: build it with --features faults"
                .to_owned(),
        ));
    }
    let played = side_by_side(MUTANTS, options.jobs, |mutant| {
        let caught = !plays_well(mutant, options)?;
        say(mutant, caught);
        Ok((!caught).then(|| mutant.guard.name()))
    });
    let unnoticed = played.into_iter().collect::<Step<Vec<_>>>()?;
    Ok(unnoticed.into_iter().flatten().collect())
}

/// A process of its own: the switch is read once.
fn plays_well(mutant: &Mutant, options: &Options) -> Step<bool> {
    let failed = |e: std::io::Error| Stopped::at("start a row", e);
    let out = options
        .out
        .join(format!("{}-{}", mutant.guard.name(), mutant.row));
    std::fs::create_dir_all(&out).map_err(failed)?;
    let status = Command::new(std::env::current_exe().map_err(failed)?)
        .env(SWITCH, mutant.guard.name())
        .arg("--short")
        .args(["--row", mutant.row, "--seed", &options.seed.to_string()])
        .args(["--rounds", &options.rounds.to_string()])
        .arg("--json")
        .arg(out.join("table.json"))
        .arg("--out")
        .arg(&out)
        .stdout(Stdio::null())
        .status()
        .map_err(failed)?;
    Ok(status.success())
}
