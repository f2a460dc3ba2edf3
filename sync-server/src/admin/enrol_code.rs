//! `admin enrol-code`: a one-time code for one phone of one station.

use super::AdminError;
use crate::app::App;
use crate::config::DataFolder;
use crate::random;
use crate::steps::enrol::code_digest;
use crate::storage::{enrolment, meta};
use serde_json::{Value, json};
use xunji_domain::time::Millis;
use xunji_protocol::limits::ENROL_CODE_MS;

/// Digits and letters that cannot be mistaken for each other on a screen or on paper: 32 of them.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Makes a code of 50 random bits, valid 10 minutes by the serving process's clock, once.
///
/// # Errors
/// [`AdminError::NoStation`]; [`AdminError::Open`] without a county.
pub fn enrol_code(
    data: DataFolder,
    station: &str,
    clock_offset_ms: Option<i64>,
) -> Result<Value, AdminError> {
    let app = App::open(data, 0)?;
    let served =
        meta::get(&app.store, app.bureau, meta::CLOCK_OFFSET)?.and_then(|text| text.parse().ok());
    let now = app
        .clock
        .now()
        .0
        .saturating_add(clock_offset_ms.or(served).unwrap_or(0));
    let found = enrolment::station(&app.store, app.bureau, station.to_owned())?;
    let found = found.ok_or_else(|| AdminError::NoStation(station.to_owned()))?;
    let code = make_code()?;
    enrolment::add_code(
        &app.store,
        app.bureau,
        code_digest(&code),
        found,
        Millis(now + ENROL_CODE_MS),
    )?;
    Ok(json!({"code": code, "root": app.keys.root_hash()}))
}

fn make_code() -> std::io::Result<String> {
    let letters = random::bytes::<10>()?.map(|byte| {
        ALPHABET
            .get(usize::from(byte % 32))
            .copied()
            .unwrap_or(b'2')
    });
    let text: String = letters.iter().map(|byte| char::from(*byte)).collect();
    let (first, second) = text.split_at(5);
    Ok(format!("{first}-{second}"))
}
