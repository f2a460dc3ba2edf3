//! The file of receipts that goes back to the phone.

use super::report::BundleReport;
use super::take::Brought;
use crate::app::App;
use xunji_protocol::bundle::{BundleAnswer, write_answer};
use xunji_protocol::version;

/// Its bytes; `None` when the bundle brought nothing that is here now.
pub(super) fn bytes(app: &App, report: &BundleReport, brought: &Brought) -> Option<Vec<u8>> {
    if brought.pushed.is_empty() && brought.files.is_empty() && brought.erased.is_empty() {
        return None;
    }
    let mut pushed = brought.pushed.clone();
    pushed.sort_by_key(|answer| answer.verdicts.first().map(|row| row.seq));
    let answer = BundleAnswer {
        protocol: version::CURRENT,
        bureau: app.bureau,
        log: report.log,
        bundle: report.bundle,
        epoch: app.epoch(),
        server_time: app.clock.now(),
        keys: app.keys.key_list().ok()?,
        pushed,
        files: brought.files.values().cloned().collect(),
        erased: brought.erased.iter().copied().collect(),
    };
    write_answer(&app.keys.receipts, &answer).ok()
}
