//! An import: which files are volumes, in which order they are taken, and what is said of them.

use super::open::{self, Volume};
use super::report::{BundleReport, VolumeReport, file_name};
use super::take::{Brought, take};
use super::{Told, answer};
use crate::app::App;
use crate::problem::{Answer, Refusal};
use crate::storage::enrolment;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use xunji_domain::ids::LogId;

/// What an import did.
#[derive(Debug, Default)]
pub struct Import {
    /// One per file, in the order in which they were given.
    pub volumes: Vec<VolumeReport>,
    /// One per bundle, with the bytes of the file of receipts for its phone.
    pub bundles: Vec<(BundleReport, Option<Vec<u8>>)>,
    /// The server's own trouble, which ended the import before its end.
    pub stopped: Option<Refusal>,
}

/// One bundle under way.
struct Bundle {
    first: Volume,
    seen: BTreeSet<u32>,
    brought: Brought,
    new_changes: u64,
}

/// Imports files. Volumes of one phone are taken in the order in which they were written, whatever the order
/// of the files; one whose changes have to wait is tried again after the others.
pub fn import(app: &App, files: &[PathBuf], tell: &mut dyn FnMut(Told<'_>)) -> Import {
    let mut run = Run {
        app,
        reports: BTreeMap::new(),
        bundles: BTreeMap::new(),
    };
    let stopped = run.all(files, tell).err();
    let bundles = run.bundles.into_values().map(|bundle| {
        let report = BundleReport::of(
            &bundle.first,
            &bundle.seen,
            &bundle.brought,
            bundle.new_changes,
        );
        let receipts = answer::bytes(app, &report, &bundle.brought);
        (report, receipts)
    });
    Import {
        bundles: bundles.collect(),
        volumes: run.reports.into_values().collect(),
        stopped,
    }
}

struct Run<'a> {
    app: &'a App,
    /// By the file's place in what was given.
    reports: BTreeMap<usize, VolumeReport>,
    bundles: BTreeMap<(LogId, Uuid), Bundle>,
}

impl Run<'_> {
    fn all(&mut self, files: &[PathBuf], tell: &mut dyn FnMut(Told<'_>)) -> Answer<()> {
        let mut waiting = self.volumes(files)?;
        loop {
            let before = waiting.len();
            waiting = self.round(waiting, tell)?;
            // Taken in order, a round without progress means that what is waited for was not given.
            if waiting.is_empty() || waiting.len() == before {
                return Ok(());
            }
        }
    }

    fn volumes(&mut self, files: &[PathBuf]) -> Answer<Vec<(usize, Volume)>> {
        let mut volumes = Vec::new();
        for (at, path) in files.iter().enumerate() {
            match self.open(path)? {
                Ok(volume) => volumes.push((at, volume)),
                Err(report) => {
                    self.reports.insert(at, report);
                }
            }
        }
        volumes.sort_by_key(|(_, volume)| {
            let says = &volume.signed.says;
            (says.log, says.made_at, says.bundle, says.volume)
        });
        Ok(volumes)
    }

    fn open(&self, path: &Path) -> Answer<Result<Volume, VolumeReport>> {
        let opened = open::open(self.app, path)?;
        Ok(opened.map_err(|not| VolumeReport::not_taken(path, not)))
    }

    /// Takes every volume and gives back those whose changes have to wait.
    fn round(
        &mut self,
        volumes: Vec<(usize, Volume)>,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Answer<Vec<(usize, Volume)>> {
        let mut waiting = Vec::new();
        for (at, volume) in volumes {
            let says = volume.signed.says.clone();
            tell(Told::Begins {
                file: &file_name(&volume.path),
                volume: says.volume,
                volumes: says.volumes,
            });
            let mut bundle = self
                .bundles
                .remove(&(says.log, says.bundle))
                .unwrap_or_else(|| Bundle::of(&volume));
            bundle.seen.insert(says.volume);
            let before = self.head(says.log)?;
            let taken = take(self.app, &volume, &mut bundle.brought, tell);
            bundle.new_changes += self.head(says.log)?.saturating_sub(before);
            self.bundles.insert((says.log, says.bundle), bundle);
            let taken = taken?;
            self.reports.insert(at, VolumeReport::of(&volume, &taken));
            if taken.gap.is_some() {
                waiting.push((at, volume));
            }
        }
        Ok(waiting)
    }

    fn head(&self, log: LogId) -> Answer<u64> {
        let row = enrolment::log(&self.app.store, self.app.bureau, log)?;
        Ok(row.map_or(0, |row| row.head.seq))
    }
}

impl Bundle {
    fn of(volume: &Volume) -> Self {
        Self {
            first: volume.clone(),
            seen: BTreeSet::new(),
            brought: Brought::default(),
            new_changes: 0,
        }
    }
}
