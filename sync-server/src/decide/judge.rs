//! The verdict on one change: who may say it, whether it reads, then the rules of its kind.

use super::incoming::{Incoming, ReadBody};
use super::plan::NewVerdict;
use super::snapshot::{Owner, RecordKey};
use super::work::Work;
use super::{conflict, draft, erase, inspection, later, line, operator, settle};
use uuid::Uuid;
use xunji_domain::ids::StationId;
use xunji_domain::time::{CLOCK_OFF_MS, ClockReading};
use xunji_domain::words::Role;
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::envelope::Change;
use xunji_protocol::guard::Guard;
use xunji_protocol::kinds::{
    CHANGE_SETTLED, CONFLICT_RESOLVED, DRAFT_TAKEN_OVER, INSPECTION_AMENDED, INSPECTION_REVIEWED,
    INSPECTION_SIGNED, LOG_OPENED, OPERATOR_EDITED, OPERATOR_REGISTERED, Payload, RECORD_ERASED,
};
use xunji_protocol::state::change_id;
use xunji_protocol::verdict::{Cause, Flag, Verdict, VerdictRow};

/// Characters of a verdict's detail: names of fields come from outside.
const MAX_DETAIL: usize = 120;

/// What the rules of a kind say.
#[derive(Clone, Debug, Default)]
pub(super) struct Judged {
    /// Held or quarantined, and what the cause speaks of; `None` is applied.
    pub(super) stopped: Option<(Cause, String)>,
    /// Flags.
    pub(super) flags: Vec<Flag>,
    /// Records it changed.
    pub(super) touches: Vec<RecordKey>,
    /// What a held change waits for.
    pub(super) waits_for: Option<String>,
}

impl Judged {
    /// Quarantined: a person decides.
    pub(super) fn stopped(cause: Cause, detail: impl Into<String>) -> Self {
        Self {
            stopped: Some((cause, detail.into())),
            ..Self::default()
        }
    }

    /// Held until a record is here.
    pub(super) fn waits_for_record(id: Uuid) -> Self {
        Self {
            waits_for: Some(format!("record:{id}")),
            ..Self::stopped(Cause::RecordMissing, id.to_string())
        }
    }
}

impl From<CanonicalError> for Judged {
    fn from(_: CanonicalError) -> Self {
        Self::stopped(Cause::Malformed, "number")
    }
}

/// Judges one change and puts its effects into the working copy.
pub(super) fn judge(work: &mut Work, incoming: &Incoming, branch: bool) -> NewVerdict {
    let mut judged = may_say(work, incoming).unwrap_or_else(|| by_kind(work, incoming));
    if branch {
        judged.flags.push(Flag::Branch);
    }
    judged
        .flags
        .extend(clock_flag(work, [&incoming.change.envelope.captured_at]));
    judged.flags.sort_unstable();
    judged.flags.dedup();
    if let Some((_, detail)) = &mut judged.stopped {
        *detail = detail.chars().take(MAX_DETAIL).collect();
    }
    let (verdict, cause, detail) = match judged.stopped {
        None => (Verdict::Applied, None, String::new()),
        Some((cause, detail)) if judged.waits_for.is_some() => (Verdict::Held, Some(cause), detail),
        Some((cause, detail)) => (Verdict::Quarantined, Some(cause), detail),
    };
    let row = VerdictRow {
        seq: incoming.change.envelope.seq,
        hash: incoming.change.hash,
        verdict,
        cause,
        detail,
        flags: judged.flags,
        effects: Vec::new(),
        closed: None,
    };
    NewVerdict {
        row,
        touches: judged.touches,
        waits_for: judged.waits_for,
        later: None,
    }
}

/// Flags work for another station than the phone's: it is accepted all the same.
pub(super) fn scope_flag(work: &Work, station: StationId) -> Option<Flag> {
    match work.at.log.owner {
        Owner::Device { station: own, .. } if own != station => Some(Flag::OutOfScope),
        Owner::Device { .. } | Owner::Bureau => None,
    }
}

/// Flags what was stamped by a clock that was off: as far as the phone knew, or ahead of the time at which
/// it came in.
pub(super) fn clock_flag<'a>(
    work: &Work,
    readings: impl IntoIterator<Item = &'a ClockReading>,
) -> Option<Flag> {
    let latest = work.context.now.0.saturating_add(CLOCK_OFF_MS);
    let is_off = |at: &ClockReading| at.off_by().is_some() || at.wall.0 > latest;
    let stands = Guard::ClockOff.stands();
    (stands && readings.into_iter().any(is_off)).then_some(Flag::ClockOff)
}

/// Whether the author decides for a station: its supervisor, or the county. Where there is none, the county.
pub(super) fn decides_for(work: &Work, change: &Change, station: Option<StationId>) -> bool {
    let author = work.at.people.get(&change.envelope.author);
    author.is_some_and(|author| match author.role {
        Role::Supervisor => station.is_some() && author.station == station,
        Role::Bureau => true,
        _ => false,
    })
}

