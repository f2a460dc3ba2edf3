//! 补正: what a review sent back, answered by a change of its own beside the signed record.

use super::append::{self, Said};
use super::current::Overlay;
use super::findings::{FindingWrite, apply, blank};
use super::form::{document, photo_refs};
use super::signing::{check_strokes, queue};
use super::{acting, amendment_view, records, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{AmendmentView, FinishedAmendment};
use crate::store::local::amendments::{self, AmendmentRow};
use crate::store::local::changes;
use crate::store::local::photos::{self, PhotoRow};
use crate::store::local::signatures::{self, Signed};
use crate::store::local::{Read, Write, drafts};
use crate::sync::current::Overlaid;
use serde_json::json;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{AmendmentId, FindingId, InspectionId, PersonId, PhotoId};
use xunji_domain::inspection::{
    Amendment, InspectionContent, ItemChange, OpenItem, Party, PhotoPurpose, Signature, Stroke,
    open_for_amendment,
};
use xunji_domain::time::ClockReading;
use xunji_domain::words::Answer;
use xunji_protocol::kinds::INSPECTION_AMENDED;
use xunji_protocol::state::InspectionSummary;

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

/// Begins the amendment of a record, or opens the unfinished one of the same version again. Every item
/// that was sent back is part of it from the start.
///
/// # Errors
/// `not_found`, `body_elsewhere` for a record signed on another phone.
pub fn start(device: &Device, inspection: InspectionId) -> Result<AmendmentView, ApiError> {
    let summary = summary(device, inspection)?;
    let parent = summary.version.to_hex();
    let new_id = AmendmentId(device.new_id()?);
    let id = device.local()?.write(|write| {
        if let Some(row) = amendments::unsigned_of(write, inspection, &parent)? {
            return Ok::<_, ApiError>(row.id);
        }
        let content = content(write, inspection)?;
        let items = summary
            .open
            .iter()
            .map(|o| unchanged(&content, &o.item))
            .collect::<Result<_, _>>()?;
        amendments::insert(
            write,
            &AmendmentRow {
                id: new_id,
                inspection,
                parent,
                review: summary.review.filter(|_| !summary.open.is_empty()),
                reason: String::new(),
                items,
                inspectors: content.inspectors.clone(),
                started_at: acting::reading(device, write)?,
                ended_at: None,
                signed_change: None,
            },
        )?;
        Ok(new_id)
    })?;
    view(device, id)
}

/// The amendment as it stands.
///
/// # Errors
/// `not_found`.
pub fn view(device: &Device, id: AmendmentId) -> Result<AmendmentView, ApiError> {
    let open = open_items(device, id)?;
    device
        .local()?
        .read(|read| Ok(amendment_view::view(device, &load(read, id, open)?, false)))
}

/// Writes one item of an amendment.
///
/// # Errors
/// `not_found`, `item_not_open`, `already_signed`, `text_too_long`.
pub fn item(
    device: &Device,
    id: AmendmentId,
    code: &ItemCode,
    answer: Option<Answer>,
    parts: &FindingWrite,
) -> Result<AmendmentView, ApiError> {
    let fresh = FindingId(device.new_id()?);
    change(device, id, |work| {
        if work.row.review.is_some() && !work.open.iter().any(|o| o.item == *code) {
            return Err(ApiError::new(
                "item_not_open",
                format!("{code} 没有被退回，内容没有改动；补正只改退回的检查项"),
            ));
        }
        if !work.row.items.iter().any(|c| c.item == *code) {
            let added = unchanged(&work.content, code)?;
            work.row.items.push(added);
        }
        let Some(change) = work.row.items.iter_mut().find(|c| c.item == *code) else {
            return Err(ApiError::not_found("这个检查项"));
        };
        change.new_answer = answer.unwrap_or(change.new_answer);
        if change.new_answer != Answer::Fail {
            change.new_finding = None;
            return Ok(());
        }
        let kept = change
            .new_finding
            .take()
            .or_else(|| change.old_finding.clone());
        let mut finding = kept.unwrap_or_else(|| blank(fresh, code));
        apply(&mut finding, parts)?;
        change.new_finding = Some(finding);
        Ok(())
    })
}

/// Writes why the record is amended.
///
/// # Errors
/// `not_found`, `already_signed`, `text_too_long`.
pub fn reason(device: &Device, id: AmendmentId, typed: &str) -> Result<AmendmentView, ApiError> {
    let typed = text::long("补正理由", typed)?;
    change(device, id, |work| {
        work.row.reason = typed;
        Ok(())
    })
}

/// Somebody signs the amendment: an inspector, or the inspected party (`None`).
///
/// # Errors
/// `blocked`, `not_found`, `signature_invalid`, `already_signed`.
pub fn sign(
    device: &Device,
    id: AmendmentId,
    person: Option<PersonId>,
    strokes: Vec<Stroke>,
) -> Result<AmendmentView, ApiError> {
    check_strokes(&strokes)?;
    let open = open_items(device, id)?;
    device.local()?.write(|write| {
        let mut work = unsigned(load(write, id, open.clone())?)?;
        refuse_blocked(&work)?;
        let at = acting::reading(device, write)?;
        let ended = work.row.ended_at.get_or_insert_with(|| at.clone()).clone();
        let signature = Signature {
            strokes,
            document: document(&body(&work, ended))?.to_hex(),
            at,
        };
        let signed = match person {
            Some(person) if work.row.inspectors.iter().any(|i| i.person == person) => {
                Signed::Inspector { person, signature }
            }
            Some(_) => return Err(ApiError::not_found("这名检查员")),
            None => Signed::Party(Party::Signed {
                name: String::new(),
                relation: String::new(),
                signature,
            }),
        };
        amendments::update(write, &work.row)?;
        signatures::put(write, id.0, &signed)?;
        Ok(amendment_view::view(device, &load(write, id, open)?, false))
    })
}

/// The amendment becomes final: one change, its photos queued, in one transaction.
///
/// # Errors
/// `blocked`, `signatures_missing`, `signature_stale`, `amendment_refused`, `already_signed`.
pub fn finish(device: &Device, id: AmendmentId) -> Result<FinishedAmendment, ApiError> {
    let open = open_items(device, id)?;
    let hash = device.local()?.write(|write| {
        let work = unsigned(load(write, id, open)?)?;
        refuse_blocked(&work)?;
        let body = signed_body(&work)?;
        open_for_amendment(&work.content, &body, &work.open).map_err(|e| {
            ApiError::new(
                "amendment_refused",
                "这份补正还不能完成，内容都在；请对照退回的检查项核对后再试",
            )
            .with(json!({ "detail": e.to_string() }))
        })?;
        let author = body
            .inspectors
            .first()
            .map(|i| i.person)
            .ok_or_else(|| ApiError::not_found("检查员"))?;
        let said = Said {
            kind: INSPECTION_AMENDED,
            author,
            at: acting::reading(device, write)?,
            records: vec![work.row.inspection.0],
            body: &body,
        };
        let change = append::append(device, write, said)?;
        append::sign_head(write, &change)?;
        queue(write, body.photos.iter().map(|p| p.sha256.as_str()))?;
        amendments::set_signed(write, id, change.hash)?;
        Ok::<_, ApiError>(change.hash)
    })?;
    device.sync().nudge();
    Ok(FinishedAmendment {
        hash: hash.to_hex(),
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

/// Whether the inspected party has to sign again: a finding is added.
pub(super) fn party_needed(work: &Work) -> bool {
    work.row
        .items
        .iter()
        .any(|c| c.new_answer == Answer::Fail && c.old_answer != Answer::Fail)
}

fn signed_body(work: &Work) -> Result<Amendment, ApiError> {
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

fn change(
    device: &Device,
    id: AmendmentId,
    act: impl FnOnce(&mut Work) -> Result<(), ApiError>,
) -> Result<AmendmentView, ApiError> {
    let open = open_items(device, id)?;
    device.local()?.write(|write: &Write<'_>| {
        let mut work = unsigned(load(write, id, open.clone())?)?;
        let voided = drafts::void_signatures(write, id.0)?;
        work.row.ended_at = None;
        act(&mut work)?;
        amendments::update(write, &work.row)?;
        Ok(amendment_view::view(
            device,
            &load(write, id, open)?,
            voided,
        ))
    })
}

fn load(read: &Read<'_>, id: AmendmentId, open: Vec<OpenItem>) -> Result<Work, ApiError> {
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
fn content(read: &Read<'_>, inspection: InspectionId) -> Result<InspectionContent, ApiError> {
    let own = changes::of_record(read, inspection.0)?;
    let signed = records::signed_content(&own, inspection).ok_or_else(|| {
        ApiError::new(
            "body_elsewhere",
            "这份记录的原文不在这台手机上，没有改动；请在签字的那台手机上补正",
        )
    })?;
    Ok(records::present(&signed, &own, inspection))
}

fn unchanged(content: &InspectionContent, code: &ItemCode) -> Result<ItemChange, ApiError> {
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

fn summary(device: &Device, inspection: InspectionId) -> Result<InspectionSummary, ApiError> {
    let overlay = Overlay::load(device)?;
    let found = device
        .mirror()
        .read(|m| overlay.inspection(m, inspection))?;
    found
        .map(|Overlaid { value, .. }| value)
        .ok_or_else(|| ApiError::not_found("这份记录"))
}

/// What the review behind an amendment sent back, as the record stands now.
fn open_items(device: &Device, id: AmendmentId) -> Result<Vec<OpenItem>, ApiError> {
    let row = device.local()?.read(|read| amendments::get(read, id))?;
    let row = row.ok_or_else(|| ApiError::not_found("这份补正"))?;
    Ok(summary(device, row.inspection)?.open)
}

fn unsigned(work: Work) -> Result<Work, ApiError> {
    match work.row.signed_change {
        None => Ok(work),
        Some(_) => Err(ApiError::new(
            "already_signed",
            "这份补正已经定稿，不再改动；还需更正的，请再做一次补正",
        )),
    }
}

fn refuse_blocked(work: &Work) -> Result<(), ApiError> {
    let blockers = amendment_view::blockers(work);
    let Some(first) = blockers.first() else {
        return Ok(());
    };
    Err(ApiError::new(
        "blocked",
        format!("还不能签字：{}；已填内容都在", first.sentence),
    )
    .with(json!({ "blockers": blockers })))
}

fn unsigned_by(who: &str) -> ApiError {
    ApiError::new(
        "signatures_missing",
        format!("{who}还没有签字，内容都在；签字后再完成"),
    )
    .with(json!({ "who": who }))
}
