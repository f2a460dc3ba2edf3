//! Which records: the conditions of a list, and the same conditions behind every figure. A number is
//! counted by the filter that opens its rows, so that the two cannot differ.

use crate::problem::Answer;
use crate::storage::console::parse_id;
use crate::storage::console::visits::{Range, stands_on};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_domain::checklist::{Item, ItemCode, SectionKey, all};
use xunji_domain::ids::{InspectionId, MarketId, OperatorId, PersonId, StationId};
use xunji_domain::text::{matches, search_keys};
use xunji_domain::words::{
    Answer as Given, Conclusion, GradeLetter, InspectionState, OperatorKind, Severity,
};
use xunji_protocol::problem::Code;
use xunji_protocol::state::InspectionSummary;

/// Items that failed at the visit before, by record.
pub(super) type FailedBefore = BTreeMap<InspectionId, Vec<ItemCode>>;

/// Conditions as they stand in an address. What is left out does not narrow.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    pub(super) query: Option<String>,
    pub(super) station: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) inspector: Option<String>,
    pub(super) market: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) state: Option<String>,
    pub(super) conclusion: Option<String>,
    pub(super) grade: Option<String>,
    pub(super) section: Option<String>,
    pub(super) item: Option<String>,
    pub(super) severity: Option<String>,
    pub(super) answer: Option<String>,
    pub(super) follow: Option<String>,
}

/// Whether something waits, was settled, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// Waits for a review.
    Pending,
    /// One state.
    #[serde(untagged)]
    State(InspectionState),
}

/// A grade, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Grade {
    /// 不评级.
    None,
    /// A, B or C.
    #[serde(untagged)]
    Letter(GradeLetter),
}

/// A conclusion, or any that judged something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Concluded {
    /// Everything but 未能检查.
    Any,
    /// One conclusion.
    #[serde(untagged)]
    One(Conclusion),
}

/// What came of a section or an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Came {
    /// 不符合.
    Failed,
    /// 符合 or 不符合.
    Checked,
}

/// What became of the failures of the visit before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Follow {
    /// There were some.
    All,
    /// Each of them conforms now.
    Mended,
}

/// Conditions, read.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    pub(super) range: Range,
    pub(super) station: Option<StationId>,
    pub(super) query: String,
    pub(super) inspector: Option<PersonId>,
    pub(super) market: Option<MarketId>,
    pub(super) kind: Option<OperatorKind>,
    pub(super) state: Option<Standing>,
    pub(super) conclusion: Option<Concluded>,
    pub(super) grade: Option<Grade>,
    pub(super) section: Option<SectionKey>,
    pub(super) item: Option<ItemCode>,
    pub(super) severity: Option<Severity>,
    pub(super) answer: Option<Came>,
    pub(super) follow: Option<Follow>,
}

impl Asked {
    /// Reads the conditions.
    pub(super) fn read(self) -> Answer<Chosen> {
        Ok(Chosen {
            range: Range {
                from: date(self.from)?,
                to: date(self.to)?,
                operator: uuid(self.operator)?.map(OperatorId),
            },
            station: uuid(self.station)?.map(StationId),
            query: self.query.unwrap_or_default().trim().to_owned(),
            inspector: uuid(self.inspector)?.map(PersonId),
            market: uuid(self.market)?.map(MarketId),
            kind: word(self.kind)?,
            state: word(self.state)?,
            conclusion: word(self.conclusion)?,
            grade: word(self.grade)?,
            section: word(self.section)?,
            item: self.item.filter(|i| !i.is_empty()).map(ItemCode),
            severity: word(self.severity)?,
            answer: word(self.answer)?,
            follow: word(self.follow)?,
        })
    }
}

impl Chosen {
    /// Whether a record is one of them. Voided ones only when asked for.
    pub(super) fn takes(&self, record: &InspectionSummary, before: &FailedBefore) -> bool {
        self.range_takes(record)
            && self.state_takes(record.state)
            && self.kind.is_none_or(|kind| record.operator_kind == kind)
            && self
                .market
                .is_none_or(|market| record.market == Some(market))
            && self
                .inspector
                .is_none_or(|person| stands_on(record, person))
            && self.conclusion_takes(record.conclusion)
            && self.grade_takes(record.graded.letter)
            && self.answers_take(record)
            && self.follow_takes(record, before)
            && self.finds(record)
    }

