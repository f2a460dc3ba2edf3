//! `current` = mirror, overlaid by this phone's unconfirmed changes on just the records they name.

use crate::Device;
use crate::api::ApiError;
use crate::store::StoreError;
use crate::store::local::changes::{self, StoredChange};
use crate::store::mirror::{self, Read, cursor};
use crate::sync::current::{self, Mark, Overlaid, OwnChange, read_own};
use crate::sync::pull::Passed;
use std::collections::BTreeSet;
use xunji_domain::ids::{InspectionId, OperatorId};
use xunji_domain::operator::Operator;
use xunji_domain::time::Millis;
use xunji_protocol::kinds::Payload;
use xunji_protocol::state::{self, InspectionSummary};

/// Own changes and how far the mirror is, read in this order.
pub struct Overlay {
    own: Vec<OwnChange>,
    passed: Passed,
}

impl Overlay {
    /// Reads `local.db` before `mirror.db`: a change that is pulled in between is replayed once more over
    /// its own effect, the other order would let it vanish.
    ///
    /// # Errors
    /// Those of the files.
    pub fn load(device: &Device) -> Result<Self, ApiError> {
        let own = device.local()?.read(changes::unconfirmed)?;
        let passed = device.mirror().read(cursor::passed)?;
        Ok(Self {
            own: own.into_iter().filter_map(read).collect(),
            passed,
        })
    }

    /// Entries of the register that own changes touch.
    pub fn operators_touched(&self) -> BTreeSet<OperatorId> {
        self.own
            .iter()
            .filter_map(|c| match &c.payload {
                Payload::OperatorRegistered(made) => Some(made.id),
                Payload::OperatorEdited(edit) => Some(edit.operator),
                _ => None,
            })
            .collect()
    }

    /// Records that own changes touch.
    pub fn inspections_touched(&self) -> BTreeSet<InspectionId> {
        self.own
            .iter()
            .filter_map(|c| match &c.payload {
                Payload::InspectionSigned(signed) => Some(signed.content.id),
                Payload::InspectionAmended(amendment) => Some(amendment.inspection),
                _ => None,
            })
            .collect()
    }

    /// An entry of the register as it stands here.
    ///
    /// # Errors
    /// Those of the mirror.
    pub fn operator(
        &self,
        read: &Read<'_>,
        id: OperatorId,
    ) -> Result<Option<Overlaid<Operator>>, StoreError> {
        let known = mirror::records::get(read, state::OPERATOR, id.0)?;
        Ok(current::operator(id, known, &self.own, &self.passed))
    }

    /// A record as it stands here.
    ///
    /// # Errors
    /// Those of the mirror.
    pub fn inspection(
        &self,
        read: &Read<'_>,
        id: InspectionId,
    ) -> Result<Option<Overlaid<InspectionSummary>>, StoreError> {
        let known = mirror::records::get(read, state::INSPECTION, id.0)?;
        Ok(current::inspection(id, known, &self.own, &self.passed))
    }

    /// The ids of records of the mirror and of own ones, the latest first; `keep` decides on those that own changes
    /// touch, as they stand here.
    ///
    /// # Errors
    /// Those of the mirror.
    pub fn listed(
        &self,
        read: &Read<'_>,
        from_mirror: Vec<(InspectionId, Millis)>,
        keep: impl Fn(&InspectionSummary) -> bool,
    ) -> Result<Vec<InspectionId>, StoreError> {
        let touched = self.inspections_touched();
        let mut all = from_mirror;
        all.retain(|(id, _)| !touched.contains(id));
        for id in touched {
            let found = self.inspection(read, id)?.filter(|row| keep(&row.value));
            all.extend(found.map(|row| (id, row.value.started_at)));
        }
        all.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.cmp(&a.0)));
        Ok(all.into_iter().map(|(id, _)| id).collect())
    }

    /// Records from the mirror with own ones laid over and added, the latest first; `keep` decides on the
    /// record as it stands here.
    ///
    /// # Errors
    /// Those of the mirror.
    pub fn inspections(
        &self,
        read: &Read<'_>,
        from_mirror: Vec<InspectionSummary>,
        keep: impl Fn(&InspectionSummary) -> bool,
    ) -> Result<Vec<Overlaid<InspectionSummary>>, StoreError> {
        let touched = self.inspections_touched();
        let untouched = from_mirror.into_iter().filter(|s| !touched.contains(&s.id));
        let mut all: Vec<_> = untouched
            .map(|value| Overlaid {
                value,
                mark: Mark::Clean,
            })
            .collect();
        for id in touched {
            all.extend(self.inspection(read, id)?);
        }
        all.retain(|row| keep(&row.value));
        all.sort_by(|a, b| {
            b.value
                .started_at
                .cmp(&a.value.started_at)
                .then(b.value.id.cmp(&a.value.id))
        });
        Ok(all)
    }
}

/// A stored change, read; `None` for one of a newer program.
pub(super) fn read(stored: StoredChange) -> Option<OwnChange> {
    read_own(&stored.envelope, stored.hash, &stored.body, stored.verdict)
}