/// Whether device and author may say such a thing at all; the reason when not.
fn may_say(work: &Work, incoming: &Incoming) -> Option<Judged> {
    let envelope = &incoming.change.envelope;
    // No person says it, and what it declares lets the work of a revoked phone in too.
    if envelope.kind == LOG_OPENED {
        return None;
    }
    let owner = work.at.log.owner;
    if matches!(owner, Owner::Device { active: false, .. }) && !incoming.accepted {
        return Some(Judged::stopped(Cause::NotAllowed, "device"));
    }
    let Some(author) = work.at.people.get(&envelope.author) else {
        return Some(Judged::stopped(Cause::NotAllowed, "author"));
    };
    let allowed = match envelope.kind.as_str() {
        OPERATOR_REGISTERED | OPERATOR_EDITED => author.role != Role::Auditor,
        INSPECTION_SIGNED | INSPECTION_AMENDED | DRAFT_TAKEN_OVER => {
            matches!(author.role, Role::Inspector | Role::Supervisor)
        }
        INSPECTION_REVIEWED => {
            owner == Owner::Bureau
                && matches!(
                    author.role,
                    Role::Supervisor | Role::Bureau | Role::Administrator
                )
        }
        CONFLICT_RESOLVED | CHANGE_SETTLED => {
            owner == Owner::Bureau && matches!(author.role, Role::Supervisor | Role::Bureau)
        }
        RECORD_ERASED => {
            owner == Owner::Bureau && matches!(author.role, Role::Bureau | Role::Administrator)
        }
        // A kind of a newer program: held below, and asked again after the upgrade.
        _ => true,
    };
    (!allowed).then(|| Judged::stopped(Cause::NotAllowed, envelope.kind.clone()))
}

fn by_kind(work: &mut Work, incoming: &Incoming) -> Judged {
    let envelope = &incoming.change.envelope;
    let (payload, document) = match &incoming.read {
        ReadBody::Missing => {
            let waits_for = Some(format!("body:{}", envelope.body));
            return Judged {
                waits_for,
                ..Judged::stopped(Cause::BodyMissing, envelope.body.to_hex())
            };
        }
        ReadBody::TooNew => {
            let detail = format!("{}/{}", envelope.kind, envelope.schema_version);
            return Judged {
                waits_for: Some("program".to_owned()),
                ..Judged::stopped(Cause::TooNew, detail)
            };
        }
        ReadBody::Malformed(what) => return Judged::stopped(Cause::Malformed, what.clone()),
        ReadBody::Payload(payload) => (payload, None),
        ReadBody::Signed(payload, document) => (payload, Some(*document)),
    };
    if !envelope.records.contains(&subject(payload)) {
        return Judged::stopped(Cause::RuleBroken, "records");
    }
    if is_late(work, payload) {
        return Judged::stopped(Cause::RuleBroken, "erased");
    }
    let change = &incoming.change;
    let judged = match payload.as_ref() {
        Payload::OperatorRegistered(entry) => operator::registered(work, change, entry),
        Payload::OperatorEdited(edit) => operator::edited(work, change, edit),
        Payload::InspectionSigned(signed) => inspection::signed(work, change, signed, document),
        Payload::InspectionAmended(amendment) => later::amended(work, change, amendment, document),
        Payload::InspectionReviewed(review) => later::reviewed(work, change, review),
        Payload::ConflictResolved(said) => conflict::resolved(work, change, said),
        Payload::ChangeSettled(said) => Ok(settle::settled(work, change, said)),
        Payload::RecordErased(said) => erase::erased(work, change, said),
        Payload::LogOpened(opened) => Ok(line::opened(work, change, opened)),
        Payload::DraftTakenOver(said) => Ok(draft::taken_over(work, change, said)),
    };
    judged.unwrap_or_else(Judged::from)
}

/// Whether a change speaks of a record that was erased by a rule: a person looks at it.
fn is_late(work: &Work, payload: &Payload) -> bool {
    let record = match payload {
        Payload::InspectionSigned(signed) => signed.content.id,
        Payload::InspectionAmended(amendment) => amendment.inspection,
        Payload::InspectionReviewed(review) => review.inspection,
        _ => return false,
    };
    let known = work.at.inspections.get(&record);
    known.is_some_and(|record| record.summary.erased.is_some())
}

/// The record a change is about: its envelope has to name it.
fn subject(payload: &Payload) -> Uuid {
    match payload {
        Payload::OperatorRegistered(operator) => operator.id.0,
        Payload::OperatorEdited(edit) => edit.operator.0,
        Payload::InspectionSigned(signed) => signed.content.id.0,
        Payload::InspectionAmended(amendment) => amendment.inspection.0,
        Payload::InspectionReviewed(review) => review.inspection.0,
        Payload::ConflictResolved(said) => said.operator.0,
        Payload::ChangeSettled(said) => change_id(said.change),
        Payload::RecordErased(said) => said.record.0,
        Payload::LogOpened(opened) => opened.before.log.0,
        Payload::DraftTakenOver(said) => said.inspection.0,
    }
}
