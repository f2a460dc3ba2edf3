//! Signatures and the end of an inspection. A signature names the hash of the content; the end of the visit
//! is fixed with the first one; any later change deletes them all.

use super::append::{self, Said};
use super::form::{self, Form, document};
use super::{acting, form_view, records, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{DraftView, Finished};
use crate::store::local::signatures::{self, Signed};
use crate::store::local::{Write, drafts, files};
use serde::{Deserialize, Serialize};
use serde_json::json;
use xunji_domain::ids::{InspectionId, PersonId};
use xunji_domain::inspection::{
    AvEvidence, Blocker, Party, Signature, SignedInspection, Stroke, Witness,
};
use xunji_domain::time::ClockReading;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::INSPECTION_SIGNED;
use xunji_protocol::limits::MAX_STROKES;

/// An inspector of the record signs.
///
/// # Errors
/// `blocked` with everything that is missing, `not_found`, `signature_invalid`, `already_signed`.
pub fn sign_inspector(
    device: &Device,
    inspection: InspectionId,
    person: PersonId,
    strokes: Vec<Stroke>,
) -> Result<DraftView, ApiError> {
    check_strokes(&strokes)?;
    sign(device, inspection, |form, document, at| {
        if !form.row.inspectors.iter().any(|i| i.person == person) {
            return Err(ApiError::not_found("这名检查员"));
        }
        Ok(Signed::Inspector {
            person,
            signature: Signature {
                strokes,
                document,
                at,
            },
        })
    })
}

/// The inspected party's signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartySigns {
    /// The inspection.
    pub inspection: InspectionId,
    /// Who signs.
    pub name: String,
    /// 经营者本人, 家属, 雇员 …
    pub relation: String,
    /// Pen lines.
    pub strokes: Vec<Stroke>,
}

/// The inspected party's refusal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartyRefuses {
    /// The inspection.
    pub inspection: InspectionId,
    /// Why.
    pub reason: String,
    /// Who saw it …
    #[serde(default)]
    pub witness: Option<Witness>,
    /// … or what recorded it.
    #[serde(default)]
    pub recording: Option<AvEvidence>,
}

/// The inspected party signs.
///
/// # Errors
/// As [`sign_inspector`].
pub fn sign_party(device: &Device, signs: PartySigns) -> Result<DraftView, ApiError> {
    check_strokes(&signs.strokes)?;
    let name = text::required("签字人姓名", &signs.name)?;
    let relation = text::required("与经营者关系", &signs.relation)?;
    sign(device, signs.inspection, |_, document, at| {
        let signature = Signature {
            strokes: signs.strokes,
            document,
            at,
        };
        Ok(Signed::Party(Party::Signed {
            name,
            relation,
            signature,
        }))
    })
}

/// The inspected party refuses; a witness or a recording stands in.
///
/// # Errors
/// `refusal_incomplete` without reason or without witness and recording; as [`sign_inspector`].
pub fn refuse_party(device: &Device, refuses: PartyRefuses) -> Result<DraftView, ApiError> {
    let reason = text::long("拒签原因", &refuses.reason)?;
    let witness = refuses
        .witness
        .map(clean_witness)
        .transpose()?
        .filter(|w| !w.name.is_empty());
    let recording = refuses
        .recording
        .map(clean_recording)
        .transpose()?
        .filter(|r| !r.number.is_empty());
    if reason.is_empty() || (witness.is_none() && recording.is_none()) {
        return Err(ApiError::new(
            "refusal_incomplete",
            Blocker::RefusalIncomplete.sentence(),
        ));
    }
    sign(device, refuses.inspection, |_, _, _| {
        Ok(Signed::Party(Party::Refused {
            reason,
            witness,
            recording,
        }))
    })
}

/// Nobody is there: only with 未能检查.
///
/// # Errors
/// `absent_not_allowed`, and as [`sign_inspector`].
pub fn party_absent(device: &Device, inspection: InspectionId) -> Result<DraftView, ApiError> {
    sign(device, inspection, |form, _, _| {
        if form.row.not_inspected.is_none() {
            return Err(ApiError::new(
                "absent_not_allowed",
                "只有结论为未能检查时才可记为现场无人，内容没有改动；请让当事人签字，或记录拒签",
            ));
        }
        Ok(Signed::Party(Party::Absent))
    })
}

/// The record becomes final: one change, its files queued, in one transaction.
///
/// # Errors
/// `blocked`, `signatures_missing`, `signature_stale`, `already_signed`, those of the file.
pub fn finish(device: &Device, inspection: InspectionId) -> Result<Finished, ApiError> {
    let (record_no, hash) = device.local()?.write(|write| {
        let form = form::load(device, write, inspection)?.open()?;
        let body = signed_body(&form)?;
        let said = Said {
            kind: INSPECTION_SIGNED,
            author: form.row.author,
            at: acting::reading(device, write)?,
            records: vec![inspection.0, form.row.operator.id.0],
            body: &body,
        };
        let change = append::append(device, write, said)?;
        append::sign_head(write, &change)?;
        queue(write, body.content.photos.iter().map(|p| p.sha256.as_str()))?;
        drafts::set_signed(write, inspection, change.hash)?;
        Ok::<_, ApiError>((form.row.record_no, change.hash))
    })?;
    device.sync().nudge();
    Ok(Finished {
        record_no,
        hash: hash.to_hex(),
        unsent: records::unsent_after(device),
    })
}

