//! The place where a visit began. The shell asks the receiver in the background and tells what came of it; this
//! decides what stands on the record. A fix never blocks anything, and its absence is said.

use super::{acting, form};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{PositionState, PositionView};
use crate::store::StoreError;
use crate::store::local::drafts::{self, DraftRow};
use crate::store::mirror;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use xunji_domain::ids::InspectionId;
use xunji_domain::mask::Audience;
use xunji_domain::org::Bureau;
use xunji_domain::place::{BEGINS_MS, NoFix, RawFix};
use xunji_domain::time::{ClockReading, GeoFix};
use xunji_protocol::state;

/// What the shell tells of the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Told {
    /// It was asked.
    Asking {},
    /// It gave a fix.
    Fix(RawFix),
    /// It gave none.
    Nothing {
        /// Why.
        why: NoFix,
    },
}

/// How the asking stands, by visit. Only in memory: after a kill nobody asks any more.
#[derive(Debug, Default)]
pub struct Shared(Mutex<BTreeMap<InspectionId, Option<NoFix>>>);

impl Shared {
    fn set(&self, id: InspectionId, stands: Option<NoFix>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, stands);
    }

    /// `None` when nobody asked, `Some(None)` while somebody does.
    fn get(&self, id: InspectionId) -> Option<Option<NoFix>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).copied()
    }
}

/// Takes what the receiver said. A fix stands on the record when there is none yet or a worse one, and only
/// while the visit begins and nobody has signed.
///
/// # Errors
/// `not_found`, `already_signed`, `position_off`, `position_late`, `position_unsound`: the record stays as it is.
pub fn told(
    device: &Device,
    inspection: InspectionId,
    told: &Told,
) -> Result<PositionView, ApiError> {
    match told {
        Told::Asking {} => device.positions.set(inspection, None),
        Told::Nothing { why } => device.positions.set(inspection, Some(*why)),
        Told::Fix(raw) => keep(device, inspection, raw)?,
    }
    device.local()?.read(|read| {
        let form = form::load(device, read, inspection)?;
        Ok(form.position)
    })
}

fn keep(device: &Device, inspection: InspectionId, raw: &RawFix) -> Result<(), ApiError> {
    if is_off(device)? {
        return Err(off());
    }
    device.local()?.write(|write| {
        let row = form::load(device, write, inspection)?.open()?.row;
        let at = acting::reading(device, write)?;
        if !begins(&row, &at) {
            return Err(late());
        }
        let fix = raw.used_at(at.wall, at.time());
        if !fix.is_sound() {
            return Err(unsound());
        }
        if row
            .position
            .as_ref()
            .is_none_or(|kept| fix.is_better_than(kept))
        {
            drafts::set_position(write, inspection, &fix)?;
        }
        Ok(())
    })
}

/// The fix a visit may begin with: none that names no place, none where the bureau wants none.
///
/// # Errors
/// Those of the file.
pub(super) fn to_begin_with(
    device: &Device,
    fix: Option<GeoFix>,
) -> Result<Option<GeoFix>, ApiError> {
    if is_off(device)? {
        return Ok(None);
    }
    Ok(fix.filter(GeoFix::is_sound))
}

/// How a visit stands.
///
/// # Errors
/// Those of the file.
pub(super) fn view(
    device: &Device,
    row: &DraftRow,
    now: &ClockReading,
) -> Result<PositionView, ApiError> {
    if let Some(fix) = &row.position {
        return Ok(recorded(Some(fix)));
    }
    let none = |state, text: &str, ask| PositionView {
        state,
        text: text.to_owned(),
        marks: Vec::new(),
        ask,
    };
    if row.signed_change.is_some() {
        return Ok(recorded(None));
    }
    if is_off(device)? {
        return Ok(none(PositionState::Off, "本局不记录位置", false));
    }
    let ask = begins(row, now);
    Ok(match device.positions.get(row.id) {
        Some(None) if ask => none(PositionState::Asking, "正在定位，不用等", true),
        Some(Some(why)) => {
            let text = format!("没有定位：{}，不影响检查", why.label());
            none(PositionState::Nothing, &text, ask)
        }
        Some(None) | None => none(PositionState::Nothing, "没有定位，不影响检查", ask),
    })
}

/// What a record that is final says of its place.
pub(super) fn recorded(fix: Option<&GeoFix>) -> PositionView {
    let text = fix.and_then(|fix| fix.text(Audience::Device));
    PositionView {
        state: match fix {
            Some(_) => PositionState::Fix,
            None => PositionState::Nothing,
        },
        text: text.unwrap_or_else(|| "没有定位".to_owned()),
        marks: fix.map(GeoFix::marks).unwrap_or_default(),
        ask: false,
    }
}

/// Whether the visit still begins: it is open, nobody has signed, and the start is not long ago.
fn begins(row: &DraftRow, now: &ClockReading) -> bool {
    let since = now.time().0.saturating_sub(row.started_at.time().0);
    row.signed_change.is_none() && row.ended_at.is_none() && (0..=BEGINS_MS).contains(&since)
}

fn is_off(device: &Device) -> Result<bool, StoreError> {
    let bureaus: Vec<Bureau> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::BUREAU))?;
    Ok(bureaus.iter().any(|bureau| bureau.positions_off))
}

fn off() -> ApiError {
    ApiError::new(
        "position_off",
        "本局设定不记录位置，这次定位没有记下，其他内容都在；需要时请联系管理员",
    )
}

fn late() -> ApiError {
    ApiError::new(
        "position_late",
        "检查已开始一段时间或已有人签字，这次定位没有记下，其他内容都在；不用再做什么",
    )
}

fn unsound() -> ApiError {
    ApiError::new(
        "position_unsound",
        "定位结果无效，没有记下，其他内容都在；没有定位也能继续检查",
    )
}
