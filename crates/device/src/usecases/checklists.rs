//! Checklists and number rules, as the face asks for them.

use crate::api::ApiError;
use crate::api::view::{ChecklistItem, ChecklistView, NumberAnswer};
use xunji_domain::checklist::{self, Checklist, basis_text};
use xunji_domain::licence::{self, LicenceKind};

/// The newest built-in edition of a checklist.
///
/// # Errors
/// `not_found`.
pub fn checklist(id: &str) -> Result<ChecklistView, ApiError> {
    let all = checklist::all().map_err(|_| ApiError::not_found("检查表"))?;
    let found = all.iter().filter(|c| c.id == id).max_by_key(|c| c.version);
    found.map(view).ok_or_else(|| ApiError::not_found("检查表"))
}

/// What a typed number looks like to its rule. A wrong check digit warns, it never blocks.
pub fn check_number(kind: LicenceKind, number: &str) -> NumberAnswer {
    let check = licence::check(kind, number);
    let sentence = check.message().unwrap_or_default().to_owned();
    NumberAnswer { check, sentence }
}

fn view(list: &Checklist) -> ChecklistView {
    let item = |item: &checklist::Item| ChecklistItem {
        item: item.clone(),
        basis_text: basis_text(&item.basis, &list.province),
    };
    ChecklistView {
        id: list.id.clone(),
        version: list.version,
        name: list.name.clone(),
        operator_kind: list.operator_kind,
        sections: list.sections.clone(),
        items: list.items.iter().map(item).collect(),
    }
}
