//! The form as the face shows it.

use super::form::{Form, Outcome, document};
use crate::api::ApiError;
use crate::api::view::{
    BlockerView, DraftDelta, DraftView, LicenceRow, PartyView, PersonView, PhotoView, Progress,
    SectionProgress, SignatureView,
};
use crate::store::local::signatures::Signed;
use serde_json::Value;
use std::collections::BTreeSet;
use xunji_domain::checklist::ItemCode;
use xunji_domain::inspection::{Blocker, Party};
use xunji_domain::licence::LicenceKind;
use xunji_domain::licence::validity::validity_text;
use xunji_domain::words::{Answer, OperatorKind};

/// The whole form. `voided` says that this write voided signatures.
///
/// # Errors
/// Only for content without canonical form.
pub(super) fn view(form: &Form, zone: i32, voided: bool) -> Result<DraftView, ApiError> {
    let Outcome {
        score,
        concluded,
        graded,
    } = form.results();
    let row = &form.row;
    let document = match &row.ended_at {
        Some(at) => Some(document(&form.content(Some(at)))?.to_hex()),
        None => None,
    };
    Ok(DraftView {
        id: row.id.to_string(),
        record_no: row.record_no.clone(),
        operator: serde_json::to_value(&row.operator).unwrap_or_default(),
        checklist_id: row.checklist.id.clone(),
        checklist_version: row.checklist.version,
        started_text: row.started_at.time().clock_text(zone),
        answers: form
            .answers
            .iter()
            .map(|(k, v)| (k.0.clone(), v.clone()))
            .collect(),
        findings: form
            .findings
            .iter()
            .map(|(k, v)| (k.0.clone(), v.clone()))
            .collect(),
        early: form
            .early
            .iter()
            .map(|(k, v)| (k.0.clone(), v.clone()))
            .collect(),
        photos: form.photos.iter().map(|p| PhotoView::of(p, zone)).collect(),
        licences: licences(form),
        inspectors: row
            .inspectors
            .iter()
            .map(|i| PersonView::of_inspector(i, form.day()))
            .collect(),
        notice_given: row.notice_given,
        not_inspected: row.not_inspected.clone(),
        score,
        score_table: form.score_table(),
        concluded,
        conclusion: row.conclusion,
        conclusion_reason: row.conclusion_reason.clone(),
        graded,
        party_opinion: row.party_opinion.clone(),
        party: form.party().map(party),
        blockers: form.blockers().iter().map(blocker).collect(),
        signatures: form
            .signed
            .iter()
            .filter_map(|s| signature(s, zone))
            .collect(),
        signatures_voided: voided,
        document,
        progress: progress(form),
        signed_change: row.signed_change.map(|h| h.to_hex()),
        position: form.position.clone(),
    })
}

/// What one tap on an item changed.
pub(super) fn delta(form: &Form, item: &ItemCode, voided: bool) -> DraftDelta {
    let answer = form.answers.get(item).cloned();
    let failed = answer.as_ref().is_some_and(|a| a.answer == Answer::Fail);
    let blockers = form.blockers();
    DraftDelta {
        answer,
        early: form.early.get(item).cloned(),
        finding: form.findings.get(item).filter(|_| failed).cloned(),
        progress: progress(form),
        score: form.results().score,
        blockers_count: blockers.len(),
        gaps: blockers
            .iter()
            .filter(|b| b.is_gap())
            .map(blocker)
            .collect(),
        signatures_voided: voided,
    }
}

/// A blocker with its sentence.
pub(super) fn blocker(found: &Blocker) -> BlockerView {
    let json = serde_json::to_value(found).unwrap_or_default();
    let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
    BlockerView {
        code: text("code").unwrap_or_default(),
        item: text("item"),
        missing: text("missing"),
        sentence: found.sentence(),
    }
}

/// A signature's line; a refusal and an absence are no signatures.
pub(super) fn signature(signed: &Signed, zone: i32) -> Option<SignatureView> {
    let (signer, signature) = match signed {
        Signed::Inspector { person, signature } => (person.to_string(), signature),
        Signed::Party(Party::Signed { signature, .. }) => ("party".to_owned(), signature),
        Signed::Party(_) => return None,
    };
    Some(SignatureView {
        signer,
        at_text: signature.at.time().clock_text(zone),
        strokes: signature.strokes.clone(),
    })
}

fn party(party: &Party) -> PartyView {
    let (kind, text) = match party {
        Party::Signed { name, relation, .. } => ("signed", format!("{name}（{relation}）已签字")),
        Party::Refused {
            reason,
            witness,
            recording,
        } => {
            let seen = match (witness, recording) {
                (Some(w), _) => format!("见证人：{}", w.name),
                (None, Some(r)) => format!("录音录像编号：{}", r.number),
                (None, None) => String::new(),
            };
            ("refused", format!("拒签：{reason}；{seen}"))
        }
        Party::Absent => ("absent", "现场无人".to_owned()),
    };
    PartyView {
        kind: kind.to_owned(),
        text,
    }
}

fn progress(form: &Form) -> Progress {
    let done = |code: &ItemCode| form.answers.contains_key(code);
    let by_section = form.checklist.sections.iter().map(|section| {
        let items: Vec<_> = form.checklist.items_of(section.key).collect();
        SectionProgress {
            section: serde_json::to_value(section.key)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            answered: items.iter().filter(|i| done(&i.code)).count(),
            total: items.len(),
        }
    });
    Progress {
        by_section: by_section.collect(),
        answered: form
            .checklist
            .items
            .iter()
            .filter(|i| done(&i.code))
            .count(),
        total: form.checklist.items.len(),
    }
}

/// Certificates known or checked, and the one the operator's kind is expected to hold.
fn licences(form: &Form) -> Vec<LicenceRow> {
    let known = &form.row.operator.licences;
    let mut kinds: BTreeSet<LicenceKind> = known.iter().map(|l| l.kind).collect();
    kinds.extend(form.licences.iter().map(|c| c.licence.kind));
    kinds.insert(expected(form.row.operator.kind));
    kinds.into_iter().map(|kind| licence(form, kind)).collect()
}

fn licence(form: &Form, kind: LicenceKind) -> LicenceRow {
    let known = form.row.operator.licences.iter().find(|l| l.kind == kind);
    let check = form.licences.iter().find(|c| c.licence.kind == kind);
    let valid_to = check
        .map(|c| c.licence.valid_to)
        .or(known.map(|l| l.valid_to));
    LicenceRow {
        kind: serde_json::to_value(kind)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        kind_text: kind.label().to_owned(),
        known: serde_json::to_value(known).unwrap_or_default(),
        check: serde_json::to_value(check).unwrap_or_default(),
        text: valid_to.map_or_else(|| "未登记".to_owned(), |to| validity_text(to, form.day())),
    }
}

fn expected(kind: OperatorKind) -> LicenceKind {
    match kind {
        OperatorKind::Stall => LicenceKind::StallCard,
        OperatorKind::SmallRestaurant => LicenceKind::SmallRestaurantRegistration,
        OperatorKind::Workshop => LicenceKind::WorkshopRegistration,
    }
}
