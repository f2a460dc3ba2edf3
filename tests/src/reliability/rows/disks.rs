//! The separate checker on the folders a row left behind.

use crate::audit;
use crate::audit::compare::{Taken, compare};
use crate::market::{Step, Stopped};
use crate::reliability::Count;
use serde_json::Value;
use std::path::{Path, PathBuf};
use xunji_server::config::DataFolder;
use xunji_server::verify;

/// Compares what phones hold with what the server holds.
///
/// # Errors
/// A folder does not open.
pub fn compared(taken: &Value, server: &Path, phones: &[PathBuf]) -> Step<Count> {
    let taken: Taken =
        serde_json::from_value(taken.clone()).map_err(|e| Stopped::at("taken", e))?;
    let county = audit::county::read(server).map_err(|e| Stopped::at("audit", e))?;
    let phones = phones
        .iter()
        .map(|home| audit::phone::read(home).map_err(|e| Stopped::at("audit", e)))
        .collect::<Step<Vec<_>>>()?;
    let found = compare(&taken, &phones, &county);
    Ok(Count {
        trials: 0,
        lost: found.lost,
        doubled: found.doubled,
        wrong: found.wrong,
        ..Count::default()
    })
}

/// What the server's own look through its folder finds wrong.
pub fn verified(server: &Path) -> Vec<String> {
    match verify::folder(&DataFolder::new(server), &|_, _| {}) {
        Ok(found) => found
            .flaws()
            .map(|(flaw, n)| format!("{n}: {flaw}"))
            .collect(),
        Err(e) => vec![e.to_string()],
    }
}
