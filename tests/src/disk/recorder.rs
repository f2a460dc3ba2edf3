//! The preloaded recorder of one folder: its journal, and the calls that it refuses.

use super::cut::Cut;
use super::folder::Folder;
use super::journal;
use crate::market::{Step, Stopped};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = include_str!("../../disk/recorder.c");
/// Size of what the recorder and this program share: four numbers of eight bytes.
const CONTROL: usize = 32;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// EIO.
    Broken,
    /// ENOSPC.
    Full,
    /// Half of the bytes, then ENOSPC.
    Short,
    /// ENOSPC for what needs more room than its file has, as of a full disk.
    Crowded,
}

/// A folder whose changes are written down.
pub struct Recorder {
    root: PathBuf,
    journal: PathBuf,
    control: PathBuf,
    library: PathBuf,
    began: Folder,
}

impl Recorder {
    /// Watches `root` from now on; what the recorder needs lies beside it in `scratch`.
    ///
    /// # Errors
    /// The recorder cannot be compiled, or the folder cannot be read.
    pub fn new(root: &Path, scratch: &Path) -> Step<Self> {
        let failed = |e| Stopped::at("the recorder", e);
        std::fs::create_dir_all(scratch).map_err(failed)?;
        std::fs::create_dir_all(root).map_err(failed)?;
        let recorder = Self {
            root: root.canonicalize().map_err(failed)?,
            journal: scratch.join("journal"),
            control: scratch.join("control"),
            library: scratch.join("recorder.so"),
            began: Folder::default(),
        };
        recorder.compile(scratch)?;
        recorder.anew()
    }

    fn compile(&self, scratch: &Path) -> Step<()> {
        let source = scratch.join("recorder.c");
        std::fs::write(&source, SOURCE).map_err(|e| Stopped::at("the recorder", e))?;
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-o"])
            .args([&self.library, &source])
            .arg("-ldl")
            .status()
            .map_err(|e| Stopped::at("cc, which `./x setup` installs", e))?;
        if status.success() {
            Ok(())
        } else {
            Err(Stopped("the recorder does not compile".into()))
        }
    }

    /// Begins a new journal: what is in the folder now is safe. No program runs on it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn anew(mut self) -> Step<Self> {
        self.begin()?;
        Ok(self)
    }

    /// As [`Self::anew`], in place.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn begin(&mut self) -> Step<()> {
        let failed = |e| Stopped::at("the recorder", e);
        self.began = Folder::read(&self.root)?;
        std::fs::write(&self.journal, b"").map_err(failed)?;
        std::fs::write(&self.control, [0; CONTROL]).map_err(failed)
    }

    /// What a program is started with.
    pub fn env(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("LD_PRELOAD", self.library.clone()),
            ("XUNJI_DISK_ROOT", self.root.clone()),
            ("XUNJI_DISK_JOURNAL", self.journal.clone()),
            ("XUNJI_DISK_CONTROL", self.control.clone()),
        ]
    }

    /// Where the journal ends: a cut after this point leaves at least what was acknowledged before it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn here(&self) -> Step<usize> {
        let length = std::fs::metadata(&self.journal).map_err(|e| Stopped::at("the journal", e))?;
        usize::try_from(length.len()).map_err(|e| Stopped::at("the journal", e))
    }

    /// The journal so far, to be cut at any record that begins at `from` or later.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn played(&self, from: usize) -> Step<Played> {
        let bytes = std::fs::read(&self.journal).map_err(|e| Stopped::at("the journal", e))?;
        let records = journal::read(&bytes)?;
        let first = records.partition_point(|(at, _)| *at < from);
        Ok(Played {
            began: Cut::new(&self.began),
            records,
            first,
            others: Vec::new(),
        })
    }

    /// Puts a folder where the watched one is.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put(&self, folder: &Folder) -> Step<()> {
        folder.write(&self.root)
    }

    /// How many calls there were that could have been refused.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn calls(&self) -> Step<u64> {
        let mut number = [0; 8];
        let file = std::fs::File::open(&self.control).map_err(|e| Stopped::at("control", e))?;
        file.read_exact_at(&mut number, 0)
            .map_err(|e| Stopped::at("control", e))?;
        Ok(u64::from_le_bytes(number))
    }

    /// From the `nth` call after this one on, calls fail until [`Self::heal`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn refuse(&self, nth: u64, how: Refusal) -> Step<()> {
        let how: u64 = match how {
            Refusal::Broken => 1,
            Refusal::Full => 2,
            Refusal::Short => 3,
            Refusal::Crowded => 4,
        };
        let from = self.calls()? + nth;
        self.set(&[from, 0, how])
    }

    /// There is space again.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn heal(&self) -> Step<()> {
        self.set(&[0, 0, 0])
    }

    fn set(&self, numbers: &[u64; 3]) -> Step<()> {
        let bytes: Vec<u8> = numbers.iter().rev().flat_map(|n| n.to_le_bytes()).collect();
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(&self.control)
            .map_err(|e| Stopped::at("control", e))?;
        // Backwards, and the number that switches it on comes last: the program reads while this writes.
        for (at, chunk) in bytes.chunks(8).enumerate() {
            let offset = 8 * (3 - at as u64);
            file.write_all_at(chunk, offset)
                .map_err(|e| Stopped::at("control", e))?;
        }
        Ok(())
    }
}

/// A journal, ready to be cut anywhere.
pub struct Played {
    began: Cut,
    records: Vec<(usize, journal::Record)>,
    first: usize,
    /// Files of somebody else: where the journal stood when they were written.
    others: Vec<(usize, String, Vec<u8>)>,
}

impl Played {
    /// A file that somebody else wrote, and synced, when the journal stood at `here`.
    pub fn safe(&mut self, here: usize, path: &str, bytes: &[u8]) {
        self.others.push((here, path.to_owned(), bytes.to_vec()));
    }

    /// How many records may be the last one.
    pub fn points(&self) -> u64 {
        (self.records.len() - self.first) as u64
    }

    /// The disk after `more` of those records.
    pub fn at(&self, more: u64) -> Cut {
        let last = self.first + usize::try_from(more).unwrap_or(usize::MAX);
        let mut cut = self.began.clone();
        let mut others = self.others.iter().peekable();
        for (at, record) in self.records.iter().take(last) {
            while let Some((_, path, bytes)) = others.next_if(|(here, ..)| here <= at) {
                cut.safe(path, bytes);
            }
            cut.play(record);
        }
        for (_, path, bytes) in others {
            cut.safe(path, bytes);
        }
        cut
    }
}
