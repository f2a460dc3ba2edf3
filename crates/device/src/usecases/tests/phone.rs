//! A phone that is enrolled and has pulled the county, without a network.
#![allow(clippy::unwrap_used)]

use crate::api::{ApiError, Command};
use crate::clock::{Entropy as _, ShiftedClock, SystemEntropy};
use crate::keystore::FileKeyStore;
use crate::store::StoreError;
use crate::store::local::device_row::{self, DeviceRow};
use crate::store::local::photos::{self, Derived, PhotoRow, PhotoState, Sealed};
use crate::store::local::{Write, files, log};
use crate::store::mirror::{self, records};
use crate::{Device, OpenError, Parts};
use chrono::NaiveDate;
use ed25519_dalek::SigningKey;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use xunji_domain::county::{DemoCounty, MAIN_MARKET, MAIN_STATION};
use xunji_domain::ids::{DeviceId, LogId, PhotoId};
use xunji_domain::inspection::{PhotoOrigin, PhotoPurpose};
use xunji_domain::operator::Operator;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedEntry;
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::state;
use xunji_protocol::steps::enrol::{EnrolAnswer, KEYS_CONTEXT, KeyList};
use zeroize::Zeroizing;

/// 2026-10-21 06:00 in China.
pub(crate) const MORNING: i64 = 1_792_533_600_000;

pub(crate) struct Phone {
    pub device: Device,
    pub clock: Arc<ShiftedClock>,
    pub home: TempDir,
    pub county: DemoCounty,
}

impl Phone {
    /// A phone of the main station with two inspectors on duty.
    pub fn on_duty() -> Self {
        let phone = Self::enrolled();
        phone.duty(&["检查员甲", "检查员乙"]);
        phone
    }

