//! What one past visit is: everything that is answered, found, photographed and said, before any of
//! it is done.

use super::words::ReturnWords;
use chrono::NaiveDate;
use xunji_domain::operator::Operator;
use xunji_domain::words::{Answer, AnsweredBy, Measure};

/// A planned visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastVisit {
    /// To whom.
    pub operator: Operator,
    /// Start, ms UTC.
    pub start: i64,
    /// Seconds on site.
    pub seconds: i64,
    /// What happened.
    pub outcome: Outcome,
    /// How it ends for the inspected party.
    pub closing: Closing,
    /// The stall's or shop's front is photographed.
    pub front: bool,
    /// Shows a photo that another visit has already shown: a sign of a visit that was not made.
    pub reuses_photo: bool,
    /// What became of it at the console.
    pub review: Review,
    /// Seed of what is drawn by hand.
    pub pen: u64,
}

/// What happened on site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The checklist was filled in.
    Inspected {
        /// One answer an item, in checklist order.
        answers: Vec<Given>,
        /// One finding a failed item, in the same order.
        findings: Vec<Found>,
        /// 当事人意见.
        opinion: String,
    },
    /// 未能检查, with its reason.
    Absent(String),
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The item.
    pub item: String,
    /// The answer.
    pub answer: Answer,
    /// Why it was not checked.
    pub note: String,
    /// Numbers read, by key.
    pub readings: Vec<(String, String)>,
    /// Milliseconds the item was looked at.
    pub shown_ms: i64,
    /// How the answer was given.
    pub answered_by: AnsweredBy,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The failed item.
    pub item: String,
    /// What was found.
    pub problem: String,
    /// What was ordered.
    pub measure: Measure,
    /// Until when.
    pub deadline: Option<NaiveDate>,
    /// Why there is no photo; empty where one is taken.
    pub no_photo: String,
}

/// How the inspected party closes the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Signs.
    Signs {
        /// Who.
        name: String,
        /// 经营者本人, 家属, 雇员.
        relation: &'static str,
    },
    /// Refuses; a witness is there.
    Refuses {
        /// Why.
        reason: String,
        /// The witness.
        witness: String,
        /// Where the witness belongs.
        unit: String,
    },
    /// Nobody is there.
    Absent,
}

/// What became of a record at the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Review {
    /// It waits.
    Waits,
    /// Approved the same evening.
    Approved,
    /// One item sent back, amended and approved.
    Returned(ReturnWords),
}

impl PastVisit {
    /// Its findings; none where nothing was inspected.
    pub fn findings(&self) -> &[Found] {
        match &self.outcome {
            Outcome::Inspected { findings, .. } => findings,
            Outcome::Absent(_) => &[],
        }
    }

    /// Its answers; none where nothing was inspected.
    pub fn answers(&self) -> &[Given] {
        match &self.outcome {
            Outcome::Inspected { answers, .. } => answers,
            Outcome::Absent(_) => &[],
        }
    }

    /// Photos it takes, the amendment's included: the front, where it is taken, and one for each finding
    /// that shows something.
    pub fn photos(&self) -> usize {
        let pictured = self.findings().iter().filter(|f| f.no_photo.is_empty());
        usize::from(self.front)
            + pictured.count()
            + usize::from(matches!(self.review, Review::Returned(_)))
    }

    /// When it ends, ms UTC.
    pub fn end(&self) -> i64 {
        self.start + self.seconds * 1_000
    }
}
