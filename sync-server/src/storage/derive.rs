//! Derived columns: written with the states they come from, so that lists need no JSON.

use super::columns::{code, to_column, to_json};
use super::erased;
use super::error::StoreError;
use crate::decide::{Derived, Plan, RecordWrite, Row};
use rusqlite::{Connection, params};
use xunji_domain::ids::LogId;
use xunji_domain::inspection::InspectionContent;
use xunji_domain::operator::Operator;
use xunji_domain::signals::seconds;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{ChangeSettled, Review, ReviewDecision};
use xunji_protocol::log::LogHead;
use xunji_protocol::state::InspectionSummary;

/// Replaces the derived columns of one record.
pub(super) fn replace(
    db: &Connection,
    plan: &Plan,
    record: &RecordWrite,
) -> Result<(), StoreError> {
    match &record.derived {
        Derived::Operator(operator) => put_operator(db, plan, operator),
        Derived::Inspection(summary, content) => put_inspection(db, plan, summary, content),
        Derived::Conflict(conflict) => {
            db.prepare_cached(
                "INSERT INTO conflict (bureau, conflict, operator, field, change, at, resolved)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (bureau, conflict) DO UPDATE SET resolved = excluded.resolved",
            )?
            .execute(params![
                plan.bureau.as_bytes(),
                conflict.id.as_bytes(),
                conflict.operator.as_bytes(),
                conflict.field,
                conflict.change.0,
                conflict.at.0,
                conflict.resolved
            ])?;
            Ok(())
        }
        Derived::Person(person) => {
            db.prepare_cached(
                "INSERT INTO person (bureau, person, station, role, name) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (bureau, person) DO UPDATE SET station = excluded.station, role = excluded.role,
                   name = excluded.name",
            )?
            .execute(params![
                plan.bureau.as_bytes(),
                person.id.as_bytes(),
                person.station.as_ref().map(|s| s.as_bytes()),
                code(&person.role)?,
                person.name
            ])?;
            Ok(())
        }
        Derived::Station(station) => {
            db.prepare_cached(
                "INSERT INTO station (bureau, station, name, code) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (bureau, station) DO UPDATE SET name = excluded.name, code = excluded.code",
            )?
            .execute(params![plan.bureau.as_bytes(), station.id.as_bytes(), station.name, station.code])?;
            Ok(())
        }
        Derived::None => Ok(()),
    }
}

/// Adds one row. Ids come from phones: one that is used already must never stop a log, so it is
/// passed over here and flagged by the decision.
pub(super) fn add(db: &Connection, plan: &Plan, row: &Row) -> Result<(), StoreError> {
    let bureau = plan.bureau.as_bytes();
    match row {
        Row::Event {
            inspection,
            n,
            change,
            event,
        } => {
            db.prepare_cached(
                "INSERT INTO inspection_event (bureau, inspection, n, change, event, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![bureau, inspection.as_bytes(), to_column(*n), change.0, to_json(event)?, plan.at.0])?;
        }
        Row::Number {
            record_no,
            inspection,
            change,
        } => {
            db.prepare_cached("INSERT INTO record_no (bureau, record_no, inspection, change) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![bureau, record_no, inspection.as_bytes(), change.0])?;
        }
        Row::Photo {
            sha256,
            inspection,
            photo,
            log,
            size,
        } => {
            db.prepare_cached(
                "INSERT INTO photo_ref (bureau, sha256, inspection, photo, log, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (bureau, inspection, photo) DO NOTHING",
            )?
            .execute(params![bureau, sha256, inspection.as_bytes(), photo.as_bytes(), log.as_bytes(), size])?;
        }
        Row::Hole { change, by, lost } => add_hole(db, plan, *change, *by, *lost)?,
        Row::Erased { change, said } => erased::erase(db, plan.bureau, *change, said)?,
        Row::Settled { change, said } => add_settled(db, plan, *change, said)?,
        Row::Review { change, review } => add_review(db, plan, *change, review)?,
        Row::Amendment {
            change,
            amendment,
            inspection,
        } => {
            db.prepare_cached(
                "INSERT INTO amendment (bureau, amendment, inspection, change, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (bureau, amendment) DO NOTHING",
            )?
            .execute(params![bureau, amendment.as_bytes(), inspection.as_bytes(), change.0, plan.at.0])?;
        }
    }
    Ok(())
}

/// Only where the same phone holds both logs, and nothing stands there.
fn add_hole(
    db: &Connection,
    plan: &Plan,
    change: Digest,
    by: LogId,
    lost: LogHead,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO log_hole (bureau, log, seq, hash, change)
         SELECT l.bureau, l.log, ?3, ?4, ?5 FROM log l
         JOIN log b ON b.bureau = l.bureau AND b.log = ?6 AND b.device = l.device
         WHERE l.bureau = ?1 AND l.log = ?2 AND NOT EXISTS
           (SELECT 1 FROM change c WHERE c.bureau = l.bureau AND c.log = l.log AND c.seq = ?3 AND c.main = 1)
         ON CONFLICT (bureau, log, seq) DO NOTHING",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        lost.log.as_bytes(),
        to_column(lost.seq),
        lost.hash.0,
        change.0,
        by.as_bytes()
    ])?;
    Ok(())
}

