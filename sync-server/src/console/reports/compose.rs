//! From a day to what is printed. Pure: the same day gives the same data.

use super::day::Day;
use super::{figures, findings};
use crate::storage::console::records::Listed;
use chrono::{Datelike as _, Days, NaiveDate};
use std::collections::BTreeMap;
use xunji_domain::calendar::{is_market_day, lunar_text, rule_text, weekday_text};
use xunji_domain::licence::LicenceKind;
use xunji_domain::time::Millis;
use xunji_domain::words::{Conclusion, Measure, OperatorKind};
use xunji_report::{
    DayReportData, Due, DueRectification, Head, InspectionRow, NotInspectedEntry, RepeatOffender,
    Variant,
};

/// The report's data.
pub(super) fn compose(day: &Day) -> DayReportData {
    DayReportData {
        head: head(day),
        figures: figures::count(&day.records),
        rows: day.records.iter().map(|record| line(day, record)).collect(),
        findings: findings::entries(&day.records),
        repeat_offenders: repeats(day),
        due: due(day),
        not_inspected: not_inspected(day),
        to_coordinate: Vec::new(),
        tomorrow: tomorrow(day),
    }
}

fn head(day: &Day) -> Head {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Head {
        bureau: day.bureau.clone(),
        station: day.station.name.clone(),
        date_text: date_text(day.day),
        lunar_text: lunar_text(day.day)
            .map(|text| format!("农历{text}"))
            .unwrap_or_default(),
        weekday_text: weekday_text(day.day).to_owned(),
        scope: scope_text(day),
        number: format!(
            "{}日报〔{}〕{:03}-{}",
            day.station.name,
            day.day.year(),
            day.serial,
            day.version
        ),
        version: day.version,
        generated_at_text: minute_text(day.now, day.station.zone),
        cut_off_text: minute_text(day.now, day.station.zone),
        received: count(day.records.len()),
        not_received: day.not_received,
        late_count: count(day.records.iter().filter(|r| day.is_late(r)).count()),
        compiled_by: day.compiled_by.clone(),
        reviewed_by: String::new(),
        variant: Variant::Internal,
        demo: day.demo,
    }
}

/// Markets that were visited, with their rule, and the grids; a day without records says so.
fn scope_text(day: &Day) -> String {
    let mut parts: Vec<String> = Vec::new();
    for market in &day.markets {
        if day
            .records
            .iter()
            .any(|r| r.summary.market == Some(market.id))
        {
            let held = if is_market_day(&market.rule, day.day) {
                "·集日"
            } else {
                ""
            };
            parts.push(format!(
                "{}（{}）{held}",
                market.name,
                rule_text(&market.rule)
            ));
        }
    }
    let outside = |r: &&Listed| r.summary.market.and_then(|m| day.market(m)).is_none();
    for grid in &day.grids {
        if day
            .records
            .iter()
            .filter(outside)
            .any(|r| r.summary.grid == grid.id)
        {
            parts.push(grid.name.clone());
        }
    }
    if parts.is_empty() {
        "当日没有检查记录".to_owned()
    } else {
        parts.join("、")
    }
}

fn line(day: &Day, record: &Listed) -> InspectionRow {
    let summary = &record.summary;
    InspectionRow {
        time: summary.started_at.clock_text(record.content.zone),
        kind: summary.operator_kind,
        name: summary.operator_name.clone(),
        licence_no: masked(&licence_no(record)),
        conclusion: summary.conclusion,
        grade: summary.graded.letter,
        findings: u32::try_from(summary.failed.len()).unwrap_or(u32::MAX),
        disposition: disposition(record),
        inspectors: summary
            .inspectors
            .iter()
            .map(|(_, name)| name.clone())
            .collect(),
        record_no: summary.record_no.clone(),
        state: summary.state,
        late: day.is_late(record),
    }
}

