//! What happens to a record after it was signed: amendments and reviews.

use super::inspection::{flag, happened, name_photos};
use super::judge::{Judged, clock_flag, scope_flag};
use super::plan::Row;
use super::snapshot::Record;
use super::work::Work;
use xunji_domain::checklist::{Checklist, all};
use xunji_domain::inspection::{
    Amendment, AmendmentError, InspectionEvent, Oddity, Signature, apply_amendment,
    open_for_amendment,
};
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::{Review, ReviewDecision};
use xunji_protocol::summary;
use xunji_protocol::verdict::{Cause, Flag};

/// `inspection.amended`.
pub(super) fn amended(
    work: &mut Work,
    change: &Change,
    amendment: &Amendment,
    document: Option<Digest>,
) -> Result<Judged, CanonicalError> {
    let Some(mut record) = work.at.inspections.get(&amendment.inspection).cloned() else {
        return Ok(Judged::waits_for_record(amendment.inspection.0));
    };
    if record.amendments.contains(&amendment.id) {
        let flags = vec![Flag::SignedTwice];
        return Ok(Judged {
            flags,
            ..Judged::stopped(Cause::RuleBroken, "signed_twice")
        });
    }
    let document = document.map(Digest::to_hex);
    if signatures(amendment).any(|s| Some(&s.document) != document.as_ref()) {
        return Ok(Judged::stopped(Cause::RuleBroken, "signature_document"));
    }
    let mut flags: Vec<Flag> = scope_flag(work, record.summary.station)
        .into_iter()
        .collect();
    match broken_rule(&record, amendment) {
        None => {}
        // The item is closed by now: two people answered one return. Both amendments stand.
        Some(AmendmentError::NotOpen(_)) => flags.push(Flag::IllegalTransition),
        Some(error) => return Ok(Judged::stopped(Cause::RuleBroken, error.to_string())),
    }
    if record.summary.version.to_hex() != amendment.parent {
        flags.push(Flag::StaleVersion);
    }
    flags.extend(clock_flag(work, [&change.envelope.captured_at]));
    let event = InspectionEvent::Amended {
        parent: amendment.parent.clone(),
        version: change.hash.to_hex(),
        items: amendment.items.iter().map(|i| i.item.clone()).collect(),
    };
    let before = record.summary.clone();
    let odd = happened(work, change, &mut record, event);
    record.amendments.insert(amendment.id);
    if odd.is_none() {
        bring_in(&mut record, &before, change, amendment);
    } else {
        flags.push(Flag::IllegalTransition);
    }
    work.rows.push(Row::Amendment {
        change: change.hash,
        amendment: amendment.id,
        inspection: amendment.inspection,
    });
    name_photos(work, change, amendment.inspection, &amendment.photos);
    flag(&mut record.summary, &flags);
    let key = work.put_inspection(record)?;
    Ok(Judged {
        flags,
        touches: vec![key],
        ..Judged::default()
    })
}

/// `inspection.reviewed`: an approval of a version that is no longer the last leaves the record in
/// the queue.
pub(super) fn reviewed(
    work: &mut Work,
    change: &Change,
    review: &Review,
) -> Result<Judged, CanonicalError> {
    let Some(mut record) = work.at.inspections.get(&review.inspection).cloned() else {
        return Ok(Judged::waits_for_record(review.inspection.0));
    };
    if record
        .summary
        .inspectors
        .iter()
        .any(|(person, _)| *person == review.reviewer)
        || review.reviewer != change.envelope.author
    {
        return Ok(Judged::stopped(Cause::NotAllowed, "reviewer"));
    }
    let seen = review.seen.clone();
    let event = match &review.decision {
        ReviewDecision::Approved { .. } => InspectionEvent::Approved { seen },
        ReviewDecision::Returned { items } => InspectionEvent::Returned {
            seen,
            items: items.clone(),
        },
    };
    let flags: Vec<Flag> = match happened(work, change, &mut record, event) {
        None => {
            record.summary.review = Some(review.id);
            record.summary.reviewer_name = Some(review.reviewer_name.clone());
            Vec::new()
        }
        Some(Oddity::StaleReview) => vec![Flag::StaleVersion],
        Some(Oddity::IllegalTransition | Oddity::SignedTwice) => vec![Flag::IllegalTransition],
    };
    if let ReviewDecision::Returned { items } = &review.decision {
        record.reviews.insert(review.id, items.clone());
    }
    work.rows.push(Row::Review {
        change: change.hash,
        review: Box::new(review.clone()),
    });
    flag(&mut record.summary, &flags);
    let key = work.put_inspection(record)?;
    Ok(Judged {
        flags,
        touches: vec![key],
        ..Judged::default()
    })
}

/// The rules of an amendment, asked against what its review sent back, not against what is still
/// open: it was written without knowing of others.
fn broken_rule(record: &Record, amendment: &Amendment) -> Option<AmendmentError> {
    let sent_back = amendment
        .review
        .and_then(|review| record.reviews.get(&review));
    let open = sent_back.map_or(&[][..], Vec::as_slice);
    open_for_amendment(&record.content, amendment, open).err()
}

/// Everybody who signed an amendment.
fn signatures(amendment: &Amendment) -> impl Iterator<Item = &Signature> {
    amendment
        .signatures
        .iter()
        .chain(&amendment.party_signature)
}

fn bring_in(
    record: &mut Record,
    before: &xunji_protocol::state::InspectionSummary,
    change: &Change,
    amendment: &Amendment,
) {
    let checklist = edition(record);
    // State, version and open items are the fold's to say; the rest is what the amendment changes.
    let folded = record.summary.clone();
    let mut next = summary::amended(before, change.hash, amendment, checklist);
    next.state = folded.state;
    next.version = folded.version;
    next.open = folded.open;
    record.summary = next;
    record.content = apply_amendment(&record.content, amendment);
}

fn edition(record: &Record) -> Option<&'static Checklist> {
    let named = &record.content.checklist;
    all()
        .ok()?
        .iter()
        .find(|list| list.id == named.id && list.version == named.version)
}
