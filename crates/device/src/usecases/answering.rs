//! How this phone's holder answers: with cards or with the dock, with which hand. It is the phone's own and
//! stands in no record; how each answer was given does.

use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::{Read, settings};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

const WAY: &str = "answer_way";
const HAND: &str = "hand";

/// The two faces of the checklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum AnswerWay {
    /// Three answers on every card.
    #[default]
    Cards,
    /// A list to read, and keys that never move.
    Dock,
}

/// The hand whose thumb reaches the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum Hand {
    /// The right one.
    #[default]
    Right,
    /// The left one: rows and keys are mirrored.
    Left,
}

/// What is chosen; a word of a newer program reads as the default.
///
/// # Errors
/// Those of the file.
pub(super) fn chosen(read: &Read<'_>) -> Result<(AnswerWay, Hand), StoreError> {
    Ok((kept(read, WAY)?, kept(read, HAND)?))
}

/// Chooses the face of the checklist.
///
/// # Errors
/// Those of the file.
pub fn set_way(device: &Device, way: AnswerWay) -> Result<(), ApiError> {
    keep(device, WAY, &way)
}

/// Chooses the hand.
///
/// # Errors
/// Those of the file.
pub fn set_hand(device: &Device, hand: Hand) -> Result<(), ApiError> {
    keep(device, HAND, &hand)
}

fn kept<T: DeserializeOwned + Default>(read: &Read<'_>, key: &str) -> Result<T, StoreError> {
    let text = settings::get(read, key)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

fn keep<T: Serialize>(device: &Device, key: &str, value: &T) -> Result<(), ApiError> {
    let json = serde_json::to_string(value).map_err(|_| StoreError::Value("setting.answering"))?;
    Ok(device
        .local()?
        .write(|write| settings::set(write, key, &json))?)
}
