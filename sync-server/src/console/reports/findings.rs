//! 发现问题: one entry per failed item, with what may be printed as its basis and up to two photos.

use super::compose::date_text;
use crate::storage::console::files::PhotoFiles;
use crate::storage::console::records::Listed;
use std::collections::BTreeMap;
use xunji_domain::checklist::edition;
use xunji_domain::checklist::{Checklist, Item, ItemCode, printed_bases};
use xunji_domain::inspection::PhotoPurpose;
use xunji_domain::scoring::default_measure;
use xunji_domain::words::Severity;
use xunji_protocol::digest::Digest;
use xunji_report::{FindingEntry, PhotoRef};

/// Photos printed with a finding.
const PRINTED: usize = 2;

/// Every finding of the day in the order of the records.
pub(super) fn entries(records: &[Listed]) -> Vec<FindingEntry> {
    let mut entries = Vec::new();
    for record in records {
        let list = edition(&record.content.checklist);
        for failed in &record.summary.failed {
            let number = (entries.len() + 1).to_string();
            entries.push(entry(record, failed, list, number));
        }
    }
    entries
}

fn entry(
    record: &Listed,
    failed: &xunji_protocol::state::FailedItem,
    list: Option<&Checklist>,
    number: String,
) -> FindingEntry {
    let item = list.and_then(|l| l.item(&failed.item));
    let severity = item.map_or(Severity::Minor, |i| i.severity);
    let finding = record
        .content
        .findings
        .iter()
        .find(|f| f.item == failed.item);
    FindingEntry {
        number,
        operator: record.summary.operator_name.clone(),
        kind: record.summary.operator_kind,
        problem: failed.problem.clone(),
        severity,
        basis: list
            .zip(item)
            .map(|(l, i)| printed_bases(&i.basis, &l.province))
            .unwrap_or_default(),
        measure: failed
            .measure
            .unwrap_or_else(|| default_measure(severity).measure),
        measure_note: String::new(),
        deadline: failed
            .deadline
            .map(|d| format!("{}前", date_text(d)))
            .unwrap_or_default(),
        responsible: record.content.operator.operator.owner.clone(),
        record_no: record.summary.record_no.clone(),
        photos: of_item(record, &failed.item)
            .map(|p| reference(record, p, item))
            .collect(),
        no_photo_reason: finding
            .map(|f| f.no_photo_reason.clone())
            .unwrap_or_default(),
    }
}

fn of_item<'a>(record: &'a Listed, item: &'a ItemCode) -> impl Iterator<Item = &'a PhotoFiles> {
    record
        .photos
        .iter()
        .filter(move |p| matches!(&p.photo.purpose, PhotoPurpose::Items { items } if items.contains(item)))
        .filter(|p| printable(p).is_some())
        .take(PRINTED)
}

fn reference(record: &Listed, photo: &PhotoFiles, item: Option<&Item>) -> PhotoRef {
    let time = photo.photo.at.time().clock_text(record.content.zone);
    let list = edition(&record.content.checklist);
    let section = item
        .and_then(|i| list?.section_label(i.section))
        .unwrap_or_default();
    PhotoRef {
        sha256: photo.photo.sha256.clone(),
        caption: format!("{time} {section}").trim().to_owned(),
    }
}

/// The file that is printed for a photo: the working copy, else the thumbnail. The caption names
/// the original all the same; that is the evidence.
fn printable(photo: &PhotoFiles) -> Option<Digest> {
    photo.copy.or(photo.thumbnail)
}

/// Original → file, for every photo that is printed.
pub(super) fn pictures(records: &[Listed]) -> BTreeMap<String, Digest> {
    let mut pictures = BTreeMap::new();
    for record in records {
        for failed in &record.summary.failed {
            let files = of_item(record, &failed.item);
            pictures.extend(files.filter_map(|p| Some((p.photo.sha256.clone(), printable(p)?))));
        }
    }
    pictures
}
