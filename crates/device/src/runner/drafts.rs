//! Safety copies of drafts: sent when they have changed, at most once a minute each; which drafts of other
//! phones are on offer is asked once an hour. None of it keeps a run from its end.

use super::engine::Engine;
use crate::api::ApiError;
use crate::device::Device;
use crate::sync::errors::{self, After, Fault};
use crate::transport::gzip::{gunzip, gzip};
use crate::usecases::draft_copy;
use std::collections::BTreeMap;
use xunji_domain::ids::InspectionId;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::drafts::{
    CONTENT_TYPE, CopyKept, DraftCopy, FetchRequest, Offers, OffersRequest, read_copy, write_copy,
};

/// Between two copies of one draft.
const EVERY_MS: u64 = 60 * 1000;
/// What was refused is shown again after this long; offers are asked for as often.
const HOUR_MS: u64 = 60 * EVERY_MS;

/// Where copying stands in this process.
#[derive(Debug, Default)]
pub(super) struct Copying {
    /// How often the file had been written when it was last looked at.
    looked: Option<u64>,
    /// Drafts that differ from what was acknowledged.
    changed: Vec<InspectionId>,
    /// Until when a draft rests.
    rests: BTreeMap<InspectionId, u64>,
    /// When offers were asked for, and when they are asked for again.
    asked_at: u64,
    offers_at: u64,
}

impl Copying {
    /// The draft whose copy is to go now.
    pub fn due(&self, now_ms: u64) -> Option<InspectionId> {
        let rests = |id: &InspectionId| self.rests.get(id).is_some_and(|until| *until > now_ms);
        self.changed.iter().copied().find(|id| !rests(id))
    }

    /// Whether offers are to be asked for.
    pub fn offers_due(&self, now_ms: u64) -> bool {
        self.offers_at <= now_ms
    }
}

/// Looks which drafts have changed, when anything was written since the last look.
pub(super) fn look(device: &Device, engine: &mut Engine) -> Result<(), Fault> {
    if device.sync.take_offers_due() {
        let soon = engine.copying.asked_at.saturating_add(EVERY_MS);
        engine.copying.offers_at = engine.copying.offers_at.min(soon);
    }
    let local = device.local()?;
    let writes = local.writes();
    if engine.copying.looked != Some(writes) {
        engine.copying.changed = match local.read(draft_copy::waiting) {
            // Nothing is copied before the phone belongs to a station.
            Err(error) if error.code == "not_enrolled" => Vec::new(),
            looked => looked?,
        };
        engine.copying.looked = Some(writes);
    }
    Ok(())
}

/// Sends a copy.
pub(super) async fn copy(
    device: &Device,
    engine: &mut Engine,
    id: InspectionId,
) -> Result<(), Fault> {
    // Before it goes: one that is cut again and again must not stand before files that could go.
    rest(engine, id, EVERY_MS);
    let made = device
        .local()?
        .write(|write| draft_copy::next(device, write, id))?;
    let Some((head, body)) = made else {
        return Ok(());
    };
    let frame = write_copy(&head, &body).map_err(|e| Fault::Local(e.to_string()))?;
    let packed = gzip(&frame).map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let size = packed.len();
    let answer = engine
        .trip(size, size, transport.copy_draft(&token, packed))
        .await?;
    match errors::json::<CopyKept>(answer) {
        Ok(kept) => {
            let taken = device
                .local()?
                .write(|write| draft_copy::acknowledge(write, &head, &kept))?;
            if taken {
                device.sync.tell_drafts();
            } else {
                tracing::warn!(draft = %id, stands = kept.version, "another copy of this draft stands");
            }
            Ok(())
        }
        Err(fault) if is_refused(&fault) => {
            tracing::warn!(code = fault.code(), draft = %id, "the copy of a draft was not taken");
            rest(engine, id, HOUR_MS);
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}

/// Asks which drafts of other phones are on offer.
pub(super) async fn offers(device: &Device, engine: &mut Engine) -> Result<(), Fault> {
    engine.copying.asked_at = engine.now_ms();
    engine.copying.offers_at = engine.copying.asked_at.saturating_add(EVERY_MS);
    let body = serde_json::to_vec(&OffersRequest {}).map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let answer = engine
        .trip(
            body.len(),
            body.len(),
            transport.offered_drafts(&token, body),
        )
        .await?;
    match errors::json::<Offers>(answer) {
        Ok(offers) => device.sync.set_offers(offers),
        Err(fault) if is_refused(&fault) => {}
        Err(fault) => return Err(fault),
    }
    engine.copying.offers_at = engine.now_ms().saturating_add(HOUR_MS);
    Ok(())
}

/// Fetches one copy, whole.
pub(super) async fn fetch(
    device: &Device,
    engine: &mut Engine,
    asked: FetchRequest,
) -> Result<DraftCopy, Fault> {
    let body = serde_json::to_vec(&asked).map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let answer = engine
        .trip(body.len(), body.len(), transport.fetch_draft(&token, body))
        .await?;
    let answer = errors::ours(answer, Some(CONTENT_TYPE))?;
    let bytes = match answer.header("content-encoding") {
        Some("gzip") => gunzip(&answer.body).map_err(|_| Fault::BadAnswer("draft"))?,
        _ => answer.body,
    };
    let copy = read_copy(&bytes).map_err(|_| Fault::BadAnswer("draft"))?;
    if (copy.head.inspection, copy.head.log) != (asked.inspection, asked.log) {
        return Err(Fault::BadAnswer("another draft"));
    }
    Ok(copy)
}

/// The server's word for a person who waits for a draft.
pub(super) fn as_error(fault: &Fault) -> ApiError {
    let (code, sentence) = match fault {
        Fault::NoSignal | Fault::NoAnswer | Fault::Cut => (
            "no_signal",
            "现在连不上服务器，草稿没有接续，本机内容不受影响；有信号后再点一次".to_owned(),
        ),
        Fault::Told(problem) if problem.code == Code::NotFound => (
            "draft_gone",
            "这份草稿已经签字，或已不在服务器上，没有接续；请刷新后再看".to_owned(),
        ),
        other => (other.code(), other.sentence()),
    };
    ApiError::new(code, sentence)
}

/// Whether the same bytes would be refused again: an older server, a copy that it does not take.
fn is_refused(fault: &Fault) -> bool {
    *fault == Fault::TooLarge || fault.after() == After::Person
}

fn rest(engine: &mut Engine, id: InspectionId, for_ms: u64) {
    let until = engine.now_ms().saturating_add(for_ms);
    engine.copying.rests.insert(id, until);
}
