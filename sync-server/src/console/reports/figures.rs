//! The figures of a day, counted from its records and from nothing else.

use super::compose::licence_no;
use crate::console::rows::failed;
use crate::storage::console::records::Listed;
use std::collections::BTreeSet;
use xunji_domain::inspection::Party;
use xunji_domain::words::{Conclusion, GradeLetter, Measure, OperatorKind};
use xunji_report::{KeyFigures, Visits};

/// Counts.
pub(super) fn count(records: &[Listed]) -> KeyFigures {
    let mut figures = KeyFigures {
        people: distinct(
            records
                .iter()
                .flat_map(|r| r.summary.inspectors.iter().map(|(person, _)| *person)),
        ),
        teams: distinct(records.iter().map(team)),
        markets: distinct(records.iter().filter_map(|r| r.summary.market)),
        total: visits(records.iter()),
        stall: visits(of_kind(records, OperatorKind::Stall)),
        small_restaurant: visits(of_kind(records, OperatorKind::SmallRestaurant)),
        workshop: visits(of_kind(records, OperatorKind::Workshop)),
        rectification_orders: size(records.iter().filter(|r| orders(r, Measure::Deadline) > 0)),
        unlicensed: operators(records, |r| licence_no(r).is_empty()),
        refused_signature: size(
            records
                .iter()
                .filter(|r| matches!(r.party, Some(Party::Refused { .. }))),
        ),
        stopped: operators(records, |r| orders(r, Measure::Stop) > 0),
        ..KeyFigures::default()
    };
    for record in records {
        add(&mut figures, record);
    }
    figures
}

fn add(figures: &mut KeyFigures, record: &Listed) {
    let conclusions = &mut figures.conclusions;
    *match record.summary.conclusion {
        Conclusion::Conforming => &mut conclusions.conforming,
        Conclusion::MostlyConforming => &mut conclusions.mostly_conforming,
        Conclusion::Nonconforming => &mut conclusions.nonconforming,
        Conclusion::NotInspected => &mut conclusions.not_inspected,
    } += 1;
    let grades = &mut figures.grades;
    *match record.summary.graded.letter {
        Some(GradeLetter::A) => &mut grades.a,
        Some(GradeLetter::B) => &mut grades.b,
        Some(GradeLetter::C) => &mut grades.c,
        None => &mut grades.ungraded,
    } += 1;
    let counts = failed(&record.summary, &record.content);
    figures.findings.critical += narrow(counts.critical);
    figures.findings.major += narrow(counts.major);
    figures.findings.minor += narrow(counts.minor);
    figures.corrected_on_site += orders(record, Measure::OnSite);
    figures.case_leads += orders(record, Measure::CaseLead);
    figures.handed_over += orders(record, Measure::HandOver);
}

fn team(record: &Listed) -> Vec<xunji_domain::ids::PersonId> {
    let mut people: Vec<_> = record
        .summary
        .inspectors
        .iter()
        .map(|(person, _)| *person)
        .collect();
    people.sort_unstable();
    people
}

fn orders(record: &Listed, measure: Measure) -> u32 {
    size(
        record
            .summary
            .failed
            .iter()
            .filter(|f| f.measure == Some(measure)),
    )
}

fn of_kind(records: &[Listed], kind: OperatorKind) -> impl Iterator<Item = &Listed> + Clone {
    records
        .iter()
        .filter(move |r| r.summary.operator_kind == kind)
}

fn visits<'a>(records: impl Iterator<Item = &'a Listed> + Clone) -> Visits {
    Visits {
        visits: size(records.clone()),
        operators: distinct(records.map(|r| r.summary.operator)),
    }
}

fn operators(records: &[Listed], which: impl Fn(&Listed) -> bool) -> u32 {
    distinct(
        records
            .iter()
            .filter(|r| which(r))
            .map(|r| r.summary.operator),
    )
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> u32 {
    narrow(items.collect::<BTreeSet<T>>().len())
}

fn size<T>(items: impl Iterator<Item = T>) -> u32 {
    narrow(items.count())
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
