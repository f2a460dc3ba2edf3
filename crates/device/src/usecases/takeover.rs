//! Drafts of other phones: which are on offer, and going on with one. The record will bear the same id and
//! number, so that two phones that both sign it are noticed; the act is a change in this phone's log.

use super::append::{self, Said};
use super::{acting, people};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{OfferedDraftView, OfferedDrafts, TakenOver};
use crate::runner;
use crate::store::local::drafts::DraftRow;
use crate::store::local::early::Early;
use crate::store::local::{Write, answers, drafts, early, findings, licences};
use serde_json::json;
use xunji_domain::checklist::by_edition;
use xunji_domain::ids::{InspectionId, LogId, PersonId};
use xunji_domain::org::Person;
use xunji_protocol::kinds::{DRAFT_TAKEN_OVER, DraftTakenOver};
use xunji_protocol::steps::drafts::{CopyBody, CopyHead, DraftCopy, FetchRequest, Offer};

/// What the server last offered and this phone does not hold: drafts of today's people first. Asks anew in
/// the background.
///
/// # Errors
/// Those of the file.
pub fn offered(device: &Device) -> Result<OfferedDrafts, ApiError> {
    device.sync().ask_offers();
    let known = device.sync().offers();
    Ok(OfferedDrafts {
        asked: known.is_some(),
        drafts: on_offer(device)?
            .iter()
            .map(|(offer, own)| view(device, offer, *own))
            .collect(),
    })
}

/// How many of them are of today's people.
///
/// # Errors
/// Those of the file.
pub(super) fn own_on_offer(device: &Device) -> Result<u32, ApiError> {
    let own = on_offer(device)?.into_iter().filter(|(_, own)| *own);
    Ok(u32::try_from(own.count()).unwrap_or(u32::MAX))
}

/// Offers of drafts that this phone does not hold, and whether they are of today's people.
fn on_offer(device: &Device) -> Result<Vec<(Offer, bool)>, ApiError> {
    let offers = device.sync().offers().unwrap_or_default();
    if offers.drafts.is_empty() {
        return Ok(Vec::new());
    }
    let today = acting::today(device);
    let mut found = device.local()?.read(|read| {
        let on_duty = acting::on_duty(read)?.filter(|duty| duty.day == today);
        let on_duty: Vec<PersonId> = on_duty.map(|duty| duty.ids).unwrap_or_default();
        let mut found = Vec::new();
        for offer in offers.drafts {
            if drafts::get(read, offer.head.inspection)?.is_none() {
                let own = offer.head.inspectors.iter().any(|p| on_duty.contains(p));
                found.push((offer, own));
            }
        }
        Ok::<_, ApiError>(found)
    })?;
    found.sort_by_key(|(_, own)| !own);
    Ok(found)
}

/// Goes on with a draft of another phone: its copy is fetched, becomes a draft of this phone, and the act is
/// written down, in one transaction. Photos stay where they were taken.
///
/// # Errors
/// The network's and the server's word; `no_inspectors`, `checklist_missing`; nothing was changed then.
pub fn take_over(
    device: &Device,
    inspection: InspectionId,
    log: LogId,
) -> Result<TakenOver, ApiError> {
    device
        .local()?
        .read(|read| acting::inspectors(device, read))?;
    let copy = runner::fetch_draft(device, FetchRequest { inspection, log })?;
    let taken = adopt(device, &copy)?;
    device.sync().nudge();
    Ok(taken)
}

/// The part without a network.
pub(super) fn adopt(device: &Device, copy: &DraftCopy) -> Result<TakenOver, ApiError> {
    let head = &copy.head;
    let body: CopyBody = serde_json::from_slice(&copy.body).map_err(|_| unreadable())?;
    let edition = &body.checklist;
    if by_edition(&edition.id, edition.version, &edition.digest).is_none() {
        return Err(ApiError::new(
            "checklist_missing",
            "这份草稿用的检查表版本不在本程序里，没有接续；请安装最新版本后再试",
        ));
    }
    device.local()?.write(|write| {
        let people = acting::inspectors(device, write)?;
        let taker = people
            .first()
            .ok_or_else(|| ApiError::not_found("检查员"))?;
        if body.station != acting::enrolment(write)?.station {
            return Err(ApiError::not_found("这份草稿"));
        }
        if drafts::get(write, head.inspection)?.is_none() {
            insert(write, head, &body, &people, taker)?;
            record(device, write, head, taker)?;
        }
        Ok(TakenOver {
            id: head.inspection.to_string(),
            record_no: head.record_no.clone(),
            photos_left: head.photos,
        })
    })
}

fn insert(
    write: &Write<'_>,
    head: &CopyHead,
    body: &CopyBody,
    people: &[Person],
    taker: &Person,
) -> Result<(), ApiError> {
    let id = head.inspection;
    let row = DraftRow {
        id,
        author: taker.id,
        operator: body.operator.clone(),
        checklist: body.checklist.clone(),
        record_no: head.record_no.clone(),
        market: body.market,
        started_at: body.started_at.clone(),
        ended_at: None,
        notice_given: body.notice_given,
        not_inspected: body.not_inspected.clone(),
        conclusion: body.conclusion,
        conclusion_reason: body.conclusion_reason.clone(),
        party_opinion: body.party_opinion.clone(),
        // Who signs it is who is here today.
        inspectors: people.iter().map(people::on_record).collect(),
        position: body.position.clone(),
        signed_change: None,
    };
    drafts::insert(write, &row)?;
    drafts::update(write, &row)?;
    for answer in &body.answers {
        answers::put(write, id, answer)?;
    }
    for finding in &body.findings {
        findings::put(write, id, finding)?;
    }
    for noted in &body.early {
        let (note, readings) = (noted.note.clone(), noted.readings.clone());
        early::put(write, id, &noted.item, &Early { note, readings })?;
    }
    for check in &body.licences {
        licences::put(write, id, check)?;
    }
    Ok(())
}

fn record(
    device: &Device,
    write: &Write<'_>,
    head: &CopyHead,
    taker: &Person,
) -> Result<(), ApiError> {
    let body = DraftTakenOver {
        inspection: head.inspection,
        record_no: head.record_no.clone(),
        from_log: head.log,
        from_version: head.version,
        from_digest: head.digest,
        from_author: head.author,
        from_author_name: head.author_name.clone(),
        taker: taker.id,
        taker_name: taker.name.clone(),
        photos_left: head.photos,
    };
    let said = Said {
        kind: DRAFT_TAKEN_OVER,
        author: taker.id,
        at: acting::reading(device, write)?,
        records: vec![head.inspection.0],
        body: &body,
    };
    append::append(device, write, said)?;
    Ok(())
}

fn view(device: &Device, offer: &Offer, own: bool) -> OfferedDraftView {
    let (head, zone) = (&offer.head, device.zone());
    let today = acting::today(device);
    let text = |at: xunji_domain::time::Millis| match at.date(zone) == Some(today) {
        true => at.clock_text(zone),
        false => at.minute_text(zone),
    };
    OfferedDraftView {
        inspection: head.inspection.to_string(),
        log: head.log.to_string(),
        operator_name: head.operator_name.clone(),
        kind: head.operator_kind,
        record_no: head.record_no.clone(),
        author_name: head.author_name.clone(),
        own,
        answered: head.answered,
        total: head.total,
        photos: head.photos,
        started_text: text(head.started_at),
        copied_text: text(offer.stored_at),
    }
}

fn unreadable() -> ApiError {
    ApiError::new(
        "draft_unreadable",
        "这份草稿由较新版本的程序保存，没有接续；请升级程序后再试",
    )
    .with(json!(null))
}
