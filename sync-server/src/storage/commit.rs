//! `commit(Plan) → Positions | Stale`: one plan, one transaction, in the order log, records by id,
//! feed heads last.

use super::columns::{code, count, json, to_column, to_json};
use super::error::StoreError;
use super::store::{CommitPoint, Store};
use super::{backups, derive, epochs, feeds};
use crate::decide::{NewChange, NewVerdict, Plan, Positions, RecordKey};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_domain::ids::BureauId;
use xunji_protocol::digest::Digest;
use xunji_protocol::state::{VERDICT, change_id, log_feed};
use xunji_protocol::verdict::{Effect, Verdict, VerdictRow};

/// How a commit ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Durable; the verdicts name their positions.
    Done(Positions),
    /// Something read has changed since: load and decide again. Nothing was written.
    Stale,
}

/// Writes a plan.
///
/// # Errors
/// [`StoreError`]; nothing was written, except that after [`StoreError::Closed`] it may have been.
pub fn commit(store: &Store, plan: Plan) -> Result<Committed, StoreError> {
    let watch = store.watch();
    let done = store.write_unless_stale(move |db| write(db, &plan, &|point| watch.passed(point)));
    let after = store.watch();
    match done? {
        Some(positions) => {
            store.announce();
            after
                .passed(CommitPoint::Committed)
                .map(|()| Committed::Done(positions))
        }
        None => Ok(Committed::Stale),
    }
}

/// Writes a plan inside an open transaction; `None` when it is stale.
pub(super) fn write(
    db: &Transaction<'_>,
    plan: &Plan,
    passed: &dyn Fn(CommitPoint) -> Result<(), StoreError>,
) -> Result<Option<Positions>, StoreError> {
    if !move_log(db, plan)? || !still_as_read(db, plan)? {
        return Ok(None);
    }
    passed(CommitPoint::Log)?;
    for change in &plan.changes {
        insert_change(db, plan, change)?;
    }
    insert_proofs(db, plan)?;
    passed(CommitPoint::Changes)?;
    for row in &plan.rows {
        derive::add(db, plan, row)?;
    }
    let mut by_id: Vec<_> = plan.records.iter().collect();
    by_id.sort_by_key(|record| (record.key.1, record.key.0));
    for record in by_id {
        derive::replace(db, plan, record)?;
    }
    passed(CommitPoint::Records)?;
    let positions = append_states(db, plan)?;
    passed(CommitPoint::Feeds)?;
    let verdicts = insert_verdicts(db, plan, &positions)?;
    passed(CommitPoint::Verdicts)?;
    Ok(Some(verdicts))
}

fn move_log(db: &Connection, plan: &Plan) -> Result<bool, StoreError> {
    let Some(step) = plan.log else {
        return Ok(true);
    };
    let moved = db
        .prepare_cached(
            "UPDATE log SET head_seq = ?3, head_hash = ?4, branched = branched OR ?5
             WHERE bureau = ?1 AND log = ?2 AND head_seq = ?6 AND head_hash = ?7",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            step.to.log.as_bytes(),
            to_column(step.to.seq),
            step.to.hash.0,
            step.branched,
            to_column(step.from.seq),
            step.from.hash.0,
        ])?;
    Ok(moved == 1)
}

fn still_as_read(db: &Connection, plan: &Plan) -> Result<bool, StoreError> {
    if !epochs::is_present(db, plan.bureau, plan.epoch)? {
        return Ok(false);
    }
    let mut revs: Vec<_> = plan.revs.iter().collect();
    revs.sort_by_key(|((kind, id), _)| (*id, *kind));
    for (key, rev) in revs {
        if present_rev(db, plan.bureau, *key)? != *rev {
            return Ok(false);
        }
    }
    for (number, bearers) in &plan.numbers {
        let now: i64 = db
            .prepare_cached("SELECT count(*) FROM record_no WHERE bureau = ?1 AND record_no = ?2")?
            .query_row(params![plan.bureau.as_bytes(), number], |r| r.get(0))?;
        if usize::try_from(now).ok() != Some(*bearers) {
            return Ok(false);
        }
    }
    for hash in plan.changes.iter().map(|c| c.hash) {
        if exists(
            db,
            "SELECT 1 FROM change WHERE bureau = ?1 AND hash = ?2",
            plan.bureau,
            hash,
        )? {
            return Ok(false);
        }
    }
    for verdict in &plan.verdicts {
        if let Some(later) = &verdict.later
            && last_verdict(db, plan.bureau, verdict.row.hash)?.as_ref() != Some(&later.before)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The verdict on a change as it stands.
pub(super) fn last_verdict(
    db: &Connection,
    bureau: BureauId,
    hash: Digest,
) -> Result<Option<VerdictRow>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT last FROM verdict WHERE bureau = ?1 AND hash = ?2")?;
    let last = statement.query_row(params![bureau.as_bytes(), hash.0], |row| json(row, 0));
    Ok(last.optional()?)
}

fn exists(db: &Connection, sql: &str, bureau: BureauId, hash: Digest) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(sql)?
        .exists(params![bureau.as_bytes(), hash.0])?)
}

fn present_rev(
    db: &Connection,
    bureau: BureauId,
    (kind, id): RecordKey,
) -> Result<u64, StoreError> {
    let rev = db
        .prepare_cached(
            "SELECT rev FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0",
        )?
        .query_row(params![bureau.as_bytes(), kind, id.as_bytes()], |row| {
            count(row, 0)
        })
        .optional()?;
    Ok(rev.unwrap_or(0))
}

