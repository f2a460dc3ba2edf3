//! The data on this phone were written by a newer program: this one does not open them, says so, and sends what was
//! not sent all the same. Bytes that were signed need no schema. The file is not written, not even the receipts: the
//! newer program asks again and finds everything there.

mod sender;

use crate::api::ApiError;
use crate::device::{OpenError, Parts};
use crate::keystore::{KeyError, MasterKey};
use crate::store::StoreError;
use crate::store::verbatim::Verbatim;
use crate::sync::errors::Fault;
use crate::transport::Transport;
use sender::Done;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A phone whose data this program does not open.
pub struct Newer {
    folder: PathBuf,
    parts: Parts,
    key: MasterKey,
    transport: Option<Arc<dyn Transport>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    done: Done,
    said: HandedIn,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct HandedIn {
    /// Records, amendments and entries that this program found not sent.
    #[ts(type = "number")]
    pub found: u64,
    /// How many of them the server has receipted since.
    #[ts(type = "number")]
    pub received: u64,
    /// Nothing more can be sent by this program.
    pub done: bool,
    /// Why the last attempt did not go through; empty where it did.
    pub problem: String,
}

impl Newer {
    /// The same phone, when this error says that its data are of a newer program.
    ///
    /// # Errors
    /// The key does not read.
    pub fn when(
        error: &OpenError,
        folder: impl Into<PathBuf>,
        parts: Parts,
    ) -> Result<Option<Self>, KeyError> {
        let OpenError::Store(StoreError::Newer { .. }) = error else {
            return Ok(None);
        };
        let key = parts.keys.load()?.ok_or(KeyError::Missing)?;
        Ok(Some(Self {
            folder: folder.into(),
            parts,
            key,
            transport: None,
            state: Mutex::default(),
        }))
    }

    /// Goes to the server by another way than HTTP.
    #[must_use]
    pub fn by(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sends what has no receipt. What was receipted in this process is not sent again. Blocks.
    pub fn hand_in(&self) -> HandedIn {
        let mut state = self.state();
        let done = Verbatim::open(&self.folder, &self.key)
            .map_err(Fault::from)
            .and_then(|local| sender::send(self, &local, &mut state.done));
        let (found, received) = state.done.counts();
        state.said = HandedIn {
            found,
            received,
            done: done.is_ok(),
            problem: done.err().map(|fault| fault.sentence()).unwrap_or_default(),
        };
        state.said.clone()
    }

    /// What a face is told instead of an answer.
    pub fn said(&self) -> ApiError {
        let error = StoreError::Newer {
            file: "local.db",
            found: 0,
            known: 0,
        };
        let said = serde_json::to_value(&self.state().said).unwrap_or_default();
        ApiError::from(error).with(said)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