    /// The same before anybody was chosen.
    pub fn enrolled() -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Arc::new(ShiftedClock::showing(MORNING));
        let device = open(&home, &clock).unwrap();
        let county = DemoCounty::on(NaiveDate::from_ymd_opt(2026, 10, 21).unwrap()).unwrap();
        let phone = Self {
            device,
            clock,
            home,
            county,
        };
        phone.enrol();
        phone.fill();
        phone
    }

    /// The same folder, opened by a new process.
    pub fn reopened(self) -> Self {
        let Self {
            device,
            clock,
            home,
            county,
        } = self;
        drop(device);
        let device = open(&home, &clock).unwrap();
        Self {
            device,
            clock,
            home,
            county,
        }
    }

    pub fn call(&self, command: Value) -> Value {
        self.try_call(command.clone())
            .unwrap_or_else(|e| unreachable!("{command} answered {e}"))
    }

    pub fn try_call(&self, command: Value) -> Result<Value, ApiError> {
        self.device
            .call(serde_json::from_value::<Command>(command).unwrap())
    }

    pub fn duty(&self, names: &[&str]) {
        let ids: Vec<_> = names
            .iter()
            .map(|n| self.county.person(n).unwrap().id)
            .collect();
        self.call(json!({"cmd": "set_inspectors", "ids": ids}));
    }

    pub fn person(&self, name: &str) -> String {
        self.county.person(name).unwrap().id.to_string()
    }

    pub fn stall(&self, nth: usize) -> &Operator {
        let market = self.county.market(MAIN_MARKET).unwrap();
        self.county.operators_at(market).nth(nth).unwrap()
    }

    /// Begins a visit and answers everything with 符合.
    pub fn all_passed(&self, operator: &Operator) -> String {
        let draft = self.call(json!({"cmd": "start_inspection", "operator": operator.id}));
        let id = draft["id"].as_str().unwrap().to_owned();
        self.call(json!({"cmd": "notice", "inspection": id, "given": true}));
        for item in &xunji_domain::checklist::for_kind(operator.kind)
            .unwrap()
            .items
        {
            self.tap(&id, item.code.as_str(), "pass");
        }
        id
    }

    pub fn tap(&self, inspection: &str, item: &str, answer: &str) -> Value {
        self.call(
            json!({"cmd": "answer", "inspection": inspection, "item": item, "answer": answer,
            "shown_ms": 1200, "answered_by": "card"}),
        )
    }

    /// All sign and the record is final.
    pub fn close(&self, inspection: &str) -> Value {
        self.call(json!({"cmd": "sign_party", "inspection": inspection, "name": "甲某", "relation": "经营者本人",
            "strokes": pen()}));
        for name in ["检查员甲", "检查员乙"] {
            self.call(json!({"cmd": "sign_inspector", "inspection": inspection, "person": self.person(name),
                "strokes": pen()}));
        }
        self.call(json!({"cmd": "finish", "inspection": inspection}))
    }

    /// A photo as the pipeline leaves it: sealed, its original named in a file row.
    pub fn photo(&self, draft: Uuid, purpose: PhotoPurpose, bytes: &[u8]) -> PhotoId {
        let id = PhotoId(self.device.new_id().unwrap());
        let sha256 = Digest::of(bytes);
        let size = bytes.len() as u64;
        let write = |write: &Write<'_>| -> Result<(), StoreError> {
            let at = crate::usecases::acting::reading(&self.device, write)?;
            let row = PhotoRow {
                id,
                draft,
                purpose,
                origin: PhotoOrigin::Camera,
                state: PhotoState::Expected,
                expected_at: at.clone(),
                sealed: None,
                derived: Derived::No,
                problem: String::new(),
            };
            photos::expect(write, &row)?;
            files::put(
                write,
                &files::FileRow {
                    sha256,
                    kind: xunji_protocol::steps::files::FileKind::Original,
                    size,
                    original: None,
                    queued: false,
                    upload: String::new(),
                    offset_seen: 0,
                    problem: String::new(),
                },
            )?;
            photos::seal(
                write,
                id,
                PhotoOrigin::Camera,
                &Sealed {
                    sha256,
                    size,
                    damaged: false,
                    at,
                },
            )
        };
        self.device.local().unwrap().write(write).unwrap();
        id
    }

    /// Gives the phone a key that bundles are sealed to, as a hello does.
    pub fn may_carry(&self) {
        let write = |write: &Write<'_>| -> Result<(), StoreError> {
            let mut row = device_row::get(write)?.unwrap();
            // The phone's own key plays the root: see `enrol`.
            let root = SigningKey::from_bytes(&row.seed);
            let list = KeyList {
                root: public_key(&root),
                receipts: Vec::new(),
                bundles: vec![public_key(&root)],
            };
            let enrolled = row.enrolled.as_mut().unwrap();
            enrolled.keys = SignedStatement::make(&root, KEYS_CONTEXT, &list).unwrap();
            device_row::put(write, &row)
        };
        self.device.local().unwrap().write(write).unwrap();
    }

    fn enrol(&self) {
        let mut seeds = [[0; 32]; 2];
        for seed in &mut seeds {
            SystemEntropy.fill(seed).unwrap();
        }
        let (device, log) = (
            DeviceId(self.device.new_id().unwrap()),
            LogId(self.device.new_id().unwrap()),
        );
        let station = self.county.station(MAIN_STATION).unwrap();
        let answer = EnrolAnswer {
            certificate: SignedStatement(String::new()),
            keys: SignedStatement(String::new()),
            root: public_key(&SigningKey::from_bytes(&seeds[0])),
            short_code: "A".to_owned(),
            station_code: station.code.clone(),
            bureau: self.county.bureau.id,
            station: station.id,
            server_time: Millis(MORNING),
        };
        let row = DeviceRow {
            device,
            seed: Zeroizing::new(seeds[0]),
            server_url: "http://127.0.0.1:1".to_owned(),
            enrolled: Some(answer),
        };
        let write = |write: &Write<'_>| -> Result<(), StoreError> {
            device_row::put(write, &row)?;
            log::start(write, log, &Zeroizing::new(seeds[1]))?;
            log::set_short_code(write, log, "A")
        };
        self.device.local().unwrap().write(write).unwrap();
    }

    fn fill(&self) {
        let c = &self.county;
        let write = |m: &mirror::Write<'_>| -> Result<(), StoreError> {
            put(m, state::BUREAU, c.bureau.id.0, &c.bureau)?;
            c.stations
                .iter()
                .try_for_each(|x| put(m, state::STATION, x.id.0, x))?;
            c.grids
                .iter()
                .try_for_each(|x| put(m, state::GRID, x.id.0, x))?;
            c.markets
                .iter()
                .try_for_each(|x| put(m, state::MARKET, x.id.0, x))?;
            c.people
                .iter()
                .try_for_each(|x| put(m, state::PERSON, x.id.0, x))?;
            c.operators
                .iter()
                .try_for_each(|x| put(m, state::OPERATOR, x.id.0, x))
        };
        self.device.mirror().write(write).unwrap();
    }
}

/// The error a command is refused with.
pub(crate) fn refusal(answer: Result<Value, ApiError>) -> ApiError {
    match answer {
        Ok(value) => unreachable!("not refused: {value}"),
        Err(error) => error,
    }
}

/// A few lines of the pen.
pub(crate) fn pen() -> Value {
    json!([[120, 400, 30, -60, 25, 70, 40, -20], [300, 380, 60, 5]])
}

pub(crate) fn open(home: &TempDir, clock: &Arc<ShiftedClock>) -> Result<Device, OpenError> {
    open_at(home.path(), clock)
}

pub(crate) fn open_at(home: &Path, clock: &Arc<ShiftedClock>) -> Result<Device, OpenError> {
    let parts = Parts {
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(FileKeyStore::at(home.join("key"))),
    };
    Device::open(home, parts)
}

/// A state as a pull brings it.
pub(crate) fn put<T: Serialize>(
    m: &mirror::Write<'_>,
    kind: &str,
    id: Uuid,
    state: &T,
) -> Result<(), StoreError> {
    put_rev(m, kind, id, 1, state)
}

/// The same at a revision.
pub(crate) fn put_rev<T: Serialize>(
    m: &mirror::Write<'_>,
    kind: &str,
    id: Uuid,
    rev: u64,
    state: &T,
) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(state).unwrap();
    let entry = FeedEntry {
        feed: "s.test".to_owned(),
        pos: rev,
        kind: kind.to_owned(),
        id,
        rev,
        epoch: 1,
        digest: Digest::of(&bytes),
        gone: false,
    };
    records::put(m, &entry, &bytes).map(|_| ())
}