/// Queues originals with what was made from them.
///
/// # Errors
/// Those of the file.
pub(super) fn queue<'a>(
    write: &Write<'_>,
    originals: impl Iterator<Item = &'a str>,
) -> Result<(), ApiError> {
    for original in originals.filter_map(Digest::from_hex) {
        files::queue_original(write, original)?;
    }
    Ok(())
}

/// Refuses an empty signature and one beyond the limit of the wire.
///
/// # Errors
/// `signature_invalid`.
pub(super) fn check_strokes(strokes: &[Stroke]) -> Result<(), ApiError> {
    let drawn = strokes.iter().any(|s| s.0.len() >= 4);
    let well_formed = strokes
        .iter()
        .all(|s| s.0.len() >= 2 && s.0.len().is_multiple_of(2));
    let size = serde_json::to_vec(strokes).map_or(usize::MAX, |bytes| bytes.len());
    let sentence = match (drawn && well_formed, size > MAX_STROKES) {
        (true, false) => return Ok(()),
        (true, true) => "签名笔画太多，没有存上，之前的内容都在；请清除后写得简短一些",
        (false, _) => "还没有写下签名，内容没有改动；请在签名框内书写后再确认",
    };
    Err(ApiError::new("signature_invalid", sentence))
}

fn sign(
    device: &Device,
    inspection: InspectionId,
    make: impl FnOnce(&Form, String, ClockReading) -> Result<Signed, ApiError>,
) -> Result<DraftView, ApiError> {
    device.local()?.write(|write| {
        let mut form = form::load(device, write, inspection)?.open()?;
        // Who signs first sees a record that lacks nothing but signatures.
        refuse_blocked(
            form.blockers()
                .into_iter()
                .filter(|b| !matches!(b, Blocker::PartyMissing))
                .collect(),
        )?;
        let at = acting::reading(device, write)?;
        let ended = form.row.ended_at.get_or_insert_with(|| at.clone()).clone();
        let document = document(&form.content(Some(&ended)))?.to_hex();
        let signed = make(&form, document, at)?;
        drafts::update(write, &form.row)?;
        signatures::put(write, inspection.0, &signed)?;
        form_view::view(
            &form::load(device, write, inspection)?,
            device.zone(),
            false,
        )
    })
}

fn signed_body(form: &Form) -> Result<SignedInspection, ApiError> {
    refuse_blocked(form.blockers())?;
    let content = form.content(form.row.ended_at.as_ref());
    let expected = document(&content)?.to_hex();
    let mut inspector_signatures = Vec::new();
    for inspector in &content.inspectors {
        let signature = form.signed.iter().find_map(|s| match s {
            Signed::Inspector { person, signature } if *person == inspector.person => {
                Some(signature.clone())
            }
            _ => None,
        });
        inspector_signatures.push(signature.ok_or_else(|| unsigned(&inspector.name))?);
    }
    let party = form.party().cloned().ok_or_else(|| unsigned("经营者"))?;
    let by_party = match &party {
        Party::Signed { signature, .. } => Some(signature),
        Party::Refused { .. } | Party::Absent => None,
    };
    if inspector_signatures
        .iter()
        .chain(by_party)
        .any(|s| s.document != expected)
    {
        return Err(ApiError::new(
            "signature_stale",
            "签字之后内容有变动，签字已不对应，内容都在；请各方重新签字",
        ));
    }
    Ok(SignedInspection {
        content,
        inspector_signatures,
        party,
    })
}

fn refuse_blocked(blockers: Vec<Blocker>) -> Result<(), ApiError> {
    let Some(first) = blockers.first() else {
        return Ok(());
    };
    let all: Vec<_> = blockers.iter().map(form_view::blocker).collect();
    Err(ApiError::new(
        "blocked",
        format!("还不能签字：{}；已填内容都在", first.sentence()),
    )
    .with(json!({ "blockers": all })))
}

fn unsigned(who: &str) -> ApiError {
    ApiError::new(
        "signatures_missing",
        format!("{who}还没有签字，内容都在；各方签字后再完成"),
    )
    .with(json!({ "who": who }))
}

fn clean_witness(witness: Witness) -> Result<Witness, ApiError> {
    if let Some(signature) = &witness.signature {
        check_strokes(&signature.strokes)?;
    }
    Ok(Witness {
        name: text::short("见证人姓名", &witness.name)?,
        unit: text::short("见证人单位", &witness.unit)?,
        phone: text::short("见证人电话", &witness.phone)?,
        signature: witness.signature,
    })
}

fn clean_recording(recording: AvEvidence) -> Result<AvEvidence, ApiError> {
    Ok(AvEvidence {
        number: text::short("录音录像编号", &recording.number)?,
    })
}
