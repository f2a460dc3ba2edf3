//! A section confirmed by one key: a row of its own for every item the key names, with its own time on the
//! screen. And the way back from any answer, for the undo bar.

use super::answers::first;
use super::{acting, drafts, form, operators, visit};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftView;
use crate::store::local::early::{self, Early};
use crate::store::local::{Write, answers};
use serde::{Deserialize, Serialize};
use serde_json::json;
use xunji_domain::checklist::{ItemCode, SectionKey};
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::AnswerRow;
use xunji_domain::section_confirm::Refusal;
use xunji_domain::words::{Answer, AnsweredBy};

/// One item that the key named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenItem {
    /// The item.
    pub item: ItemCode,
    /// Milliseconds it was on the screen.
    pub shown_ms: i64,
}

/// One press of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmSection {
    /// The inspection.
    pub inspection: InspectionId,
    /// The section.
    pub section: SectionKey,
    /// The items on the key.
    pub items: Vec<SeenItem>,
}

/// Answers every item on the key with 符合, or none of them.
///
/// # Errors
/// `section_confirm_off`, `answered_alone`, `seen_too_short` and `already_answered` name their items;
/// `not_found` for an item outside the section, `already_signed`, those of the files.
pub fn confirm(device: &Device, press: &ConfirmSection) -> Result<DraftView, ApiError> {
    let form = device
        .local()?
        .read(|read| form::load(device, read, press.inspection))?;
    let failed = operators::last_failed(device, form.row.operator.id)?;
    let (rule, alone) = visit::confirming(device, &form, &failed)?.ok_or_else(off)?;
    let mut hasty = Vec::new();
    for seen in &press.items {
        let item = form.checklist.item(&seen.item);
        let item = item.filter(|item| item.section == press.section);
        let item = item.ok_or_else(|| ApiError::not_found("这个检查项"))?;
        match rule.allows(item, &alone, seen.shown_ms) {
            Ok(()) => {}
            Err(Refusal::Alone(why)) => return Err(answered_alone(&seen.item, why.label())),
            Err(Refusal::TooFast { .. }) => hasty.push(seen.item.clone()),
        }
    }
    if !hasty.is_empty() {
        return Err(seen_too_short(&hasty));
    }
    drafts::change(device, press.inspection, |write, _, _| {
        press
            .items
            .iter()
            .try_for_each(|seen| pass(device, write, press.inspection, seen))
    })
}

/// Takes answers back: their items are open again. Notes, numbers and what was written about a failed item
/// stay, so that answering once more finds them.
///
/// # Errors
/// `not_found`, `already_signed`, those of the file.
pub fn take_back(
    device: &Device,
    inspection: InspectionId,
    items: &[ItemCode],
) -> Result<DraftView, ApiError> {
    drafts::change(device, inspection, |write, _, _| {
        for item in items {
            let Some(row) = answers::get(write, inspection, item)? else {
                continue;
            };
            answers::remove(write, inspection, item)?;
            let kept = Early {
                note: row.note,
                readings: row.readings,
            };
            early::put(write, inspection, item, &kept)?;
        }
        Ok(())
    })
}

fn pass(
    device: &Device,
    write: &Write<'_>,
    inspection: InspectionId,
    seen: &SeenItem,
) -> Result<(), ApiError> {
    if answers::get(write, inspection, &seen.item)?.is_some() {
        return Err(ApiError::new(
            "already_answered",
            format!(
                "{} 已经作答，这一下没有记，原来的结果都在；其余各项请再按一次",
                seen.item
            ),
        )
        .with(json!({ "item": seen.item.as_str() })));
    }
    let at = acting::reading(device, write)?;
    let row = AnswerRow {
        answer: Answer::Pass,
        shown_ms: seen.shown_ms.clamp(0, 86_400_000),
        answered_by: AnsweredBy::Section,
        ..first(write, inspection, &seen.item, at)?
    };
    Ok(answers::put(write, inspection, &row)?)
}

/// Why nothing is answered by section on this phone.
pub(super) fn off() -> ApiError {
    ApiError::new(
        "section_confirm_off",
        "县局没有开通按部分确认，这一下没有记，之前的内容都在；请逐项作答",
    )
}

fn answered_alone(item: &ItemCode, why: &str) -> ApiError {
    ApiError::new(
        "answered_alone",
        format!("{item} 是{why}，须单独作答；这一下没有记，之前的内容都在"),
    )
    .with(json!({ "items": [item.as_str()] }))
}

fn seen_too_short(items: &[ItemCode]) -> ApiError {
    let names: Vec<&str> = items.iter().map(ItemCode::as_str).collect();
    ApiError::new(
        "seen_too_short",
        format!("{} 还没看完，这一下没有记；请再看一眼", names.join("、")),
    )
    .with(json!({ "items": names }))
}
