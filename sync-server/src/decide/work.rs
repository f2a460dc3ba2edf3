//! The working copy of a decision: later changes of a segment see what earlier ones did.

use super::Context;
use super::incoming::Incoming;
use super::place::Place;
use super::plan::{Derived, NewChange, NewVerdict, Plan, RecordWrite, Row};
use super::snapshot::{Record, RecordKey, Snapshot};
use serde::Serialize;
use std::collections::BTreeMap;
use xunji_domain::ids::OperatorId;
use xunji_domain::merge::FieldConflict;
use xunji_domain::operator::Operator;
use xunji_protocol::body::Body;
use xunji_protocol::canonical::{CanonicalError, canonical_bytes};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::state::{CONFLICT, ConflictState, INSPECTION, OPERATOR, station_feed};

/// A snapshot that changes, and what has been put into the plan so far.
pub(super) struct Work {
    /// The rows as they stand after the changes so far.
    pub(super) at: Snapshot,
    pub(super) context: Context,
    pub(super) verdicts: Vec<NewVerdict>,
    pub(super) rows: Vec<Row>,
    /// Later verdicts on changes that are stored already.
    pub(super) later: Vec<NewVerdict>,
    changes: Vec<NewChange>,
    numbers: BTreeMap<String, usize>,
    records: BTreeMap<RecordKey, RecordWrite>,
    order: Vec<RecordKey>,
}

impl Work {
    pub(super) fn new(snapshot: &Snapshot, context: Context) -> Self {
        Self {
            at: snapshot.clone(),
            context,
            verdicts: Vec::new(),
            rows: Vec::new(),
            later: Vec::new(),
            changes: Vec::new(),
            numbers: snapshot
                .numbers
                .iter()
                .map(|(number, who)| (number.clone(), who.len()))
                .collect(),
            records: BTreeMap::new(),
            order: Vec::new(),
        }
    }

    /// Keeps a change, whatever its verdict.
    pub(super) fn store(&mut self, incoming: &Incoming, place: Place) {
        let change = &incoming.change;
        self.changes.push(NewChange {
            hash: change.hash,
            log: change.envelope.log,
            seq: change.envelope.seq,
            main: place == Place::Main,
            kind: change.envelope.kind.clone(),
            envelope: change.envelope_bytes.clone(),
            body_digest: change.envelope.body,
            body: incoming.body.clone(),
            as_file: matches!(change.body, Body::File(_)),
        });
    }

    /// The entry as it stands now.
    pub(super) fn operator(&self, id: OperatorId) -> Option<Operator> {
        self.at.operators.get(&id).cloned()
    }

    /// Gives the entry a new state.
    pub(super) fn put_operator(&mut self, operator: Operator) -> Result<RecordKey, CanonicalError> {
        let key = (OPERATOR, operator.id.0);
        let derived = Derived::Operator(Box::new(operator.clone()));
        self.put(key, station_feed(operator.station), &operator, derived)?;
        self.at.operators.insert(operator.id, operator);
        Ok(key)
    }

    /// Gives the record a new state.
    pub(super) fn put_inspection(&mut self, record: Record) -> Result<RecordKey, CanonicalError> {
        let summary = &record.summary;
        let key = (INSPECTION, summary.id.0);
        let derived =
            Derived::Inspection(Box::new(summary.clone()), Box::new(record.content.clone()));
        self.put(key, station_feed(summary.station), summary, derived)?;
        self.at.inspections.insert(summary.id, record);
        Ok(key)
    }

    /// Keeps both values of each field that met a third one.
    pub(super) fn put_conflicts(
        &mut self,
        operator: &Operator,
        change: &Change,
        conflicts: Vec<FieldConflict>,
    ) -> Result<Vec<RecordKey>, CanonicalError> {
        conflicts
            .into_iter()
            .map(|conflict| self.put_conflict(operator, change, conflict))
            .collect()
    }

    fn put_conflict(
        &mut self,
        operator: &Operator,
        change: &Change,
        conflict: FieldConflict,
    ) -> Result<RecordKey, CanonicalError> {
        let id = derived_id(change.hash, &conflict.field);
        let state = ConflictState {
            id: xunji_domain::ids::ConflictId(id),
            operator: operator.id,
            field: conflict.field,
            seen: conflict.seen,
            standing: conflict.standing,
            written: conflict.written,
            change: change.hash,
            author: change.envelope.author,
            at: self.context.now,
            resolved: false,
            resolution: None,
        };
        let key = self.keep_conflict(operator, state)?;
        self.at.revs.entry(key).or_insert(0);
        Ok(key)
    }

    /// Gives a conflict a new state.
    pub(super) fn keep_conflict(
        &mut self,
        operator: &Operator,
        state: ConflictState,
    ) -> Result<RecordKey, CanonicalError> {
        let key = (CONFLICT, state.id.0);
        let derived = Derived::Conflict(Box::new(state.clone()));
        self.put(key, station_feed(operator.station), &state, derived)?;
        self.at.conflicts.insert(state.id, state);
        Ok(key)
    }

    fn put<T: Serialize>(
        &mut self,
        key: RecordKey,
        feed: String,
        state: &T,
        derived: Derived,
    ) -> Result<(), CanonicalError> {
        let bytes = canonical_bytes(state)?;
        if self
            .records
            .insert(
                key,
                RecordWrite {
                    key,
                    feed,
                    bytes,
                    derived,
                },
            )
            .is_none()
        {
            self.order.push(key);
        }
        Ok(())
    }

    pub(super) fn into_plan(mut self) -> Plan {
        // Behind those of the changes themselves: callers count on their order.
        self.verdicts.append(&mut self.later);
        Plan {
            bureau: self.context.bureau,
            epoch: self.context.epoch,
            at: self.context.now,
            log: None,
            changes: self.changes,
            head: None,
            receipt: None,
            revs: self.at.revs,
            numbers: self.numbers,
            records: self
                .order
                .iter()
                .filter_map(|key| self.records.remove(key))
                .collect(),
            rows: self.rows,
            verdicts: self.verdicts,
        }
    }
}

/// An id that the same change gives again: deciding twice makes no second row. Version 8.
fn derived_id(change: Digest, field: &str) -> uuid::Uuid {
    let digest = Digest::of_parts(&[b"xunji/conflict/1\0", &change.0, field.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.0.split_at(16).0);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
