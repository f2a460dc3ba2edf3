//! Numbers that know their list. A count is made by reading the very parameters that open its rows,
//! so that the two cannot tell different things.

use super::Span;
use crate::app::App;
use crate::console::register::{self, Entry};
use crate::console::{chosen, register::today};
use crate::problem::{Answer, internal};
use crate::storage::console::visits::{self, Range};
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::ids::OperatorId;
use xunji_protocol::state::InspectionSummary;

/// Conditions beside those of the whole page.
pub(super) type More<'a> = [(&'a str, &'a str)];

/// What opens the rows behind a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct List {
    of: &'static str,
    params: BTreeMap<String, String>,
}

/// A number and its list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Count {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) n: usize,
    pub(super) list: List,
}

/// A share with both its numbers.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Rate {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) numerator: usize,
    pub(super) denominator: usize,
    /// `None` over nothing: shown as —.
    pub(super) permille: Option<usize>,
    pub(super) unit: &'static str,
    pub(super) note: String,
    pub(super) list: List,
    pub(super) list_all: List,
}

/// Everything the page counts, read once.
pub(super) struct Counted<'a> {
    base: BTreeMap<String, String>,
    pub(super) summaries: Vec<InspectionSummary>,
    before: chosen::FailedBefore,
    entries: &'a [Entry],
    span: Span,
    visited: BTreeSet<OperatorId>,
    on: NaiveDate,
}

impl<'a> Counted<'a> {
    /// Reads the visits of the days, and who was visited.
    pub(super) fn load(app: &App, span: &Span, entries: &'a [Entry]) -> Answer<Self> {
        let range = Range {
            from: Some(span.from),
            to: Some(span.to),
            operator: None,
        };
        let mut base = BTreeMap::new();
        base.insert("from".to_owned(), span.from.to_string());
        base.insert("to".to_owned(), span.to.to_string());
        if let Some(station) = span.scope.station {
            base.insert("station".to_owned(), station.to_string());
        }
        if let Some(kind) = span.kind {
            base.insert("kind".to_owned(), crate::storage::columns::code(&kind)?);
        }
        let (from, to) = (range.from, range.to);
        Ok(Self {
            base,
            summaries: visits::summaries(&app.store, span.scope, range.clone())?,
            before: visits::failed_before(&app.store, span.scope, range)?,
            visited: crate::storage::console::register::visited(&app.store, span.sees, from, to)?,
            on: today(app)?,
            entries,
            span: *span,
        })
    }

    fn list(&self, of: &'static str, more: &More<'_>) -> List {
        let mut params = self.base.clone();
        for (key, value) in more {
            params.insert((*key).to_owned(), (*value).to_owned());
        }
        List { of, params }
    }

    /// Records under further conditions; a condition of the same name takes the place of the page's.
    pub(super) fn records(&self, key: &str, label: &str, more: &More<'_>) -> Answer<Count> {
        let list = self.list("records", more);
        let chosen = read::<chosen::Asked>(&list)?.read()?;
        let takes = |record: &&InspectionSummary| chosen.takes(record, &self.before);
        Ok(Count {
            key: key.to_owned(),
            label: label.to_owned(),
            n: self.summaries.iter().filter(takes).count(),
            list,
        })
    }

    /// The records of the page itself, for figures that are counted in one pass.
    pub(super) fn of_page(&self) -> Answer<impl Iterator<Item = &InspectionSummary>> {
        let chosen = read::<chosen::Asked>(&self.list("records", &[]))?.read()?;
        let takes = move |record: &&InspectionSummary| chosen.takes(record, &self.before);
        Ok(self.summaries.iter().filter(takes))
    }

    /// A number that was counted elsewhere, with the list that opens its rows.
    pub(super) fn known(&self, key: &str, label: &str, n: usize, more: &More<'_>) -> Count {
        Count {
            key: key.to_owned(),
            label: label.to_owned(),
            n,
            list: self.list("records", more),
        }
    }

    /// Operators under conditions.
    pub(super) fn operators(&self, key: &str, label: &str, more: &More<'_>) -> Answer<Count> {
        let list = self.list("operators", more);
        let asked = read::<register::Asked>(&list)?;
        let station = chosen::uuid(asked.station.clone())?;
        let chosen = asked.read()?;
        let takes = |entry: &&Entry| {
            let of = entry.operator.station;
            self.span.scope.sees(of)
                && station.is_none_or(|wanted| of.0 == wanted)
                && chosen.takes(entry, self.on, &self.visited)
        };
        Ok(Count {
            key: key.to_owned(),
            label: label.to_owned(),
            n: self.entries.iter().filter(takes).count(),
            list,
        })
    }
}

/// The share of one count in another.
pub(super) fn rate(part: Count, whole: Count, unit: &'static str, note: String) -> Rate {
    Rate {
        key: part.key,
        label: part.label,
        numerator: part.n,
        denominator: whole.n,
        permille: (part.n * 1000 + whole.n / 2).checked_div(whole.n),
        unit,
        note,
        list: part.list,
        list_all: whole.list,
    }
}

/// Parameters as an address would bring them.
fn read<T: DeserializeOwned>(list: &List) -> Answer<T> {
    let params = serde_json::to_value(&list.params).map_err(|e| internal(&e))?;
    serde_json::from_value(params).map_err(|e| internal(&e))
}
