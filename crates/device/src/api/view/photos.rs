//! Photos as the face sees them: a state and an address, never bytes.

use crate::store::local::photos::{PhotoRow, PhotoState};
use serde::Serialize;

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct PhotoView {
    /// Id.
    pub id: String,
    /// Where it stands.
    pub state: PhotoState,
    /// SHA-256 of the original, hex; `None` until it is sealed.
    pub sha256: Option<String>,
    /// 已损坏.
    pub damaged: bool,
    /// What went wrong; empty when nothing did.
    pub problem: String,
    /// What it shows.
    #[ts(
        type = "{ kind: \"items\", items: string[] } | { kind: \"storefront\" } | { kind: \"licence\" }"
    )]
    pub purpose: serde_json::Value,
    /// Address of the thumbnail.
    pub thumb: String,
    /// `06:05`, when it was taken over; empty before.
    pub at_text: String,
}

impl PhotoView {
    /// A photo's row.
    pub fn of(row: &PhotoRow, zone: i32) -> Self {
        let sealed = row.sealed.as_ref();
        Self {
            id: row.id.to_string(),
            state: row.state,
            sha256: sealed.map(|s| s.sha256.to_hex()),
            damaged: sealed.is_some_and(|s| s.damaged),
            problem: row.problem.clone(),
            purpose: serde_json::to_value(&row.purpose).unwrap_or_default(),
            thumb: format!("photo://localhost/{}/thumbnail", row.id),
            at_text: sealed
                .map(|s| s.at.time().clock_text(zone))
                .unwrap_or_default(),
        }
    }
}

/// Where the camera's file is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct ExpectedPhoto {
    /// The photo.
    pub photo: String,
    /// The folder the shell's camera writes into.
    pub folder: String,
}
