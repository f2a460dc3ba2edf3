//! A row of the table and what one run of it counts.

use crate::market::Step;
use serde::Serialize;
use std::path::PathBuf;

/// How often and with which dice.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Seed; the same one gives the same trace.
    pub seed: u64,
    /// How often the fault is played.
    pub trials: u64,
    /// How long the run may take: some rows play on a larger county where there is time.
    pub form: Form,
    /// A folder of this row's own.
    pub out: PathBuf,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How often the fault was played.
    pub trials: u64,
    /// Acknowledged things that are not there.
    pub lost: u64,
    /// Things that are there twice.
    pub doubled: u64,
    /// What is wrong, in sentences; empty in a good run.
    pub wrong: Vec<String>,
    /// Figures beside the counts, in words.
    pub figures: Vec<String>,
}

impl Count {
    /// Nothing was lost, doubled or wrong, and something was tried.
    pub fn is_good(&self) -> bool {
        self.trials > 0 && self.lost == 0 && self.doubled == 0 && self.wrong.is_empty()
    }

    /// Adds what another run counted.
    pub fn add(&mut self, other: Self) {
        self.trials += other.trials;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.wrong.extend(other.wrong);
        self.figures.extend(other.figures);
    }
}

/// One row.
pub struct Row {
    /// `7`, `R26`.
    pub key: &'static str,
    /// What goes wrong.
    pub fault: &'static str,
    /// Trials of an ordinary run: with all rows half an hour on two cores.
    pub trials: u64,
    /// Trials of the whole form, which takes hours: what the promise is given on.
    pub whole: u64,
    /// Trials of the short form, for every build.
    pub short: u64,
    /// Plays it.
    pub run: fn(&Plan) -> Step<Count>,
}

/// Faults that are played in the row of another one, which is asked for by either name.
const TOGETHER: &[(&str, &str)] = &[("R29", "15")];

/// How long a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Minutes: every build.
    Short,
    /// Half an hour.
    Usual,
    /// Hours.
    Whole,
}

impl Row {
    /// Every name it is asked for by, its key first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let others = TOGETHER.iter().filter(|(_, key)| *key == self.key);
        std::iter::once(self.key).chain(others.map(|(name, _)| *name))
    }

    /// How often the fault is played in a form.
    pub fn trials(&self, form: Form) -> u64 {
        match form {
            Form::Short => self.short,
            Form::Usual => self.trials,
            Form::Whole => self.whole,
        }
    }
}
