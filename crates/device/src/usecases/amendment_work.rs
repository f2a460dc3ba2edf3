//! What an amendment is made of: the rows of the phone, the record it builds on, the body it becomes.

use super::form::{document, photo_refs};
use super::records;
use crate::api::ApiError;
use crate::store::local::amendments::{self, AmendmentRow};
use crate::store::local::photos::{self, PhotoRow};
use crate::store::local::signatures::{self, Signed};
use crate::store::local::{Read, changes};
use serde_json::json;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{AmendmentId, InspectionId, PhotoId};
use xunji_domain::inspection::{
    Amendment, InspectionContent, ItemChange, OpenItem, Party, PhotoPurpose, makes_worse,
};
use xunji_domain::time::ClockReading;

/// An amendment with what it builds on.
pub(super) struct Work {
    pub row: AmendmentRow,
    /// The record as it stands before the amendment.
    pub content: InspectionContent,
    /// Items the review sent back.
    pub open: Vec<OpenItem>,
    pub photos: Vec<PhotoRow>,
    pub signed: Vec<Signed>,
}

/// Reads an amendment; `open` is what the review sent back.
///
/// # Errors
/// `not_found`, `body_elsewhere`, those of the file.
pub(super) fn load(
    read: &Read<'_>,
    id: AmendmentId,
    open: Vec<OpenItem>,
) -> Result<Work, ApiError> {
    let row = amendments::get(read, id)?.ok_or_else(|| ApiError::not_found("这份补正"))?;
    Ok(Work {
        content: content(read, row.inspection)?,
        open,
        photos: photos::of_draft(read, id.0)?,
        signed: signatures::of_draft(read, id.0)?,
        row,
    })
}

/// The record as it stands on this phone: as signed, with earlier amendments.
pub(super) fn content(
    read: &Read<'_>,
    inspection: InspectionId,
) -> Result<InspectionContent, ApiError> {
    let own = changes::of_record(read, inspection.0)?;
    let signed = records::signed_content(&own, inspection).ok_or_else(|| {
        ApiError::new(
            "body_elsewhere",
            "这份记录的原文不在这台手机上，没有改动；请在签字的那台手机上补正",
        )
    })?;
    Ok(records::present(&signed, &own, inspection))
}

/// An item as it stands, as the beginning of its amendment.
///
/// # Errors
/// `not_found` for an item the record does not hold.
pub(super) fn unchanged(
    content: &InspectionContent,
    code: &ItemCode,
) -> Result<ItemChange, ApiError> {
    let row = content.answers.iter().find(|a| a.item == *code);
    let answer = row.ok_or_else(|| ApiError::not_found("这个检查项"))?.answer;
    let finding = content.findings.iter().find(|f| f.item == *code).cloned();
    Ok(ItemChange {
        item: code.clone(),
        old_answer: answer,
        new_answer: answer,
        old_finding: finding.clone(),
        new_finding: finding,
        added_photos: Vec::new(),
    })
}

/// The amendment without signatures at a time: what its signatures name.
pub(super) fn body(work: &Work, at: ClockReading) -> Amendment {
    let photos = photo_refs(&work.photos);
    let shows = |item: &ItemCode| -> Vec<PhotoId> {
        let named = photos.iter().filter(
            |p| matches!(&p.purpose, PhotoPurpose::Items { items } if items.contains(item)),
        );
        named.map(|p| p.id).collect()
    };
    let items = work
        .row
        .items
        .iter()
        .map(|c| ItemChange {
            added_photos: shows(&c.item),
            ..c.clone()
        })
        .collect();
    Amendment {
        id: work.row.id,
        inspection: work.row.inspection,
        parent: work.row.parent.clone(),
        review: work.row.review,
        reason: work.row.reason.clone(),
        items,
        photos,
        inspectors: work.row.inspectors.clone(),
        signatures: Vec::new(),
        party_signature: None,
        at,
        extra: serde_json::Map::new(),
    }
}

/// Whether the inspected party has to sign again: a finding is added or made worse.
pub(super) fn party_needed(work: &Work) -> bool {
    work.row.items.iter().any(makes_worse)
}

/// The amendment with everybody's signatures, each of which names it as it stands.
///
/// # Errors
/// `signatures_missing`, `signature_stale`.
pub(super) fn signed_body(work: &Work) -> Result<Amendment, ApiError> {
    let at = work
        .row
        .ended_at
        .clone()
        .ok_or_else(|| unsigned_by("检查员"))?;
    let mut body = body(work, at);
    let expected = document(&body)?.to_hex();
    for inspector in &work.row.inspectors {
        let found = work.signed.iter().find_map(|s| match s {
            Signed::Inspector { person, signature } if *person == inspector.person => {
                Some(signature.clone())
            }
            _ => None,
        });
        body.signatures
            .push(found.ok_or_else(|| unsigned_by(&inspector.name))?);
    }
    body.party_signature = work.signed.iter().find_map(|s| match s {
        Signed::Party(Party::Signed { signature, .. }) => Some(signature.clone()),
        _ => None,
    });
    if party_needed(work) && body.party_signature.is_none() {
        return Err(unsigned_by("经营者"));
    }
    if body
        .signatures
        .iter()
        .chain(&body.party_signature)
        .any(|s| s.document != expected)
    {
        return Err(ApiError::new(
            "signature_stale",
            "签字之后补正内容有变动，签字已不对应，内容都在；请重新签字",
        ));
    }
    Ok(body)
}

fn unsigned_by(who: &str) -> ApiError {
    ApiError::new(
        "signatures_missing",
        format!("{who}还没有签字，内容都在；签字后再完成"),
    )
    .with(json!({ "who": who }))
}
