//! Reads checklist TOML and hands out the built-in editions.

use super::{Checklist, ItemCode};
use crate::inspection::ChecklistRef;
use crate::words::OperatorKind;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The built-in TOML files in the order of `OperatorKind`.
const BUILT_IN: [&str; 3] = [
    include_str!("../../checklists/td-6.toml"),
    include_str!("../../checklists/xcy-6.toml"),
    include_str!("../../checklists/xzf-8.toml"),
];

static ALL: LazyLock<Result<Vec<Checklist>, ChecklistError>> =
    LazyLock::new(|| BUILT_IN.iter().map(|text| parse(text)).collect());

/// Why a checklist file is refused.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChecklistError {
    /// Not the TOML of a checklist.
    #[error("检查表文件无法读取: {0}")]
    Toml(String),
    /// Two items share a code.
    #[error("检查项编号重复: {0}")]
    DuplicateCode(ItemCode),
    /// An item names a section that the checklist does not have.
    #[error("检查项 {0} 所在部分不存在")]
    UnknownSection(ItemCode),
}

/// The built-in checklists: stall, small restaurant, workshop.
///
/// # Errors
/// Only when a built-in file is broken, which a test excludes.
pub fn all() -> Result<&'static [Checklist], ChecklistError> {
    match &*ALL {
        Ok(list) => Ok(list),
        Err(error) => Err(error.clone()),
    }
}

/// The newest built-in checklist for a kind of operator.
pub fn for_kind(kind: OperatorKind) -> Option<&'static Checklist> {
    let list = all().ok()?;
    list.iter()
        .filter(|checklist| checklist.operator_kind == kind)
        .max_by_key(|checklist| checklist.version)
}

/// The built-in checklist with exactly this id, version and digest, as an inspection names it.
pub fn by_edition(id: &str, version: u32, digest: &str) -> Option<&'static Checklist> {
    all().ok()?.iter().find(|checklist| {
        checklist.id == id && checklist.version == version && checklist.digest == digest
    })
}

/// The built-in checklist of the id and version that a record names, whatever its bytes were: for
/// texts beside an answer, never for computing it anew.
pub fn edition(named: &ChecklistRef) -> Option<&'static Checklist> {
    all()
        .ok()?
        .iter()
        .find(|checklist| checklist.id == named.id && checklist.version == named.version)
}

/// Reads one checklist and takes the digest of its bytes.
///
/// # Errors
/// The text is not a checklist, a code stands twice, or an item names a missing section.
pub fn parse(text: &str) -> Result<Checklist, ChecklistError> {
    let mut checklist: Checklist =
        toml::from_str(text).map_err(|error| ChecklistError::Toml(error.to_string()))?;
    let mut seen = BTreeSet::new();
    for item in &checklist.items {
        if !seen.insert(&item.code) {
            return Err(ChecklistError::DuplicateCode(item.code.clone()));
        }
        if checklist.section_label(item.section).is_none() {
            return Err(ChecklistError::UnknownSection(item.code.clone()));
        }
    }
    checklist.digest = hex::encode(Sha256::digest(text.as_bytes()));
    Ok(checklist)
}
