//! Measured figures: their middle and their 95th of a hundred, the budget and the peer's figure beside
//! them, as a table and as JSON.

use serde::Serialize;

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Most milliseconds that the 95th may take; none where only the figure matters.
    pub budget_ms: Option<f64>,
    /// Half of the measurements are below.
    pub median_ms: f64,
    /// 95 of a hundred are below.
    pub p95_ms: f64,
    /// The longest.
    pub worst_ms: f64,
    /// How many measurements.
    pub count: usize,
    /// What a peer's published figure says about the same thing, with its source.
    pub peer: &'static str,
}

impl Figure {
    /// From measurements in milliseconds; `None` of none.
    pub fn of(
        what: &str,
        budget_ms: Option<f64>,
        peer: &'static str,
        measured: &[f64],
    ) -> Option<Self> {
        let mut sorted = measured.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            what: what.to_owned(),
            budget_ms,
            median_ms: quantile(&sorted, 50)?,
            p95_ms: quantile(&sorted, 95)?,
            worst_ms: quantile(&sorted, 100)?,
            count: sorted.len(),
            peer,
        })
    }

    /// Whether the 95th is within the budget; figures without one always are.
    pub fn holds(&self) -> bool {
        self.budget_ms.is_none_or(|most| self.p95_ms <= most)
    }
}

/// The smallest measurement that `percent` of a hundred do not exceed (nearest rank).
fn quantile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The size of a program.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// Its name.
    pub program: String,
    /// Bytes of the file as built.
    pub bytes: u64,
    /// Bytes without symbols and line tables.
    pub stripped: Option<u64>,
}

/// Everything of one run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// Operators in the register.
    pub operators: u64,
    /// Records in the queue.
    pub records: u64,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Sizes of the programs.
    pub sizes: Vec<Size>,
    /// Seconds of making the county, and what else is worth saying about the run.
    pub notes: Vec<String>,
}

impl Figures {
    /// Adds a figure; a part that measured nothing says so instead.
    pub fn add(
        &mut self,
        what: &str,
        budget_ms: Option<f64>,
        peer: &'static str,
        measured: &[f64],
    ) {
        match Figure::of(what, budget_ms, peer, measured) {
            Some(figure) => self.figures.push(figure),
            None => self.notes.push(format!("{what}: nothing was measured")),
        }
    }

    /// The table for a terminal.
    pub fn table(&self) -> String {
        let mut lines = vec![format!(
            "{} operators, {} records in the queue; milliseconds",
            self.operators, self.records
        )];
        lines.push(format!(
            "{:<46} {:>8} {:>9} {:>9} {:>9} {:>5}      {}",
            "figure", "budget", "median", "95th", "worst", "n", "a peer, as published"
        ));
        for figure in &self.figures {
            let budget = figure
                .budget_ms
                .map_or_else(|| "–".to_owned(), |most| format!("{most:.0}"));
            let verdict = match (figure.budget_ms, figure.holds()) {
                (None, _) => "    ",
                (_, true) => "ok  ",
                (_, false) => "over",
            };
            lines.push(format!(
                "{:<46} {budget:>8} {:>9.2} {:>9.2} {:>9.2} {:>5} {verdict} {}",
                figure.what,
                figure.median_ms,
                figure.p95_ms,
                figure.worst_ms,
                figure.count,
                figure.peer
            ));
        }
        for size in &self.sizes {
            let stripped = size
                .stripped
                .map_or_else(String::new, |bytes| format!(", {} stripped", mib(bytes)));
            lines.push(format!("{}: {}{stripped}", size.program, mib(size.bytes)));
        }
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_middle_and_the_95th_are_measurements_themselves() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let figure = Figure::of("tap", Some(95.0), "", &hundred).unwrap();
        let Figure {
            median_ms,
            p95_ms,
            worst_ms,
            ..
        } = figure;
        assert_eq!((median_ms, p95_ms, worst_ms), (50.0, 95.0, 100.0));
        assert!(figure.holds());
        assert!(!Figure::of("tap", Some(94.9), "", &hundred).unwrap().holds());
        assert_eq!(Figure::of("one", None, "", &[7.0]).unwrap().p95_ms, 7.0);
        assert!(Figure::of("none", None, "", &[]).is_none());
    }

    #[test]
    fn the_table_says_what_is_over_budget() {
        let mut figures = Figures::default();
        figures.add("queue", Some(500.0), "Central 17.7 s", &[501.0]);
        figures.add("record", Some(1_000.0), "–", &[]);
        let table = figures.table();
        assert!(table.contains("over Central 17.7 s"), "{table}");
        assert!(table.contains("record: nothing was measured"));
    }
}
