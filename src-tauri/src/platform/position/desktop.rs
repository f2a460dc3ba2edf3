//! A desktop has no receiver. A test may name a file that stands in for one.

use serde::Deserialize;
use std::path::Path;
use std::time::{Duration, Instant};
use tauri::{AppHandle, Builder, Runtime};
use xunji_device::door::{Phone, place};
use xunji_domain::place::{FixSource, NoFix, RawFix};
use xunji_domain::time::Millis;

/// How often the file is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// What a test writes: degrees and metres, as a receiver tells them.
#[derive(Deserialize)]
struct Written {
    latitude: f64,
    longitude: f64,
    accuracy: f64,
    /// Milliseconds since it was measured.
    #[serde(default)]
    age_ms: i64,
    #[serde(default)]
    source: Option<FixSource>,
    #[serde(default)]
    mock: Option<bool>,
}

/// Nothing to prepare.
pub fn prepare<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
}

/// What the file of `XUNJI_POSITION_FILE` says, once it is there.
pub fn read<R: Runtime>(
    _app: &AppHandle<R>,
    phone: &Phone,
    within: Duration,
) -> Result<RawFix, NoFix> {
    let Some(path) = std::env::var_os("XUNJI_POSITION_FILE") else {
        return Err(NoFix::NoSource);
    };
    let ends = Instant::now() + within;
    loop {
        if let Some(fix) = written(Path::new(&path), phone) {
            return Ok(fix);
        }
        if Instant::now() >= ends {
            return Err(NoFix::NotFound);
        }
        std::thread::sleep(LOOK);
    }
}

fn written(path: &Path, phone: &Phone) -> Option<RawFix> {
    let text = std::fs::read(path).ok()?;
    let said: Written = serde_json::from_slice(&text).ok()?;
    Some(RawFix {
        lat_e7: place::e7(said.latitude),
        lon_e7: place::e7(said.longitude),
        accuracy_cm: place::cm(said.accuracy),
        at: Millis(phone.wall_ms().saturating_sub(said.age_ms)),
        source: said.source,
        mock: said.mock,
    })
}
