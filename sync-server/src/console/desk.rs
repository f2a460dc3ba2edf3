//! What the console keeps in memory beside the store: fonts, drawn pages and the register with its
//! search keys. Nothing that must not be lost.

use super::register::Kept;
use super::reports::Fonts;
use crate::problem::{Answer, internal};
use chrono::NaiveDate;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use xunji_domain::ids::{PersonId, ReportId, StationId};

/// Documents whose pages are kept: about 1 MB each.
const KEPT: usize = 6;

/// Which pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// Of a version.
    Version(ReportId),
    /// Of what somebody is about to make.
    Preview(PersonId, StationId, NaiveDate),
}

/// Fonts, pages, and the turn to lay pages out.
pub(super) struct Desk {
    /// Fonts of printed pages.
    pub(super) fonts: Fonts,
    /// The register as it was read last.
    pub(super) register: Kept,
    /// One document at a time: laying out takes the memory of a small box.
    printing: Arc<Semaphore>,
    pages: Mutex<VecDeque<(Drawn, Vec<Vec<u8>>)>>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            fonts: Fonts::default(),
            register: Kept::default(),
            printing: Arc::new(Semaphore::new(1)),
            pages: Mutex::default(),
        }
    }
}

impl Desk {
    /// The turn to lay a document out. It goes into the work itself, so that a reader who leaves
    /// does not let a second one start beside it.
    pub(super) async fn turn(&self) -> Answer<OwnedSemaphorePermit> {
        Arc::clone(&self.printing)
            .acquire_owned()
            .await
            .map_err(|e| internal(&e))
    }

    /// Keeps the pages of a document in place of those it had, and forgets the oldest document.
    pub(super) fn keep(&self, drawn: Drawn, pages: Vec<Vec<u8>>) {
        let mut kept = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _)| *of != drawn);
        kept.push_back((drawn, pages));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// One page, counted from 1.
    pub(super) fn page(&self, drawn: &Drawn, n: usize) -> Option<Vec<u8>> {
        let kept = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, pages) = kept.iter().find(|(of, _)| of == drawn)?;
        pages.get(n.checked_sub(1)?).cloned()
    }
}
