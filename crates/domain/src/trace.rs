//! 检纹, the fingerprint of a visit: one bar per item, so that a list ticked without looking shows as
//! a flat line. Computed from what was signed, never typed and never stored.

use crate::checklist::{Checklist, ItemCode, SectionKey};
use crate::inspection::AnswerRow;
use crate::words::{Answer, AnsweredBy};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One bar: how long the item was before the eyes, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct TraceBar {
    /// The item.
    pub item: ItemCode,
    /// The section it stands in.
    pub section: SectionKey,
    /// Milliseconds on the screen before the last answer: the height. Never below zero.
    pub shown_ms: i64,
    /// The answer; `None` where none was given (a draft, a later edition's item).
    pub answer: Option<Answer>,
    /// How it was given.
    pub answered_by: Option<AnsweredBy>,
}

/// The bars of a visit in the order of its checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export_to = "domain.ts")]
pub struct VisitTrace(pub Vec<TraceBar>);

impl VisitTrace {
    /// The trace of a visit: a bar for every item of the checklist. Answers to items that the
    /// checklist does not hold have no bar.
    pub fn of(checklist: &Checklist, answers: &[AnswerRow]) -> Self {
        let bars = checklist.items.iter().map(|item| {
            let row = answers.iter().find(|row| row.item == item.code);
            TraceBar {
                item: item.code.clone(),
                section: item.section,
                shown_ms: row.map_or(0, |row| row.shown_ms.max(0)),
                answer: row.map(|row| row.answer),
                answered_by: row.map(|row| row.answered_by),
            }
        });
        Self(bars.collect())
    }

    /// Times of the items that were really judged (符合 or 不符合): what a flat line is read from.
    pub fn judged_ms(&self) -> Vec<i64> {
        self.0
            .iter()
            .filter(|bar| matches!(bar.answer, Some(Answer::Pass | Answer::Fail)))
            .map(|bar| bar.shown_ms)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::checklist;
    use crate::time::{ClockReading, Millis};
    use crate::words::OperatorKind;

    fn row(item: &str, answer: Answer, shown_ms: i64) -> AnswerRow {
        AnswerRow {
            item: item.into(),
            answer,
            note: String::new(),
            readings: Vec::new(),
            shown_ms,
            answered_by: AnsweredBy::Dock,
            at: ClockReading {
                wall: Millis(0),
                zone: 480,
                boottime: 0,
                boot: String::new(),
                server_offset: None,
                server_offset_age: None,
                unlock: None,
            },
        }
    }

    #[test]
    fn bars_stand_in_the_order_of_the_checklist_whatever_was_answered_first() {
        let list = checklist::for_kind(OperatorKind::Stall).unwrap();
        let (first, last) = (&list.items[0].code, &list.items.last().unwrap().code);
        let answers = [
            row(last.as_str(), Answer::Fail, 900),
            row(first.as_str(), Answer::NotApplicable, -5),
            row("ELSE1.1", Answer::Pass, 70),
        ];
        let trace = VisitTrace::of(list, &answers);
        let codes: Vec<_> = trace.0.iter().map(|bar| &bar.item).collect();
        let wanted: Vec<_> = list.items.iter().map(|item| &item.code).collect();
        assert_eq!(codes, wanted);
        let ends = [&trace.0[0], trace.0.last().unwrap()];
        assert_eq!(
            ends.map(|b| (b.shown_ms, b.answer)),
            [(0, Some(Answer::NotApplicable)), (900, Some(Answer::Fail))]
        );
        assert_eq!(trace.0[1].answer, None);
        assert_eq!(trace.judged_ms(), [900]);
    }
}
