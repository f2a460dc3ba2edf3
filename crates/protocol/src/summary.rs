//! The summary of a record, made from what was signed. Server and phone use the same lines, so that
//! a record looks the same before and after its way to the server.

use crate::digest::Digest;
use crate::envelope::Envelope;
use crate::state::{Erasure, FailedItem, InspectionSummary};
use std::collections::BTreeMap;
use xunji_domain::checklist::{Checklist, ItemCode};
use xunji_domain::conclusion::{self, ConclusionRule};
use xunji_domain::grading::{self, GradeContext, Graded, UngradedReason};
use xunji_domain::inspection::{Amendment, Finding, InspectionContent, SignedInspection};
use xunji_domain::scoring::{self, Score};
use xunji_domain::time::Millis;
use xunji_domain::words::{Answer, Conclusion, InspectionState};

/// The summary of a record as it was signed. `None` when its start lies outside the calendar.
pub fn signed(
    envelope: &Envelope,
    hash: Digest,
    body: &SignedInspection,
    received_at: Millis,
) -> Option<InspectionSummary> {
    let content = &body.content;
    let ended = content.ended_at.as_ref().unwrap_or(&envelope.captured_at);
    Some(InspectionSummary {
        id: content.id,
        record_no: content.record_no.clone(),
        operator: content.operator_id,
        operator_name: content.operator.operator.name.clone(),
        operator_kind: content.operator.operator.kind,
        station: content.station,
        grid: content.grid,
        market: content.market,
        checklist: format!("{}/{}", content.checklist.id, content.checklist.version),
        started_at: content.started_at.time(),
        ended_at: ended.time(),
        day: content.started_at.time().date(content.zone)?,
        conclusion: content.conclusion.unwrap_or(Conclusion::NotInspected),
        graded: content.graded.clone().unwrap_or_else(ungraded),
        score_permille: content
            .score
            .as_ref()
            .and_then(|s| s.permille)
            .map(i64::from),
        answers: content
            .answers
            .iter()
            .map(|a| (a.item.clone(), a.answer))
            .collect(),
        looks: content
            .answers
            .iter()
            .map(|a| (a.shown_ms.max(0), a.answered_by))
            .collect(),
        failed: failed_items(content),
        inspectors: content
            .inspectors
            .iter()
            .map(|i| (i.person, i.name.clone()))
            .collect(),
        state: InspectionState::Signed,
        version: hash,
        signed_change: hash,
        body: envelope.body,
        log: envelope.log,
        open: Vec::new(),
        review: None,
        reviewer_name: None,
        amendments: 0,
        flags: Vec::new(),
        photos: content.photos.iter().map(|p| p.sha256.clone()).collect(),
        received_at,
        erased: None,
        extra: serde_json::Map::new(),
    })
}

/// What is left of a summary when its record was erased by a rule: number, ids, day, kind, and how it ended, so
/// that figures of past years still count it. No name, no answer, no word.
pub fn erased(before: &InspectionSummary, by: Erasure) -> InspectionSummary {
    InspectionSummary {
        operator_name: String::new(),
        graded: Graded {
            permille: None,
            explain: Vec::new(),
            ..before.graded.clone()
        },
        score_permille: None,
        answers: Vec::new(),
        looks: Vec::new(),
        failed: Vec::new(),
        inspectors: Vec::new(),
        open: Vec::new(),
        review: None,
        reviewer_name: None,
        photos: Vec::new(),
        erased: Some(by),
        extra: serde_json::Map::new(),
        ..before.clone()
    }
}

/// The summary after an amendment. With the checklist at hand score, conclusion and grade are
/// computed anew; without it they stay as they were until a newer program reads the record.
pub fn amended(
    before: &InspectionSummary,
    hash: Digest,
    amendment: &Amendment,
    checklist: Option<&Checklist>,
) -> InspectionSummary {
    let mut next = before.clone();
    for change in &amendment.items {
        match next
            .answers
            .iter_mut()
            .find(|(item, _)| *item == change.item)
        {
            Some((_, answer)) => *answer = change.new_answer,
            None => next.answers.push((change.item.clone(), change.new_answer)),
        }
        next.failed.retain(|f| f.item != change.item);
        if let Some(finding) = &change.new_finding
            && change.new_answer == Answer::Fail
        {
            next.failed.push(failed_item(finding));
        }
    }
    next.failed.sort_by(|a, b| a.item.cmp(&b.item));
    for photo in &amendment.photos {
        if !next.photos.contains(&photo.sha256) {
            next.photos.push(photo.sha256.clone());
        }
    }
    next.open
        .retain(|o| !amendment.items.iter().any(|c| c.item == o.item));
    if next.open.is_empty() {
        next.state = InspectionState::Amended;
    }
    next.version = hash;
    next.amendments += 1;
    if let Some(checklist) = checklist {
        compute(before, &mut next, checklist);
    }
    next
}

fn compute(before: &InspectionSummary, summary: &mut InspectionSummary, checklist: &Checklist) {
    let score = score_of(summary, checklist);
    summary.score_permille = score.permille.map(i64::from);
    // Inspectors may have concluded otherwise than suggested, for a reason that stands in the record:
    // their word holds until the amendment changes the suggestion it was given against.
    let suggested = suggestion(&score);
    if suggested != suggestion(&score_of(before, checklist)) {
        summary.conclusion = suggested;
    }
    // What the summary does not carry (age of the licence, accidents) does not change by an
    // amendment: where it stood against a grade, it still does.
    let lasting = [UngradedReason::NewLicence, UngradedReason::RecentAccident];
    if !summary.graded.reasons.iter().any(|r| lasting.contains(r)) {
        let context = GradeContext {
            on: summary.day,
            licence_from: None,
            last_accident: None,
        };
        summary.graded = grading::grade(&score, &context);
    }
}

fn score_of(summary: &InspectionSummary, checklist: &Checklist) -> Score {
    let answers: BTreeMap<ItemCode, Answer> = summary.answers.iter().cloned().collect();
    scoring::score(checklist, &answers)
}

fn suggestion(score: &Score) -> Conclusion {
    conclusion::from_score(score, &ConclusionRule::default()).conclusion
}

fn failed_items(content: &InspectionContent) -> Vec<FailedItem> {
    let fails = |f: &&Finding| {
        content
            .answers
            .iter()
            .any(|a| a.item == f.item && a.answer == Answer::Fail)
    };
    content
        .findings
        .iter()
        .filter(fails)
        .map(failed_item)
        .collect()
}

fn failed_item(finding: &Finding) -> FailedItem {
    FailedItem {
        item: finding.item.clone(),
        problem: finding.problem.clone(),
        measure: finding.measure,
        deadline: finding.deadline,
    }
}

/// What a record without a grade of its own shows (未能检查).
fn ungraded() -> Graded {
    let day = chrono::NaiveDate::default();
    let context = GradeContext {
        on: day,
        licence_from: None,
        last_accident: None,
    };
    grading::grade(&Score::default(), &context)
}
