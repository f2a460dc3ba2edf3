//! What the bureau does to scopes: an entry of the register goes to another station, a phone does.

use super::world::World;
use crate::market::{Step, Stopped};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use uuid::Uuid;
use xunji_domain::ids::{OperatorId, StationId};
use xunji_domain::operator::Operator;
use xunji_domain::time::Millis;
use xunji_protocol::canonical::canonical_bytes;
use xunji_protocol::state::{OPERATOR, station_feed};
use xunji_server::decide::{Derived, Plan, RecordKey, RecordWrite};
use xunji_server::storage::{self, Committed};

impl World {
    /// A station by its name.
    ///
    /// # Errors
    /// There is none.
    pub fn station(&self, name: &str) -> Step<StationId> {
        let id: Vec<u8> = self
            .county()?
            .query_row(
                "SELECT station FROM station WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
            .map_err(|e| Stopped::at("station", e))?;
        let id = Uuid::from_slice(&id).map_err(|e| Stopped::at("station", e))?;
        Ok(StationId(id))
    }

    /// An entry of the register goes to another station, in one transaction of the server's.
    ///
    /// # Errors
    /// The server has no such entry, or does not take it.
    pub fn move_operator(&mut self, id: &Value, station: StationId) -> Step<()> {
        let doing = |e: &dyn std::fmt::Display| Stopped::at("move an entry", e);
        let id: OperatorId = serde_json::from_value(id.clone()).map_err(|e| doing(&e))?;
        let (rev, bytes): (i64, Vec<u8>) = self
            .county()?
            .query_row(
                "SELECT rev, bytes FROM state WHERE kind = ?1 AND id = ?2 AND gone = 0",
                params![OPERATOR, id.0.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(|e| doing(&e))?;
        let mut operator: Operator = serde_json::from_slice(&bytes).map_err(|e| doing(&e))?;
        operator.station = station;
        let key: RecordKey = (OPERATOR, id.0);
        let write = RecordWrite {
            key,
            feed: station_feed(station),
            bytes: canonical_bytes(&operator).map_err(|e| doing(&e))?,
            derived: Derived::Operator(Box::new(operator)),
        };
        self.commit(key, rev.unsigned_abs(), write)
    }

    /// A phone is the device of another station from now on.
    ///
    /// # Errors
    /// The server does not know it.
    pub fn move_phone(&mut self, number: usize, station: StationId) -> Step<()> {
        self.net
            .note(&format!("phone {number} goes to another station"));
        let log = self.open_log(number)?;
        let moved = self
            .county()?
            .execute(
                "UPDATE device SET station = ?2 WHERE device = (SELECT device FROM log WHERE log = ?1)",
                params![log.as_bytes(), station.0.as_bytes()],
            )
            .map_err(|e| Stopped::at("move a phone", e))?;
        match moved {
            1 => Ok(()),
            n => Err(Stopped(format!("{n} phones have this log"))),
        }
    }

    fn commit(&self, key: RecordKey, rev: u64, write: RecordWrite) -> Step<()> {
        let app = self.server()?;
        let plan = Plan {
            bureau: app.bureau,
            epoch: app.epoch(),
            at: Millis(self.truth.load(Ordering::Relaxed)),
            log: None,
            changes: Vec::new(),
            head: None,
            receipt: None,
            revs: BTreeMap::from([(key, rev)]),
            numbers: BTreeMap::new(),
            records: vec![write],
            rows: Vec::new(),
            verdicts: Vec::new(),
        };
        match storage::commit(&app.store, plan).map_err(|e| Stopped::at("commit", e))? {
            Committed::Done(_) => Ok(()),
            Committed::Stale => Err(Stopped("the entry was written meanwhile".to_owned())),
        }
    }

    fn county(&self) -> Step<Connection> {
        Connection::open(self.server_home.join("county.db")).map_err(|e| Stopped::at("county", e))
    }

    fn open_log(&self, number: usize) -> Step<Uuid> {
        let local = self
            .phone(number)?
            .local()
            .map_err(|e| Stopped(e.sentence))?;
        let open = local
            .read(xunji_device::store::local::log::open)
            .map_err(|e| Stopped::at("log", e))?;
        let open = open.ok_or_else(|| Stopped("a phone without a log".to_owned()))?;
        Ok(open.head.log.0)
    }
}
