//! 补正: what a review sent back, answered by a change of its own beside the signed record.

use super::amendment_work::{Work, body, content, load, signed_body, unchanged};
use super::append::{self, Said};
use super::current::Overlay;
use super::findings::{FindingWrite, apply, blank};
use super::form::document;
use super::signing::{check_strokes, queue};
use super::{acting, amendment_view, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{AmendmentView, FinishedAmendment};
use crate::store::local::amendments::{self, AmendmentRow};
use crate::store::local::signatures::{self, Signed};
use crate::store::local::{Write, drafts};
use crate::sync::current::Overlaid;
use serde::{Deserialize, Serialize};
use serde_json::json;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{AmendmentId, FindingId, InspectionId, PersonId};
use xunji_domain::inspection::{OpenItem, Party, Signature, Stroke, open_for_amendment};
use xunji_domain::words::Answer;
use xunji_protocol::kinds::INSPECTION_AMENDED;
use xunji_protocol::state::InspectionSummary;

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

/// What is written at one item of an amendment; what is not named stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemAmended {
    /// The amendment.
    pub amendment: AmendmentId,
    /// The item.
    pub item: ItemCode,
    /// The answer now.
    #[serde(default)]
    pub new_answer: Option<Answer>,
    /// Parts of the finding.
    #[serde(flatten)]
    pub parts: FindingWrite,
}

/// Writes one item of an amendment.
///
/// # Errors
/// `not_found`, `item_not_open`, `already_signed`, `text_too_long`.
pub fn item(device: &Device, write: &ItemAmended) -> Result<AmendmentView, ApiError> {
    let (code, fresh) = (&write.item, FindingId(device.new_id()?));
    change(device, write.amendment, |work| {
        if work.row.review.is_some() && !work.open.iter().any(|o| o.item == *code) {
            let sentence = format!("{code} 没有被退回，内容没有改动；补正只改退回的检查项");
            return Err(ApiError::new("item_not_open", sentence));
        }
        if !work.row.items.iter().any(|c| c.item == *code) {
            work.row.items.push(unchanged(&work.content, code)?);
        }
        let found = work.row.items.iter_mut().find(|c| c.item == *code);
        let change = found.ok_or_else(|| ApiError::not_found("这个检查项"))?;
        change.new_answer = write.new_answer.unwrap_or(change.new_answer);
        if change.new_answer != Answer::Fail {
            change.new_finding = None;
            return Ok(());
        }
        let kept = change
            .new_finding
            .take()
            .or_else(|| change.old_finding.clone());
        let mut finding = kept.unwrap_or_else(|| blank(fresh, code));
        apply(&mut finding, &write.parts)?;
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
