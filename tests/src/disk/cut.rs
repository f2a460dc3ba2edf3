//! What a power cut leaves: the journal played up to one record, with a random part of what was not synced.

use super::folder::Folder;
use super::journal::Record;
use crate::link::schedule::SplitMix;
use std::collections::{BTreeMap, HashMap};

/// Smallest piece that a disk writes whole, in bytes.
const SECTOR: usize = 512;
/// Between two changes, in nanoseconds.
const TICK: u64 = 1_000_000;

/// The disk while the journal is played.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    files: Vec<File>,
    /// What a program sees.
    now: BTreeMap<String, usize>,
    /// What is on the disk.
    durable: BTreeMap<String, usize>,
    /// Changes of names that are not on the disk yet, in order.
    names: Vec<Name>,
    inodes: HashMap<u64, usize>,
    /// Nanoseconds since 1970; every change is a millisecond later than the one before.
    clock: u64,
}

#[derive(Clone, Debug, Default)]
struct File {
    written: u64,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, data: Vec<u8> },
    Truncate { length: usize },
}

#[derive(Clone, Debug)]
enum Name {
    Set {
        path: String,
        file: usize,
    },
    Move {
        from: String,
        to: String,
        file: usize,
    },
    Gone {
        path: String,
    },
}

impl Cut {
    /// A disk on which all of `folder` is safe.
    pub fn new(folder: &Folder) -> Self {
        let mut cut = Self::default();
        for (path, bytes) in &folder.files {
            cut.clock = folder.times.get(path).copied().unwrap_or(0);
            cut.safe(path, bytes);
        }
        cut.clock = folder.times.values().copied().max().unwrap_or(0);
        cut
    }

    /// A file that somebody else put there and synced, with the directory it is in.
    pub fn safe(&mut self, path: &str, bytes: &[u8]) {
        self.sync_names(parent(path));
        self.clock += TICK;
        self.files.push(File {
            written: self.clock,
            durable: bytes.to_vec(),
            pending: Vec::new(),
        });
        let file = self.files.len() - 1;
        self.now.insert(path.to_owned(), file);
        self.durable.insert(path.to_owned(), file);
    }

    /// Plays one record.
    pub(super) fn play(&mut self, record: &Record) {
        self.clock += TICK;
        match record {
            Record::Create { path, inode } => self.create(path, *inode),
            Record::Open { path, inode } => {
                if let Some(file) = self.now.get(path) {
                    self.inodes.insert(*inode, *file);
                }
            }
            Record::Write {
                inode,
                offset,
                data,
            } => {
                let (offset, data) = (whole(*offset), data.clone());
                self.change(*inode, Change::Write { offset, data });
            }
            Record::Truncate { inode, length } => {
                let length = whole(*length);
                self.change(*inode, Change::Truncate { length });
            }
            Record::Sync { inode } => {
                if let Some(file) = self
                    .inodes
                    .get(inode)
                    .and_then(|at| self.files.get_mut(*at))
                {
                    file.settle();
                }
            }
            Record::SyncNames { directory } => self.sync_names(directory),
            Record::Rename { from, to } => {
                // Which file it is holds even when the disk never heard of its old name.
                if let Some(file) = self.now.get(from).copied() {
                    self.rename(from.clone(), to.clone(), file);
                }
            }
            Record::Link { from, to } => {
                if let Some(file) = self.now.get(from).copied() {
                    let path = to.clone();
                    self.name(Name::Set { path, file });
                }
            }
            Record::Unlink { path } => self.name(Name::Gone { path: path.clone() }),
            Record::Directory => {}
        }
    }

    fn create(&mut self, path: &str, inode: u64) {
        self.files.push(File {
            written: self.clock,
            ..File::default()
        });
        let file = self.files.len() - 1;
        self.inodes.insert(inode, file);
        let path = path.to_owned();
        self.name(Name::Set { path, file });
    }