fn insert_change(db: &Connection, plan: &Plan, change: &NewChange) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO change (bureau, hash, log, seq, main, kind, envelope, body_digest, body, as_file, stored_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        plan.bureau.as_bytes(),
        change.hash.0,
        change.log.as_bytes(),
        to_column(change.seq),
        change.main,
        change.kind,
        change.envelope,
        change.body_digest.0,
        change.body,
        change.as_file,
        plan.at.0,
    ])?;
    Ok(())
}

fn insert_proofs(db: &Connection, plan: &Plan) -> Result<(), StoreError> {
    if let Some(signature) = &plan.head {
        let head = &signature.head;
        db.prepare_cached(
            "INSERT INTO head_signature (bureau, log, hash, seq, row) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (bureau, log, hash) DO NOTHING",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            head.log.as_bytes(),
            head.hash.0,
            to_column(head.seq),
            to_json(signature)?
        ])?;
    }
    if let Some((head, token)) = &plan.receipt {
        db.prepare_cached(
            "INSERT INTO receipt (bureau, log, up_to_seq, token) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (bureau, log, up_to_seq) DO NOTHING",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            head.log.as_bytes(),
            to_column(head.seq),
            token.0
        ])?;
        backups::receipted(db, plan.bureau, plan.at)?;
    }
    Ok(())
}

fn append_states(
    db: &Connection,
    plan: &Plan,
) -> Result<BTreeMap<(&'static str, Uuid), Effect>, StoreError> {
    let mut ordered: Vec<_> = plan.records.iter().collect();
    ordered.sort_by(|a, b| {
        feeds::rank(&a.feed)
            .cmp(&feeds::rank(&b.feed))
            .then_with(|| a.feed.cmp(&b.feed))
    });
    let mut positions = BTreeMap::new();
    for record in ordered {
        let rev = plan.revs.get(&record.key).copied().unwrap_or(0) + 1;
        let (kind, id) = record.key;
        let state = feeds::NewState {
            kind,
            id,
            rev,
            bytes: &record.bytes,
        };
        let pos = feeds::append(db, plan.bureau, plan.epoch, &record.feed, &state)?;
        positions.insert(
            record.key,
            Effect {
                feed: record.feed.clone(),
                pos,
            },
        );
    }
    Ok(positions)
}

fn insert_verdicts(
    db: &Connection,
    plan: &Plan,
    positions: &BTreeMap<(&'static str, Uuid), Effect>,
) -> Result<Vec<VerdictRow>, StoreError> {
    let mut rows = Vec::with_capacity(plan.verdicts.len());
    for verdict in &plan.verdicts {
        let mut effects = verdict.row.effects.clone();
        for key in &verdict.touches {
            match positions.get(key) {
                Some(effect) => effects.push(effect.clone()),
                None => effects.extend(standing(db, plan.bureau, *key)?),
            }
        }
        effects.sort_unstable();
        effects.dedup();
        let row = VerdictRow {
            effects,
            ..verdict.row.clone()
        };
        write_verdict(db, plan, verdict, &row)?;
        rows.push(row);
    }
    Ok(rows)
}

/// Where a record stands that the plan left as it is.
fn standing(
    db: &Connection,
    bureau: BureauId,
    (kind, id): RecordKey,
) -> Result<Option<Effect>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT feed, pos FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0",
    )?;
    let found = statement.query_row(params![bureau.as_bytes(), kind, id.as_bytes()], |row| {
        Ok(Effect {
            feed: row.get(0)?,
            pos: count(row, 1)?,
        })
    });
    Ok(found.optional()?)
}

fn write_verdict(
    db: &Connection,
    plan: &Plan,
    verdict: &NewVerdict,
    row: &VerdictRow,
) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(row).map_err(|_| StoreError::Corrupt("verdict"))?;
    let cause = row.cause.map(|cause| code(&cause)).transpose()?;
    db.prepare_cached(
        "INSERT INTO verdict (bureau, hash, verdict, cause, first, last) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT (bureau, hash) DO UPDATE SET verdict = excluded.verdict, cause = excluded.cause, last = excluded.last",
    )?
    .execute(params![plan.bureau.as_bytes(), row.hash.0, code(&row.verdict)?, cause, bytes])?;
    if row.verdict == Verdict::Held {
        db.prepare_cached(
            "INSERT INTO held (bureau, hash, waits_for) VALUES (?1, ?2, ?3)
             ON CONFLICT (bureau, hash) DO UPDATE SET waits_for = excluded.waits_for",
        )?
        .execute(params![
            plan.bureau.as_bytes(),
            row.hash.0,
            verdict.waits_for
        ])?;
    } else {
        db.prepare_cached("DELETE FROM held WHERE bureau = ?1 AND hash = ?2")?
            .execute(params![plan.bureau.as_bytes(), row.hash.0])?;
    }
    let Some(later) = &verdict.later else {
        return Ok(());
    };
    let id = change_id(row.hash);
    let rev = present_rev(db, plan.bureau, (VERDICT, id))? + 1;
    let state = feeds::NewState {
        kind: VERDICT,
        id,
        rev,
        bytes: &bytes,
    };
    feeds::append(db, plan.bureau, plan.epoch, &log_feed(later.log), &state)?;
    Ok(())
}
