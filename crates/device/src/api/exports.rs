//! The TypeScript types of the answers: made here, committed under `ui/`, compared on every run. With
//! `XUNJI_WRITE_TYPES=1` the test writes them instead of complaining.
#![allow(clippy::unwrap_used)]

use super::{ApiError, view};
use crate::newer::HandedIn;
use crate::runner::{SyncView, Traffic};
use crate::usecases::bundle::ReceiptsTaken;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use ts_rs::{Config, TS};
use xunji_domain::signals::Signal;
use xunji_domain::trace::VisitTrace;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/shared/src/generated")
}

fn made(folder: &Path) {
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    ApiError::export_all(&config).unwrap();
    SyncView::export_all(&config).unwrap();
    Traffic::export_all(&config).unwrap();
    view::Status::export_all(&config).unwrap();
    view::TodayView::export_all(&config).unwrap();
    view::Readiness::export_all(&config).unwrap();
    view::OperatorList::export_all(&config).unwrap();
    view::OperatorView::export_all(&config).unwrap();
    view::ChecklistView::export_all(&config).unwrap();
    view::NumberAnswer::export_all(&config).unwrap();
    view::DraftView::export_all(&config).unwrap();
    view::DraftDelta::export_all(&config).unwrap();
    view::OfferedDrafts::export_all(&config).unwrap();
    view::TakenOver::export_all(&config).unwrap();
    view::VisitRules::export_all(&config).unwrap();
    view::Finished::export_all(&config).unwrap();
    view::ExpectedPhoto::export_all(&config).unwrap();
    view::RecordView::export_all(&config).unwrap();
    view::RecordList::export_all(&config).unwrap();
    view::BundleState::export_all(&config).unwrap();
    ReceiptsTaken::export_all(&config).unwrap();
    view::AmendmentView::export_all(&config).unwrap();
    view::FinishedAmendment::export_all(&config).unwrap();
    VisitTrace::export_all(&config).unwrap();
    Signal::export_all(&config).unwrap();
    HandedIn::export_all(&config).unwrap();
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "ts"))
        .map(|p| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            let text = without_self_import(&name, &fs::read_to_string(&p).unwrap());
            (name, text)
        })
        .collect()
}

/// ts-rs lets a file that holds several types import them from itself, which TypeScript refuses.
fn without_self_import(name: &str, text: &str) -> String {
    let own = [
        format!("from \"./{name}\";"),
        format!("from \"./{}\";", name.trim_end_matches(".ts")),
    ];
    let itself = |line: &str| {
        line.starts_with("import type") && own.iter().any(|end| line.trim_end().ends_with(end))
    };
    text.split_inclusive('\n')
        .filter(|line| !itself(line))
        .collect()
}

#[test]
fn generated_types_are_up_to_date() {
    let fresh = tempfile::tempdir().unwrap();
    made(fresh.path());
    let fresh = texts(fresh.path());
    assert!(
        fresh.contains_key("device.ts") && fresh.contains_key("domain.ts"),
        "{:?}",
        fresh.keys()
    );
    if std::env::var_os("XUNJI_WRITE_TYPES").is_some() {
        fs::create_dir_all(committed()).unwrap();
        for (name, text) in &fresh {
            fs::write(committed().join(name), text).unwrap();
        }
    }
    let kept = texts(&committed());
    for (name, text) in &fresh {
        let same = kept.get(name) == Some(text);
        assert!(
            same,
            "{name} differs: run XUNJI_WRITE_TYPES=1 cargo test -p xunji-device generated_types"
        );
    }
}
