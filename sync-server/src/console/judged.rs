//! 疑点 and 检纹 of records: the domain's rules over what the store holds.

use crate::app::App;
use crate::problem::Answer;
use crate::storage::console::compare::{self, Facts};
use crate::storage::console::records::{Filter, Listed};
use crate::storage::console::{Scope, reports};
use std::collections::BTreeSet;
use xunji_domain::checklist::edition;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::InspectionContent;
use xunji_domain::signals::{
    Earlier, Group, Known, Record, Signal, SignalCode, group, points, signals,
};
use xunji_domain::trace::VisitTrace;
use xunji_domain::words::Conclusion;
use xunji_protocol::state::InspectionSummary;
use xunji_protocol::verdict::Flag;

/// What is known of all records of a list.
pub(super) struct Against {
    pub(super) facts: Facts,
    /// Records that came after the report of their day was made.
    pub(super) late: BTreeSet<InspectionId>,
}

/// What is to be said of one record.
pub(super) struct Judged {
    pub(super) signals: Vec<Signal>,
    pub(super) points: u32,
    pub(super) group: Group,
    /// It came after the report of its day was made.
    pub(super) late: bool,
}

impl Judged {
    /// Of a record of which nothing is left.
    pub(super) fn nothing(conclusion: Conclusion) -> Self {
        Self {
            signals: Vec::new(),
            points: 0,
            group: group(&[], conclusion),
            late: false,
        }
    }
}

impl Against {
    /// Reads it for the records that a filter chooses.
    pub(super) fn load(app: &App, scope: Scope, filter: Filter) -> Answer<Self> {
        Ok(Self {
            facts: compare::facts(&app.store, scope, filter)?,
            late: reports::late(&app.store, scope)?,
        })
    }

    /// Judges one of them.
    pub(super) fn judge(&self, listed: &Listed) -> Judged {
        let summary = &listed.summary;
        let raised: Vec<SignalCode> = summary.flags.iter().map(|flag| code(*flag)).collect();
        let earlier = self.facts.earlier.get(&summary.id).map(|before| Earlier {
            day: before.day,
            answers: before.answers.clone(),
        });
        let record = Record {
            content: &listed.content,
            party: listed.party.as_ref(),
            day: summary.day,
            conclusion: summary.conclusion,
            state: summary.state,
            amendments: summary.amendments,
            received_at: summary.received_at,
            after_report: self.late.contains(&summary.id),
            raised: &raised,
        };
        let known = Known {
            visits: &self.facts.visits,
            earlier: earlier.as_ref(),
            reused: self
                .facts
                .reused
                .get(&summary.id)
                .map_or(&[], Vec::as_slice),
            cards: &self.facts.cards,
        };
        let signals = signals(&record, &known);
        Judged {
            points: points(&signals),
            group: group(&signals, summary.conclusion),
            late: record.after_report,
            signals,
        }
    }

    /// The visit before a record.
    pub(super) fn earlier(&self, record: InspectionId) -> Option<&InspectionSummary> {
        self.facts.earlier.get(&record)
    }
}

/// The bars of a visit; none where nothing was checked or the edition is not known.
pub(super) fn trace(content: &InspectionContent) -> VisitTrace {
    match edition(&content.checklist) {
        Some(list) if !content.answers.is_empty() => VisitTrace::of(list, &content.answers),
        _ => VisitTrace::default(),
    }
}

fn code(flag: Flag) -> SignalCode {
    match flag {
        Flag::SignedTwice => SignalCode::SignedTwice,
        Flag::Branch => SignalCode::Branch,
        Flag::NumberTwice => SignalCode::NumberTwice,
        Flag::IllegalTransition => SignalCode::IllegalTransition,
        Flag::StaleVersion => SignalCode::StaleVersion,
        Flag::OutOfScope => SignalCode::OutOfScope,
        Flag::Conflict => SignalCode::Conflict,
        Flag::ClockOff => SignalCode::ClockOff,
    }
}
