//! What past visits found and said, as data: `crates/domain/county/past.toml`.

use crate::market::{Step, Stopped};
use serde::Deserialize;
use std::collections::BTreeMap;
use xunji_domain::words::{Measure, OperatorKind};

const TEXT: &str = include_str!("../../../../crates/domain/county/past.toml");

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Words {
    /// What fails, how often, and in which words.
    pub findings: Vec<FindingWords>,
    /// Items that do not apply to some operators of a kind.
    pub not_applicable: BTreeMap<OperatorKind, Vec<String>>,
    /// Items that ask about the visit before.
    before: Vec<Named>,
    /// Items left unchecked, with the reason.
    pub unchecked: Vec<UncheckedWords>,
    /// Numbers read at an item that conforms, by key.
    pub readings: BTreeMap<String, Vec<String>>,
    /// Numbers read at an item that fails, by key.
    pub readings_failed: BTreeMap<String, Vec<String>>,
    /// Names and sentences of the people.
    pub words: PeopleWords,
    /// What the supervisor asks for, and what is answered.
    pub returns: Vec<ReturnWords>,
}

/// One way to fail.
#[derive(Clone, Debug, Deserialize)]
pub struct FindingWords {
    /// The item.
    pub item: String,
    /// How often, against the others of the same operator; 0 only where something asks for it.
    pub weight: u64,
    /// What was found, one of these.
    pub problems: Vec<String>,
    /// What is ordered.
    pub measure: Measure,
    /// Days until the deadline.
    pub days: Option<u64>,
    /// Whether there is something to photograph.
    pub photo: bool,
    /// Why there is no photo.
    #[serde(default)]
    pub why: String,
}

/// An item that was not checked.
#[derive(Clone, Debug, Deserialize)]
pub struct UncheckedWords {
    /// The item.
    pub item: String,
    /// Why.
    pub reason: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    item: String,
}

/// Names and sentences.
#[derive(Debug, Deserialize)]
pub struct PeopleWords {
    /// Invented names.
    pub names: Vec<String>,
    /// What the inspected party says.
    pub opinions: Vec<String>,
    /// Why the party does not sign.
    pub refusal: String,
    /// Who the witness is.
    pub witness_unit: String,
    /// Why nobody could be inspected.
    pub absent: Vec<String>,
}

/// A record sent back and its amendment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReturnWords {
    /// The supervisor's reason.
    pub reason: String,
    /// What is added to the problem.
    pub addition: String,
    /// The inspectors' reason.
    pub answer: String,
}

impl Words {
    /// Reads the built-in file.
    ///
    /// # Errors
    /// When it is not what this program expects.
    pub fn read() -> Step<Self> {
        toml::from_str(TEXT).map_err(|e| Stopped::at("past.toml", e))
    }

    /// The words of an item.
    pub fn of(&self, item: &str) -> Option<&FindingWords> {
        self.findings.iter().find(|f| f.item == item)
    }

    /// Whether an item asks about the visit before.
    pub fn asks_before(&self, item: &str) -> bool {
        self.before.iter().any(|b| b.item == item)
    }
}
