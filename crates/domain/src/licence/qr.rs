//! The text of a scanned code on a certificate. It is a link that needs the network: the raw text is
//! kept, a unified code is taken out when one appears, and nothing is ever opened.

use super::{NumberCheck, normal, uscc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest raw text that is kept, in bytes; a QR code holds at most 2953.
pub const MAX_BYTES: usize = 4096;

/// What a scanned code says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct QrReading {
    /// The text as scanned, cut at [`MAX_BYTES`].
    pub raw: String,
    /// A unified social credit code found in it.
    pub code: Option<String>,
    /// The host of a link, lower-case.
    pub host: Option<String>,
    /// The host is a government site (`*.gov.cn`). Others are shown with a warning.
    pub government: bool,
    /// For the screen: the content has not been verified.
    pub note_zh: String,
}

/// Reads the text of a scanned code.
pub fn read(text: &str) -> QrReading {
    let end = text.floor_char_boundary(MAX_BYTES);
    let raw = text.get(..end).unwrap_or_default().to_owned();
    let host = host(&raw);
    let government = host
        .as_deref()
        .is_some_and(|h| h == "gov.cn" || h.ends_with(".gov.cn"));
    QrReading {
        code: find_code(&normal::normalise(&raw)),
        host,
        government,
        note_zh: "待联网核验".to_owned(),
        raw,
    }
}

/// The first 18 characters that stand alone as a code, else the first 18 inside a longer run whose
/// check characters fit (links glue parameters together).
fn find_code(text: &str) -> Option<String> {
    let runs: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|run| run.len() >= 18)
        .collect();
    let alone = runs
        .iter()
        .find(|run| run.len() == 18 && !uscc::check(run).is_format_error());
    if let Some(code) = alone {
        return Some((*code).to_owned());
    }
    runs.iter().find_map(|run| {
        (0..=run.len() - 18)
            .filter_map(|at| run.get(at..at + 18))
            .find(|part| matches!(uscc::check(part), NumberCheck::Ok { .. }))
            .map(str::to_owned)
    })
}

fn host(raw: &str) -> Option<String> {
    let lower = raw.trim().to_ascii_lowercase();
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme))?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_owned())
}
