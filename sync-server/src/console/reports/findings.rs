//! 发现问题: one entry per failed item, with what may be printed as its basis and up to two photos.

use super::compose::date_text;
use crate::storage::console::files::PhotoFiles;
use crate::storage::console::records::Listed;
use std::collections::BTreeMap;
use xunji_domain::checklist::edition;
use xunji_domain::checklist::{Checklist, Item, ItemCode, printed_bases};
use xunji_domain::inspection::PhotoPurpose;
use xunji_domain::mask::Audience;
use xunji_domain::scoring::default_measure;
use xunji_domain::time::GeoFix;
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
        place: place(record.content.position.as_ref()),
        record_no: record.summary.record_no.clone(),
        photos: of_item(record, &failed.item)
            .map(|p| reference(record, p, item))
            .collect(),
        no_photo_reason: finding
            .map(|f| f.no_photo_reason.clone())
            .unwrap_or_default(),
    }
}

/// Where the visit began, as a report inside the bureau says it; what is doubtful about it stands behind it.
fn place(fix: Option<&GeoFix>) -> String {
    let Some(fix) = fix.filter(|fix| fix.is_sound()) else {
        return String::new();
    };
    let said = fix.text(Audience::Internal).into_iter().chain(fix.marks());
    said.collect::<Vec<_>>().join("；")
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

#[cfg(test)]
mod tests {
    use super::*;
    use xunji_domain::place::FixSource;

    fn fix(mock: Option<bool>, age_ms: i64) -> GeoFix {
        GeoFix {
            lat_e7: 361_234_567,
            lon_e7: 1_175_678_901,
            accuracy_cm: 800,
            age_ms,
            source: Some(FixSource::Satellite),
            mock,
        }
    }

    #[test]
    fn a_place_is_printed_with_its_accuracy_and_its_doubts() {
        let plain = "36.1234, 117.5678，误差约 8 米（卫星）";
        assert_eq!(place(Some(&fix(None, 0))), plain);
        assert_eq!(
            place(Some(&fix(Some(true), 6 * 60_000))),
            format!("{plain}；模拟位置，不是接收机测得；6 分钟前的旧位置")
        );
    }

    #[test]
    fn without_a_place_nothing_is_printed() {
        assert_eq!(place(None), "");
        let nowhere = GeoFix {
            lat_e7: 0,
            lon_e7: 0,
            ..fix(None, 0)
        };
        assert_eq!(place(Some(&nowhere)), "");
    }
}
