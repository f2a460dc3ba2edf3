//! Answers, notes and readings: one commit per tap.

use super::{acting, form, form_view, text};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftDelta;
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
/// `not_found` for an item outside the checklist, `already_signed`, those of the file.
pub fn answer(device: &Device, tap: &Tap) -> Result<DraftDelta, ApiError> {
    on_item(
        device,
        tap.inspection,
        &tap.item,
        |write, item, before, at| {
            let kept = before.unwrap_or_else(|| empty(&tap.item, tap.answer, at.clone()));
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

/// Keeps the note of an answered item: why it was not checked, or a remark.
///
/// # Errors
/// `unanswered`, `text_too_long`, and as [`answer`].
pub fn note(
    device: &Device,
    inspection: InspectionId,
    code: &ItemCode,
    typed: &str,
) -> Result<DraftDelta, ApiError> {
    let typed = text::long("备注", typed)?;
    on_item(device, inspection, code, |write, _, before, _| {
        let row = AnswerRow {
            note: typed,
            ..before.ok_or_else(|| unanswered(code))?
        };
        Ok(answers::put(write, inspection, &row)?)
    })
}

/// Keeps a number read at an answered item; an empty value takes it back.
///
/// # Errors
/// `unanswered`, `not_found` for a key the item does not ask for, and as [`answer`].
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
            let mut row = before.ok_or_else(|| unanswered(&read.item))?;
            row.readings.retain(|r| r.key != read.key);
            if !value.is_empty() {
                row.readings.push(Reading {
                    key: read.key.clone(),
                    value,
                });
                row.readings.sort_by(|a, b| a.key.cmp(&b.key));
            }
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

fn empty(item: &ItemCode, answer: Answer, at: ClockReading) -> AnswerRow {
    AnswerRow {
        item: item.clone(),
        answer,
        note: String::new(),
        readings: Vec::new(),
        shown_ms: 0,
        answered_by: AnsweredBy::Card,
        at,
    }
}

fn proposed(device: &Device, item: &Item, at: &ClockReading) -> Result<Finding, ApiError> {
    let measure = default_measure(item.severity);
    let day = at.wall.date(device.zone());
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

fn unanswered(code: &ItemCode) -> ApiError {
    ApiError::new(
        "unanswered",
        format!("{code} 还没有作答，内容没有改动；请先作答再填写"),
    )
    .with(json!({ "item": code.as_str() }))
}