    fn range_takes(&self, record: &InspectionSummary) -> bool {
        let range = &self.range;
        range.from.is_none_or(|from| record.day >= from)
            && range.to.is_none_or(|to| record.day <= to)
            && range
                .operator
                .is_none_or(|operator| record.operator == operator)
            && self.station.is_none_or(|station| record.station == station)
    }

    fn state_takes(&self, state: InspectionState) -> bool {
        match self.state {
            None => state != InspectionState::Voided,
            Some(Standing::Pending) => super::rows::waits(state),
            Some(Standing::State(wanted)) => state == wanted,
        }
    }

    fn conclusion_takes(&self, conclusion: Conclusion) -> bool {
        match self.conclusion {
            None => true,
            Some(Concluded::Any) => conclusion != Conclusion::NotInspected,
            Some(Concluded::One(wanted)) => conclusion == wanted,
        }
    }

    fn grade_takes(&self, letter: Option<GradeLetter>) -> bool {
        match self.grade {
            None => true,
            Some(Grade::None) => letter.is_none(),
            Some(Grade::Letter(wanted)) => letter == Some(wanted),
        }
    }

    fn answers_take(&self, record: &InspectionSummary) -> bool {
        if self.section.is_none() && self.item.is_none() && self.severity.is_none() {
            return true;
        }
        let came = self.answer.unwrap_or(Came::Checked);
        record.answers.iter().any(|(code, given)| {
            let wanted = match came {
                Came::Failed => *given == Given::Fail,
                Came::Checked => matches!(given, Given::Pass | Given::Fail),
            };
            wanted
                && self.item.as_ref().is_none_or(|item| item == code)
                && self
                    .section
                    .is_none_or(|key| item(code).is_some_and(|i| i.section == key))
                && self
                    .severity
                    .is_none_or(|of| item(code).is_some_and(|i| i.severity == of))
        })
    }

    fn follow_takes(&self, record: &InspectionSummary, before: &FailedBefore) -> bool {
        let Some(follow) = self.follow else {
            return true;
        };
        let Some(failed) = before.get(&record.id) else {
            return false;
        };
        let conforms = |item: &ItemCode| {
            let mut answers = record.answers.iter();
            answers.any(|(code, given)| code == item && *given == Given::Pass)
        };
        record.conclusion != Conclusion::NotInspected
            && (follow == Follow::All || failed.iter().all(conforms))
    }

    /// The query finds name, record number and inspectors.
    fn finds(&self, record: &InspectionSummary) -> bool {
        if self.query.is_empty() {
            return true;
        }
        let keys = search_keys(&record.operator_name).with_numbers([record.record_no.as_str()]);
        matches(&self.query, &keys)
            || record
                .inspectors
                .iter()
                .any(|(_, name)| matches(&self.query, &search_keys(name)))
    }
}

/// An item of whatever checklist.
pub(super) fn item(code: &ItemCode) -> Option<&'static Item> {
    all().ok()?.iter().find_map(|list| list.item(code))
}

/// A day as `2026-10-21`; empty is none.
pub(super) fn date(text: Option<String>) -> Answer<Option<NaiveDate>> {
    filled(text)
        .map(|text| text.parse().map_err(|_| Code::BadRequest.into()))
        .transpose()
}

/// An id; one that does not read names nothing.
pub(super) fn uuid(text: Option<String>) -> Answer<Option<Uuid>> {
    filled(text)
        .map(|text| parse_id(&text).ok_or_else(|| Code::NotFound.into()))
        .transpose()
}

/// A word of a closed vocabulary.
pub(super) fn word<T: serde::de::DeserializeOwned>(text: Option<String>) -> Answer<Option<T>> {
    filled(text)
        .map(|text| {
            serde_json::from_value(serde_json::Value::String(text))
                .map_err(|_| Code::BadRequest.into())
        })
        .transpose()
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
