//! What the app is told from outside: where its data lie, and what a demo or a test wants.

use std::path::PathBuf;

/// Settings of one start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of this phone's data.
    pub folder: PathBuf,
    /// A server to enrol with, and its one-time code. Ignored by a phone that is enrolled.
    pub enrol: Option<(String, String)>,
    /// The folder into which the system's camera writes for this app, where there is one.
    pub pictures: Option<PathBuf>,
    /// Milliseconds this phone's clock is ahead of the system's; `None` outside tests and played days.
    pub clock_offset_ms: Option<i64>,
}

impl Settings {
    /// Reads the environment: `XUNJI_DATA_DIR`, `XUNJI_SERVER_URL` with `XUNJI_ENROL_CODE`, `XUNJI_CLOCK_OFFSET_MS`.
    pub fn from_env(app_data: PathBuf, pictures: Option<PathBuf>) -> Self {
        let enrol = text("XUNJI_SERVER_URL").zip(text("XUNJI_ENROL_CODE"));
        let clock_offset_ms = text("XUNJI_CLOCK_OFFSET_MS").and_then(|ms| ms.parse().ok());
        let folder = std::env::var_os("XUNJI_DATA_DIR").map_or(app_data, PathBuf::from);
        Self {
            folder,
            enrol,
            pictures,
            clock_offset_ms,
        }
    }
}

/// A variable that is set to something.
fn text(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}
