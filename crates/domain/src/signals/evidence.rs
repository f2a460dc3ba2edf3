//! Photos, certificates and cards.

use super::facts::{Known, Record};
use super::text::day;
use super::{Signal, SignalCode};
use crate::checklist::{SectionKey, edition};
use crate::inspection::PhotoOrigin;
use crate::words::Answer;
use std::collections::BTreeSet;

pub(super) fn photo_reused(_: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let photos: BTreeSet<&str> = known.reused.iter().map(|r| r.sha256.as_str()).collect();
    let latest = known.reused.iter().max_by_key(|r| (r.day, &r.record_no))?;
    let other = match &latest.record_no {
        Some(number) => format!("的记录 {number} 中"),
        None => "外所的记录中".to_owned(),
    };
    let digits = latest.sha256.get(..8).unwrap_or(&latest.sha256);
    Some(Signal::new(
        SignalCode::PhotoReused,
        format!("照片与 {}重复 {} 张", day(latest.day), photos.len()),
        format!("原片 {digits} 也在 {}{other}", day(latest.day)),
    ))
}

pub(super) fn imported(record: &Record<'_>) -> Option<Signal> {
    let photos = &record.content.photos;
    let count = photos
        .iter()
        .filter(|p| p.origin == PhotoOrigin::Imported)
        .count();
    (count > 0).then(|| {
        Signal::new(
            SignalCode::Imported,
            format!("相册导入 {count} 张"),
            format!(
                "共 {} 张，{count} 张从相册导入，不是在检查中拍的",
                photos.len()
            ),
        )
    })
}

pub(super) fn damaged(record: &Record<'_>) -> Option<Signal> {
    let photos = &record.content.photos;
    let count = photos.iter().filter(|p| p.damaged).count();
    (count > 0).then(|| {
        Signal::new(
            SignalCode::Damaged,
            format!("照片损坏 {count} 张"),
            format!("共 {} 张，{count} 张原片在手机上已不完整", photos.len()),
        )
    })
}

pub(super) fn licence_expired(record: &Record<'_>) -> Option<Signal> {
    let over = |l: &crate::inspection::LicenceCheck| {
        let last = l.licence.valid_to.filter(|last| *last < record.day)?;
        Some((l.licence.kind.label(), last))
    };
    let (kind, last) = record.content.licences.iter().find_map(over)?;
    let days = (record.day - last).num_days();
    let note = match licence_items_failed(record) {
        Some(0) => "，亮证经营没有不符合项",
        _ => "",
    };
    Some(Signal::new(
        SignalCode::LicenceExpired,
        format!("{kind}过期 {days} 天"),
        format!("{kind}有效期至 {last}，检查日 {}{note}", record.day),
    ))
}

/// Failed items of 亮证经营; `None` when the edition is not known.
fn licence_items_failed(record: &Record<'_>) -> Option<usize> {
    let list = edition(&record.content.checklist)?;
    let failed = list
        .items_of(SectionKey::Licence)
        .filter(|item| matches!(record.answer(&item.code), Some((Answer::Fail, _))));
    Some(failed.count())
}

pub(super) fn check_digit(record: &Record<'_>) -> Option<Signal> {
    let check = record
        .content
        .licences
        .iter()
        .find(|l| l.check_digit_mismatch)?;
    let kind = check.licence.kind.label();
    Some(Signal::new(
        SignalCode::CheckDigit,
        "证号末位核不上",
        format!("{kind} {}：检查员核对原件后照录", check.licence.number),
    ))
}

pub(super) fn card_mismatch(record: &Record<'_>, known: &Known<'_>) -> Option<Signal> {
    let mut found: Vec<String> = Vec::new();
    for inspector in &record.content.inspectors {
        let name = &inspector.name;
        let card = known
            .cards
            .iter()
            .find(|card| card.person == inspector.person);
        if let Some(last) = inspector.card_valid_to.filter(|last| *last < record.day) {
            found.push(format!("{name}的执法证有效期至 {last}"));
        } else if let Some(card) = card
            && card.card_no.as_deref().unwrap_or_default() != inspector.card_no
        {
            let own = card.card_no.as_deref().unwrap_or("没有证号");
            let on_record = match inspector.card_no.as_str() {
                "" => "没有证号",
                number => number,
            };
            found.push(format!("{name}：记录上{on_record}，名册上{own}"));
        }
    }
    (!found.is_empty())
        .then(|| Signal::new(SignalCode::CardMismatch, "执法证核不上", found.join("；")))
}
