//! Runs rows and writes the table.

use super::jobs::side_by_side;
use super::{Count, Form, Plan, Row};
use crate::market::{Step, Stopped};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only this row.
    pub row: Option<String>,
    /// Seed of the first trial.
    pub seed: u64,
    /// Multiplies the trials.
    pub rounds: u64,
    /// How long it may take.
    pub form: Form,
    /// How many rows are played side by side.
    pub jobs: usize,
    /// Where rows leave what they need.
    pub out: PathBuf,
}

/// A line of the table.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Row.
    pub row: String,
    /// What goes wrong.
    pub fault: String,
    /// How often it was played.
    pub trials: u64,
    /// Acknowledged things that are not there.
    pub lost: u64,
    /// Things that are there twice.
    pub doubled: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// Seed of the first trial.
    pub seed: u64,
    /// What is wrong; empty in a good run.
    pub wrong: Vec<String>,
    /// Figures beside the counts, in words.
    pub figures: Vec<String>,
}

/// The table.
#[derive(Debug, Default, Serialize)]
pub struct Table {
    /// Lines, in the order of the rows.
    pub rows: Vec<Line>,
}

impl Table {
    /// Whether every row is as it should be.
    pub fn is_good(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(Line::is_good)
    }

    /// All lines in one, as a person reads it; `seconds` is what the whole run took, rows side by side.
    pub fn total(&self, seconds: f64) -> String {
        let mark = if self.is_good() { "ok " } else { "RED" };
        let sum = |of: fn(&Line) -> u64| self.rows.iter().map(of).sum::<u64>();
        format!(
            "{mark}  all  {:>7} trials  lost {:>3}  doubled {:>3}  {seconds:>7.1} s  {} rows",
            sum(|line| line.trials),
            sum(|line| line.lost),
            sum(|line| line.doubled),
            self.rows.len()
        )
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, path: &Path) -> Step<()> {
        let json = serde_json::to_vec_pretty(self).map_err(|e| Stopped::at("table", e))?;
        std::fs::write(path, json).map_err(|e| Stopped::at(&path.display().to_string(), e))
    }
}

impl Line {
    fn is_good(&self) -> bool {
        self.trials > 0 && self.lost == 0 && self.doubled == 0 && self.wrong.is_empty()
    }

    /// The line as a person reads it.
    pub fn text(&self) -> String {
        let mark = if self.is_good() { "ok " } else { "RED" };
        format!(
            "{mark} {:>4}  {:>7} trials  lost {:>3}  doubled {:>3}  {:>7.1} s  seed {}  {}",
            self.row, self.trials, self.lost, self.doubled, self.seconds, self.seed, self.fault
        )
    }
}

/// Runs the rows that were asked for, and says each as soon as it is done.
///
/// # Errors
/// No row has this name; a folder cannot be made.
pub fn run(rows: &[Row], options: &Options, say: impl Fn(&Line) + Sync) -> Step<Table> {
    let asked = |row: &&Row| {
        let name = options.row.as_deref();
        name.is_none_or(|name| row.names().any(|own| own == name))
    };
    let asked: Vec<&Row> = rows.iter().filter(asked).collect();
    if asked.is_empty() {
        let known: Vec<&str> = rows.iter().flat_map(Row::names).collect();
        return Err(Stopped(format!(
            "no such row; there are {}",
            known.join(", ")
        )));
    }
    let rows = side_by_side(&asked, options.jobs, |row| {
        let line = one(row, options);
        if let Ok(line) = &line {
            say(line);
        }
        line
    });
    let rows = rows.into_iter().collect::<Step<Vec<Line>>>()?;
    Ok(Table { rows })
}

fn one(row: &Row, options: &Options) -> Step<Line> {
    let out = options.out.join(row.key);
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out).map_err(|e| Stopped::at(&out.display().to_string(), e))?;
    let plan = Plan {
        seed: options.seed,
        trials: row.trials(options.form) * options.rounds.max(1),
        form: options.form,
        out,
    };
    let began = Instant::now();
    // A row that could not be played to its end is red, and the others are still played.
    let count = (row.run)(&plan).unwrap_or_else(|stopped| Count {
        wrong: vec![stopped.to_string()],
        ..Count::default()
    });
    Ok(Line {
        row: row.key.to_owned(),
        fault: row.fault.to_owned(),
        trials: count.trials,
        lost: count.lost,
        doubled: count.doubled,
        seconds: began.elapsed().as_secs_f64(),
        seed: options.seed,
        wrong: count.wrong,
        figures: count.figures,
    })
}

#[cfg(test)]
mod tests {
    use super::{Options, run};
    use crate::reliability::{Count, Form, Row};

    const ROWS: &[Row] = &[row("7"), row("15")];

    const fn row(key: &'static str) -> Row {
        Row {
            key,
            fault: "",
            trials: 1,
            whole: 1,
            short: 1,
            run: |plan| {
                Ok(Count {
                    trials: plan.trials,
                    ..Count::default()
                })
            },
        }
    }

    fn played(name: &str) -> Result<Vec<String>, String> {
        let out = tempfile::tempdir().unwrap();
        let options = Options {
            row: Some(name.to_owned()),
            seed: 1,
            rounds: 1,
            form: Form::Short,
            jobs: 1,
            out: out.path().to_owned(),
        };
        let table = run(ROWS, &options, |_| {}).map_err(|stopped| stopped.0)?;
        Ok(table.rows.into_iter().map(|line| line.row).collect())
    }

    #[test]
    fn a_row_is_played_by_every_name_it_has() {
        assert_eq!(played("15").unwrap(), ["15"]);
        assert_eq!(played("R29").unwrap(), ["15"]);
        assert_eq!(
            played("29").unwrap_err(),
            "no such row; there are 7, 15, R29"
        );
    }
}