/// The number of the certificate that this kind of operator has to have; empty for none.
pub(super) fn licence_no(record: &Listed) -> String {
    let wanted: &[LicenceKind] = match record.summary.operator_kind {
        OperatorKind::Stall => &[LicenceKind::StallCard],
        OperatorKind::SmallRestaurant => &[
            LicenceKind::SmallRestaurantRegistration,
            LicenceKind::FoodPermit,
            LicenceKind::LegacyCateringPermit,
        ],
        OperatorKind::Workshop => &[
            LicenceKind::WorkshopRegistration,
            LicenceKind::ProductionPermit,
        ],
    };
    let seen = record.content.licences.iter().map(|check| &check.licence);
    let known = record.content.operator.operator.licences.iter();
    let all: Vec<_> = seen.chain(known).filter(|l| !l.number.is_empty()).collect();
    wanted
        .iter()
        .find_map(|kind| all.iter().find(|l| l.kind == *kind))
        .map(|l| l.number.clone())
        .unwrap_or_default()
}

/// Head and last four characters: enough to tell two certificates apart, not enough to copy one.
fn masked(number: &str) -> String {
    let length = number.chars().count();
    if length <= 8 {
        return number.to_owned();
    }
    let head: String = number
        .chars()
        .take((length - 4).min(10).saturating_sub(2))
        .collect();
    let tail: String = number.chars().skip(length - 4).collect();
    format!("{head}****{tail}")
}

fn disposition(record: &Listed) -> String {
    let mut counts: BTreeMap<Measure, usize> = BTreeMap::new();
    for measure in record.summary.failed.iter().filter_map(|f| f.measure) {
        *counts.entry(measure).or_default() += 1;
    }
    let words: Vec<String> = counts
        .iter()
        .map(|(measure, n)| format!("{}{n}", measure.label()))
        .collect();
    words.join("、")
}

fn repeats(day: &Day) -> Vec<RepeatOffender> {
    let mut found = Vec::new();
    for record in &day.records {
        for failed in &record.summary.failed {
            let before: Vec<_> = day
                .earlier
                .iter()
                .filter(|e| {
                    e.operator == record.summary.operator
                        && e.failed.iter().any(|f| f.item == failed.item)
                })
                .map(|e| format!("{}月{}日", e.day.month(), e.day.day()))
                .collect();
            if !before.is_empty() {
                found.push(RepeatOffender {
                    name: record.summary.operator_name.clone(),
                    kind: record.summary.operator_kind,
                    problem: format!("{}（{}、本日）", failed.problem, before.join("、")),
                    times: u32::try_from(before.len() + 1).unwrap_or(u32::MAX),
                });
            }
        }
    }
    found
}

fn due(day: &Day) -> Vec<DueRectification> {
    day.deadlines
        .iter()
        .filter_map(|open| {
            let deadline = open.finding.deadline?;
            let due = match deadline.cmp(&day.day) {
                std::cmp::Ordering::Less => Due::Overdue,
                std::cmp::Ordering::Equal => Due::Today,
                std::cmp::Ordering::Greater => Due::Tomorrow,
            };
            Some(DueRectification {
                name: open.operator.name.clone(),
                problem: open.finding.problem.clone(),
                deadline: date_text(deadline),
                due,
                responsible: open.operator.owner.clone(),
            })
        })
        .collect()
}

fn not_inspected(day: &Day) -> Vec<NotInspectedEntry> {
    let tried = day
        .records
        .iter()
        .filter(|r| r.summary.conclusion == Conclusion::NotInspected)
        .map(|r| NotInspectedEntry {
            name: r.summary.operator_name.clone(),
            kind: r.summary.operator_kind,
            reason: r
                .content
                .not_inspected
                .clone()
                .unwrap_or_else(|| "到场未能检查".to_owned()),
        });
    let left = day.unvisited.iter().map(|operator| NotInspectedEntry {
        name: operator.name.clone(),
        kind: operator.kind,
        reason: "当日没有检查记录".to_owned(),
    });
    tried.chain(left).collect()
}

fn tomorrow(day: &Day) -> String {
    let Some(next) = day.day.checked_add_days(Days::new(1)) else {
        return String::new();
    };
    let held: Vec<&str> = day
        .markets
        .iter()
        .filter(|m| m.station == day.station.id && is_market_day(&m.rule, next))
        .map(|m| m.name.as_str())
        .collect();
    if held.is_empty() {
        String::new()
    } else {
        format!("{}逢集：{}。", date_text(next), held.join("、"))
    }
}

/// `2026年10月14日`.
pub(super) fn date_text(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `2026年10月14日18:02`.
pub(super) fn minute_text(at: Millis, zone: i32) -> String {
    at.date(zone).map_or_else(String::new, |day| {
        format!("{}{}", date_text(day), at.clock_text(zone))
    })
}
