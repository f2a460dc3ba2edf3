//! 保存期限: which rules a county erases by. Data, with how sure we are of each ground; what is not read in a
//! statute is never shown as one.

use crate::checklist::BasisTag;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The built-in table.
pub const BUILT_IN: &str = include_str!("../retention/rules.toml");

/// The rules of a county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRules(Vec<RetentionRule>);

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// For programs; for ever.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it erases.
    pub covers: Covers,
    /// Years after completion; at least one.
    pub years: u32,
    /// What it says.
    pub text: String,
    /// What it rests on.
    pub grounds: Vec<Ground>,
}

/// What a rule erases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// A record with its amendments, reviews, photos, and the day reports that hold nothing else.
    Inspection,
}

/// What a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// In words.
    pub text: String,
    /// How sure we are.
    pub tag: BasisTag,
}

/// Why a table is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// Not the TOML of such a table.
    #[error("保存期限表无法读取: {0}")]
    Toml(String),
    /// No rule in it.
    #[error("保存期限表里没有规则")]
    Empty,
    /// An id stands twice.
    #[error("保存期限表里编号重复: {0}")]
    Twice(String),
    /// Nothing is erased before a year is over.
    #[error("保存期限不足一年: {0}")]
    TooShort(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: Vec<RetentionRule>,
}

impl RetentionRules {
    /// Reads a table.
    ///
    /// # Errors
    /// [`RetentionError`]; a table with one bad rule is refused whole.
    pub fn parse(text: &str) -> Result<Self, RetentionError> {
        let file: File = toml::from_str(text).map_err(|e| RetentionError::Toml(e.to_string()))?;
        let mut seen = BTreeSet::new();
        for rule in &file.rules {
            if !seen.insert(&rule.id) {
                return Err(RetentionError::Twice(rule.id.clone()));
            }
            if rule.years == 0 {
                return Err(RetentionError::TooShort(rule.id.clone()));
            }
        }
        if file.rules.is_empty() {
            return Err(RetentionError::Empty);
        }
        Ok(Self(file.rules))
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Option<&RetentionRule> {
        self.0.iter().find(|rule| rule.id == id)
    }

    /// All of them, in the order of the table.
    pub fn all(&self) -> &[RetentionRule] {
        &self.0
    }
}

impl RetentionRule {
    /// What was completed before this day may go on `today`; later days have to wait.
    pub fn reaches(&self, today: NaiveDate) -> Option<NaiveDate> {
        today.checked_sub_months(Months::new(self.years.checked_mul(12)?))
    }

    /// The rule with its grounds for people: what was not read in a statute is said to be so.
    pub fn explained(&self) -> Vec<String> {
        let ground = |ground: &Ground| match ground.tag {
            BasisTag::L | BasisTag::S => ground.text.clone(),
            _ => format!("{}（待核实）", ground.text),
        };
        std::iter::once(self.text.clone())
            .chain(self.grounds.iter().map(ground))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_built_in_table_reads_and_says_what_is_not_law() {
        let rules = RetentionRules::parse(BUILT_IN).unwrap();
        let rule = rules.rule("inspection").unwrap();
        assert_eq!(rule.covers, Covers::Inspection);
        assert_eq!(rule.reaches(day("2032-03-01")).unwrap(), day("2027-03-01"));
        let explained = rule.explained();
        assert_eq!(explained.len(), 5);
        for (line, ground) in explained.iter().skip(1).zip(&rule.grounds) {
            let is_law = matches!(ground.tag, BasisTag::L | BasisTag::S);
            assert_eq!(line.ends_with("（待核实）"), !is_law, "{line}");
        }
        assert!(rules.rule("everything").is_none());
    }

    #[test]
    fn a_bad_table_is_refused_whole() {
        let rule = |id: &str, years: u32| {
            format!(
                "[[rules]]\nid = \"{id}\"\nname = \"n\"\ncovers = \"inspection\"\nyears = {years}\ntext = \"t\"\ngrounds = []\n"
            )
        };
        let parse = |text: &str| RetentionRules::parse(text).unwrap_err();
        assert_eq!(parse(""), RetentionError::Empty);
        assert_eq!(
            parse(&(rule("a", 3) + &rule("a", 4))),
            RetentionError::Twice("a".to_owned())
        );
        assert_eq!(
            parse(&(rule("a", 3) + &rule("b", 0))),
            RetentionError::TooShort("b".to_owned())
        );
        let odd = rule("a", 3).replace("inspection", "everything");
        assert!(matches!(parse(&odd), RetentionError::Toml(_)));
    }
}