    fn change(&mut self, inode: u64, change: Change) {
        if let Some(file) = self
            .inodes
            .get(&inode)
            .and_then(|at| self.files.get_mut(*at))
        {
            file.written = self.clock;
            file.pending.push(change);
        }
    }

    fn name(&mut self, name: Name) {
        name.apply(&mut self.now);
        self.names.push(name);
    }

    /// Within a directory one change, which a cut does not halve; between two, one change in each.
    fn rename(&mut self, from: String, to: String, file: usize) {
        if parent(&from) == parent(&to) {
            return self.name(Name::Move { from, to, file });
        }
        self.name(Name::Set { path: to, file });
        self.name(Name::Gone { path: from });
    }

    fn sync_names(&mut self, directory: &str) {
        let pending = std::mem::take(&mut self.names);
        for name in pending {
            if name.touches(directory) {
                name.apply(&mut self.durable);
            } else {
                self.names.push(name);
            }
        }
    }

    /// Everything, as if the disk had been synced.
    pub fn all(&self) -> Folder {
        let mut whole = self.clone();
        for name in std::mem::take(&mut whole.names) {
            name.apply(&mut whole.durable);
        }
        whole.files.iter_mut().for_each(File::settle);
        whole.left()
    }

    /// What the cut leaves.
    pub fn happens(&self, random: &mut SplitMix) -> Folder {
        let mut after = self.clone();
        let names = std::mem::take(&mut after.names);
        let kept = some_of(names.len(), random);
        for name in names.iter().take(kept) {
            name.apply(&mut after.durable);
        }
        for file in &mut after.files {
            file.lose(random);
        }
        after.left()
    }

    fn left(self) -> Folder {
        let mut folder = Folder::default();
        for (path, file) in self.durable {
            if let Some(file) = self.files.get(file) {
                folder.times.insert(path.clone(), file.written);
                folder.files.insert(path, file.durable.clone());
            }
        }
        folder
    }
}

/// How many of `all` reach the disk: none, all, or the first few.
fn some_of(all: usize, random: &mut SplitMix) -> usize {
    match random.between(0, 2) {
        0 => 0,
        1 => all,
        _ => usize::try_from(random.between(0, all as u64)).unwrap_or(all),
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl File {
    fn settle(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            change.apply(&mut self.durable);
        }
    }

    /// In order up to a point, or any of them: a disk may write in another order. The first one that is
    /// lost may be there in part.
    fn lose(&mut self, random: &mut SplitMix) {
        let pending = std::mem::take(&mut self.pending);
        let any = random.between(0, 2) == 0;
        let kept = some_of(pending.len(), random);
        for (at, change) in pending.iter().enumerate() {
            let stays = if any {
                random.between(0, 1) == 0
            } else {
                at < kept
            };
            if stays {
                change.apply(&mut self.durable);
            } else if at == kept && !any {
                change.torn(random).apply(&mut self.durable);
            }
        }
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate { length } => bytes.resize(*length, 0),
            Self::Write { offset, data } => {
                let end = offset.saturating_add(data.len());
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                if let Some(place) = bytes.get_mut(*offset..end) {
                    place.copy_from_slice(data);
                }
            }
        }
    }

    fn torn(&self, random: &mut SplitMix) -> Self {
        match self {
            Self::Truncate { .. } => Self::Write {
                offset: 0,
                data: Vec::new(),
            },
            Self::Write { offset, data } => {
                let sectors = random.between(0, (data.len() / SECTOR) as u64);
                let length = whole(sectors) * SECTOR;
                Self::Write {
                    offset: *offset,
                    data: data.iter().take(length).copied().collect(),
                }
            }
        }
    }
}

impl Name {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Set { path, file } => {
                names.insert(path.clone(), *file);
            }
            Self::Move { from, to, file } => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
            Self::Gone { path } => {
                names.remove(path);
            }
        }
    }

    fn touches(&self, directory: &str) -> bool {
        match self {
            Self::Set { path, .. } | Self::Gone { path } => parent(path) == directory,
            Self::Move { to, .. } => parent(to) == directory,
        }
    }
}
