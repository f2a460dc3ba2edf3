//! A record as its signed bytes say it, without any derived column.

use crate::storage::console::raw::{RawChange, RawRecord};
use xunji_domain::checklist::edition;
use xunji_domain::inspection::{
    Amendment, InspectionContent, InspectionEvent, Party, Signature, SignedInspection,
    apply_amendment, fold,
};
use xunji_domain::time::Millis;
use xunji_protocol::body::{amendment_document, body_json};
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::Payload;
use xunji_protocol::schema::read_body;
use xunji_protocol::state::InspectionSummary;
use xunji_protocol::summary;

/// A record read from what was signed.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// As everybody should see it; flags and reviewer are the register's and stay empty.
    pub summary: InspectionSummary,
    /// As it reads after all amendments.
    pub content: InspectionContent,
    /// As it was signed on site.
    pub signed: SignedInspection,
    /// The amendments that stand, with the hash of the version each made.
    pub amendments: Vec<(Digest, Amendment)>,
    /// Versions that were signed beside the first one: a person decides between them.
    pub others: Vec<Other>,
}

/// Another signed version of the same visit.
#[derive(Clone, Debug)]
pub struct Other {
    /// Hash of its change.
    pub version: Digest,
    /// When the server stored it.
    pub received_at: Millis,
    /// As it was signed.
    pub signed: SignedInspection,
}

/// Reads signed record and amendments in server order.
///
/// # Errors
/// What does not read, in words.
pub fn rebuild(raw: &RawRecord) -> Result<Rebuilt, String> {
    let events: Vec<InspectionEvent> = raw.events.iter().map(|(_, event)| event.clone()).collect();
    let folded = fold(&events);
    let change = find(raw, raw.signed_change).ok_or("现场签字的正文不在服务器上")?;
    let (signed, document) = read_signed(change).ok_or("现场签字的正文无法读取")?;
    if signatures(&signed).any(|s| s.document != document) {
        return Err("签名所指的内容与正文不符".to_owned());
    }
    let envelope: Envelope =
        serde_json::from_slice(&change.envelope).map_err(|_| "变更的信封无法读取")?;
    let mut summary = summary::signed(&envelope, change.hash, &signed, change.stored_at)
        .ok_or("检查时间超出范围")?;
    let mut content = signed.content.clone();
    let mut amendments = Vec::new();
    for (n, (hash, event)) in raw.events.iter().enumerate() {
        let odd = folded.odd.iter().any(|(index, _)| *index == n);
        if odd || !matches!(event, InspectionEvent::Amended { .. }) {
            continue;
        }
        let (amendment, document) = find(raw, *hash)
            .and_then(read_amendment)
            .ok_or("补正的正文无法读取")?;
        let mut signed = amendment
            .signatures
            .iter()
            .chain(&amendment.party_signature);
        if signed.any(|s| s.document != document) {
            return Err("补正的签名所指的内容与正文不符".to_owned());
        }
        summary = summary::amended(&summary, *hash, &amendment, edition(&content.checklist));
        content = apply_amendment(&content, &amendment);
        amendments.push((*hash, amendment));
    }
    summary.state = folded.state.unwrap_or(summary.state);
    summary.version = folded
        .version
        .as_deref()
        .and_then(Digest::from_hex)
        .unwrap_or(summary.version);
    summary.open = folded.open;
    Ok(Rebuilt {
        summary,
        content,
        signed,
        amendments,
        others: others(raw)?,
    })
}

/// Every signed version behind the first.
fn others(raw: &RawRecord) -> Result<Vec<Other>, String> {
    let is_signed = |event: &InspectionEvent| matches!(event, InspectionEvent::Signed { .. });
    let signed = raw.events.iter().filter(|(_, event)| is_signed(event));
    let beside = signed.filter(|(hash, _)| *hash != raw.signed_change);
    beside
        .map(|(hash, _)| {
            let change = find(raw, *hash).ok_or("另一版的正文不在服务器上")?;
            let (signed, document) = read_signed(change).ok_or("另一版的正文无法读取")?;
            if signatures(&signed).any(|s| s.document != document) {
                return Err("另一版的签名所指的内容与正文不符".to_owned());
            }
            Ok(Other {
                version: *hash,
                received_at: change.stored_at,
                signed,
            })
        })
        .collect()
}

fn find(raw: &RawRecord, hash: Digest) -> Option<&RawChange> {
    raw.changes.iter().find(|c| c.hash == hash)
}

/// The body, and the digest its signatures have to name: taken from the bytes, so that fields of a
/// newer program count.
fn read_signed(change: &RawChange) -> Option<(SignedInspection, String)> {
    let body = change.body.as_deref()?;
    let document = Digest::of(&canonical_bytes(body_json(body)?.get("content")?).ok()?).to_hex();
    match payload(change)? {
        Payload::InspectionSigned(signed) => Some((*signed, document)),
        _ => None,
    }
}

/// As [`read_signed`], for an amendment.
fn read_amendment(change: &RawChange) -> Option<(Amendment, String)> {
    let document = amendment_document(&body_json(change.body.as_deref()?)?)?.to_hex();
    match payload(change)? {
        Payload::InspectionAmended(amendment) => Some((*amendment, document)),
        _ => None,
    }
}

fn payload(change: &RawChange) -> Option<Payload> {
    let envelope: Envelope = serde_json::from_slice(&change.envelope).ok()?;
    read_body(&envelope, change.body.as_deref()?).ok()
}

fn signatures(signed: &SignedInspection) -> impl Iterator<Item = &Signature> {
    let party = match &signed.party {
        Party::Signed { signature, .. } => Some(signature),
        Party::Refused { .. } | Party::Absent => None,
    };
    signed.inspector_signatures.iter().chain(party)
}
