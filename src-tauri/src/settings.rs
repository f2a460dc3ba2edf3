//! What the app is told from outside: where its data and what people carry lie, and what a demo or a test wants.

use crate::platform::keystore;
use std::path::PathBuf;
use xunji_device::door::{PeopleFolder, Settings};

/// Reads the environment: `XUNJI_DATA_DIR`, `XUNJI_SERVER_URL` with `XUNJI_ENROL_CODE`, `XUNJI_CLOCK_OFFSET_MS`.
pub fn from_env(
    app_data: PathBuf,
    pictures: Option<PathBuf>,
    people: Option<PeopleFolder>,
) -> Settings {
    let enrol = text("XUNJI_SERVER_URL").zip(text("XUNJI_ENROL_CODE"));
    let clock_offset_ms = text("XUNJI_CLOCK_OFFSET_MS").and_then(|ms| ms.parse().ok());
    let folder = std::env::var_os("XUNJI_DATA_DIR").map_or(app_data, PathBuf::from);
    Settings {
        folder,
        enrol,
        pictures,
        people,
        clock_offset_ms,
        keys: keystore::of,
    }
}

/// A variable that is set to something.
fn text(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}