fn add_settled(
    db: &Connection,
    plan: &Plan,
    change: Digest,
    said: &ChangeSettled,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO settled (bureau, hash, change, decision, at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        said.change.0,
        change.0,
        code(&said.decision)?,
        said.at.0
    ])?;
    Ok(())
}

fn add_review(
    db: &Connection,
    plan: &Plan,
    change: Digest,
    review: &Review,
) -> Result<(), StoreError> {
    let decision = match review.decision {
        ReviewDecision::Approved { .. } => "approved",
        ReviewDecision::Returned { .. } => "returned",
    };
    db.prepare_cached(
        "INSERT INTO review (bureau, review, inspection, change, reviewer, decision, at, row)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (bureau, review) DO NOTHING",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        review.id.as_bytes(),
        review.inspection.as_bytes(),
        change.0,
        review.reviewer.as_bytes(),
        decision,
        review.at.0,
        to_json(review)?
    ])?;
    Ok(())
}

fn put_operator(db: &Connection, plan: &Plan, operator: &Operator) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO operator (bureau, operator, station, grid, market, kind, name, status)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (bureau, operator) DO UPDATE SET station = excluded.station, grid = excluded.grid,
           market = excluded.market, kind = excluded.kind, name = excluded.name, status = excluded.status",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        operator.id.as_bytes(),
        operator.station.as_bytes(),
        operator.grid.as_bytes(),
        operator.slot.as_ref().map(|slot| slot.market.as_bytes()),
        code(&operator.kind)?,
        operator.name,
        code(&operator.status)?
    ])?;
    Ok(())
}

fn put_inspection(
    db: &Connection,
    plan: &Plan,
    summary: &InspectionSummary,
    content: &InspectionContent,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO inspection (bureau, inspection, operator, station, grid, market, record_no, day, started_at,
           state, conclusion, version, signed_change, log, received_at, content, kind, seconds)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
         ON CONFLICT (bureau, inspection) DO UPDATE SET state = excluded.state, conclusion = excluded.conclusion,
           version = excluded.version, content = excluded.content",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        summary.id.as_bytes(),
        summary.operator.as_bytes(),
        summary.station.as_bytes(),
        summary.grid.as_bytes(),
        summary.market.as_ref().map(|m| m.as_bytes()),
        summary.record_no,
        summary.day.to_string(),
        summary.started_at.0,
        code(&summary.state)?,
        code(&summary.conclusion)?,
        summary.version.0,
        summary.signed_change.0,
        summary.log.as_bytes(),
        summary.received_at.0,
        to_json(content)?.into_bytes(),
        code(&summary.operator_kind)?,
        content.ended_at.as_ref().map_or(0, |ended| seconds(&content.started_at, ended))
    ])?;
    let key = params![plan.bureau.as_bytes(), summary.id.as_bytes()];
    db.prepare_cached("DELETE FROM finding WHERE bureau = ?1 AND inspection = ?2")?
        .execute(key)?;
    for finding in content
        .findings
        .iter()
        .filter(|f| summary.failed.iter().any(|failed| failed.item == f.item))
    {
        db.prepare_cached(
            "INSERT INTO finding (bureau, inspection, item, finding, measure, deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (bureau, inspection, item) DO NOTHING",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            summary.id.as_bytes(),
            finding.item.as_str(),
            finding.id.as_bytes(),
            finding.measure.as_ref().map(code).transpose()?,
            finding.deadline.map(|day| day.to_string())
        ])?;
    }
    for (person, _) in &summary.inspectors {
        db.prepare_cached(
            "INSERT INTO inspector (bureau, inspection, person) VALUES (?1, ?2, ?3)
             ON CONFLICT (bureau, inspection, person) DO NOTHING",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            summary.id.as_bytes(),
            person.as_bytes()
        ])?;
    }
    Ok(())
}
