//! Answers, notes and readings: one commit per tap.

use super::{acting, form, form_view, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftDelta;
use crate::store::local::early::{self, Early};
use crate::store::local::{Write, answers, drafts, findings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use xunji_domain::checklist::{Item, ItemCode};
use xunji_domain::ids::{FindingId, InspectionId};
use xunji_domain::inspection::{AnswerRow, Finding, Reading};
use xunji_domain::scoring::default_measure;
use xunji_domain::time::ClockReading;
use xunji_domain::words::{Answer, AnsweredBy};

/// One tap on an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tap {
    /// The inspection.
    pub inspection: InspectionId,
    /// The item.
    pub item: ItemCode,
    /// The answer.
    pub answer: Answer,
    /// Milliseconds the item was on the screen.
    pub shown_ms: i64,
    /// How it was given.
    pub answered_by: AnsweredBy,
}

/// A number read at an item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NumberRead {
    /// The inspection.
    pub inspection: InspectionId,
    /// The item.
    pub item: ItemCode,
    /// Key within the item.
    pub key: String,
    /// Digits as typed.
    pub value: String,
}

/// Keeps an answer. A first 不符合 opens a finding with the proposed measure; the inspector decides.
///
/// # Errors
/// `not_found` for an item outside the checklist, `not_by_tap`, `already_signed`, those of the file.
pub fn answer(device: &Device, tap: &Tap) -> Result<DraftDelta, ApiError> {
    if tap.answered_by == AnsweredBy::Section {
        return Err(ApiError::new(
            "not_by_tap",
            "按部分确认不能一项一项地记，这一下没有记，之前的内容都在；请升级程序",
        ));
    }
    on_item(
        device,
        tap.inspection,
        &tap.item,
        |write, item, before, at| {
            let kept = match before {
                Some(row) => row,
                None => first(write, tap.inspection, &tap.item, at.clone())?,
            };
            let row = AnswerRow {
                answer: tap.answer,
                shown_ms: tap.shown_ms.clamp(0, 86_400_000),
                answered_by: tap.answered_by,
                at: at.clone(),
                ..kept
            };
            answers::put(write, tap.inspection, &row)?;
            if tap.answer == Answer::Fail
                && findings::get(write, tap.inspection, &tap.item)?.is_none()
            {
                findings::put(write, tap.inspection, &proposed(device, item, &at)?)?;
            }
            Ok(())
        },
    )
}

/// Keeps the note of an item: why it was not checked, or a remark.
///
/// # Errors
/// `text_too_long`, and as [`answer`].
pub fn note(
    device: &Device,
    inspection: InspectionId,
    code: &ItemCode,
    typed: &str,
) -> Result<DraftDelta, ApiError> {
    let typed = text::long("备注", typed)?;
    on_item(device, inspection, code, |write, _, before, _| {
        let Some(before) = before else {
            let noted = Early {
                note: typed,
                ..early::get(write, inspection, code)?
            };
            return Ok(early::put(write, inspection, code, &noted)?);
        };
        let row = AnswerRow {
            note: typed,
            ..before
        };
        Ok(answers::put(write, inspection, &row)?)
    })
}

/// Keeps a number read at an item, also before it is judged; an empty value takes it back.
///
/// # Errors
/// `not_found` for a key the item does not ask for, and as [`answer`].
pub fn reading(device: &Device, read: &NumberRead) -> Result<DraftDelta, ApiError> {
    let value = text::short("数值", &read.value)?;
    on_item(
        device,
        read.inspection,
        &read.item,
        |write, item, before, _| {
            if !item.readings.iter().any(|r| r.key == read.key) {
                return Err(ApiError::not_found("这个数值").with(json!({ "key": read.key })));
            }
            let Some(mut row) = before else {
                let mut kept = early::get(write, read.inspection, &read.item)?;
                put_reading(&mut kept.readings, &read.key, value);
                return Ok(early::put(write, read.inspection, &read.item, &kept)?);
            };
            put_reading(&mut row.readings, &read.key, value);
            Ok(answers::put(write, read.inspection, &row)?)
        },
    )
}

/// Changes what belongs to one item, in one transaction; signatures made before are void.
pub(super) fn on_item(
    device: &Device,
    inspection: InspectionId,
    code: &ItemCode,
    act: impl FnOnce(&Write<'_>, &'static Item, Option<AnswerRow>, ClockReading) -> Result<(), ApiError>,
) -> Result<DraftDelta, ApiError> {
    device.local()?.write(|write| {
        let form = form::load(device, write, inspection)?.open()?;
        let checklist = form.checklist;
        let item = checklist
            .item(code)
            .ok_or_else(|| ApiError::not_found("这个检查项"))?;
        let voided = drafts::void_signatures(write, inspection.0)?;
        let at = acting::reading(device, write)?;
        act(write, item, form.answers.get(code).cloned(), at)?;
        Ok(form_view::delta(
            &form::load(device, write, inspection)?,
            code,
            voided,
        ))
    })
}

/// The row of an item that had no answer, with what was read and noted there before.
pub(super) fn first(
    write: &Write<'_>,
    inspection: InspectionId,
    item: &ItemCode,
    at: ClockReading,
) -> Result<AnswerRow, ApiError> {
    let kept = early::get(write, inspection, item)?;
    early::put(write, inspection, item, &Early::default())?;
    Ok(AnswerRow {
        item: item.clone(),
        answer: Answer::Pass,
        note: kept.note,
        readings: kept.readings,
        shown_ms: 0,
        answered_by: AnsweredBy::Card,
        at,
    })
}

fn put_reading(readings: &mut Vec<Reading>, key: &str, value: String) {
    readings.retain(|reading| reading.key != key);
    if !value.is_empty() {
        readings.push(Reading {
            key: key.to_owned(),
            value,
        });
        readings.sort_by(|a, b| a.key.cmp(&b.key));
    }
}

fn proposed(device: &Device, item: &Item, at: &ClockReading) -> Result<Finding, ApiError> {
    let measure = default_measure(item.severity);
    let day = at.time().date(device.zone());
    let deadline = measure
        .days
        .and_then(|n| day?.checked_add_days(chrono::Days::new(u64::from(n))));
    Ok(Finding {
        id: FindingId(device.new_id()?),
        item: item.code.clone(),
        problem: String::new(),
        measure: Some(measure.measure),
        deadline,
        no_photo_reason: String::new(),
    })
}
