//! What was found: the first bad entry of every kind, and how many there are.

use std::collections::BTreeMap;

/// Kinds of entry, in the order in which they are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The database file: pages, tables, who it belongs to.
    Database,
    /// A phone, its certificate, what it was given at enrolment.
    Device,
    /// A log: its key, its head, its line without gaps.
    Log,
    /// A change: envelope, body, and the columns beside them.
    Change,
    /// A signature of a log's key over a head.
    Head,
    /// A receipt that was given out.
    Receipt,
    /// A verdict, or what a held change waits for.
    Verdict,
    /// A feed: positions, history, head.
    Feed,
    /// A state of a record, as phones are told it.
    State,
    /// Columns that are made from states: operators, people, stations, conflicts.
    Register,
    /// A record and what its own changes say of it.
    Record,
    /// A day report.
    Report,
    /// The copy of a draft.
    Draft,
    /// The row of a file.
    File,
    /// The bytes of a file.
    Blob,
    /// What a backup says of itself.
    Backup,
}

impl Kind {
    /// The word for people, and the one for programs.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Database => ("数据库", "database"),
            Self::Device => ("手机", "device"),
            Self::Log => ("日志链", "log"),
            Self::Change => ("变更", "change"),
            Self::Head => ("链头签名", "head signature"),
            Self::Receipt => ("收据", "receipt"),
            Self::Verdict => ("裁定", "verdict"),
            Self::Feed => ("数据流", "feed"),
            Self::State => ("状态", "state"),
            Self::Register => ("登记表", "register"),
            Self::Record => ("检查记录", "record"),
            Self::Report => ("日报", "report"),
            Self::Draft => ("草稿副本", "draft copy"),
            Self::File => ("文件登记", "file row"),
            Self::Blob => ("文件", "file"),
            Self::Backup => ("备份", "backup"),
        }
    }
}

/// One entry that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What kind of entry.
    pub kind: Kind,
    /// Which one: log and seq, feed and position, a digest.
    pub place: String,
    /// What does not hold.
    pub what: String,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, name) = self.kind.words();
        write!(f, "{word} ({name}) {}: {}", self.place, self.what)
    }
}

/// What a look through a store gave.
#[derive(Clone, Debug, Default)]
pub struct Found {
    first: BTreeMap<Kind, Flaw>,
    counts: BTreeMap<Kind, u64>,
    /// Entries that were looked at.
    pub looked_at: u64,
    /// Originals that records name and that have not arrived yet: no flaw.
    pub awaited: u64,
    /// Bytes of files that were read and hashed.
    pub bytes: u64,
    /// Heads and receipts of this server that phones hold and that are not here: it once was put back. Kept verbatim in
    /// the table `witness`; what came back since is among what was looked at.
    pub witnesses: u64,
}

impl Found {
    /// Notes an entry that does not hold.
    pub fn flaw(&mut self, kind: Kind, place: impl Into<String>, what: impl Into<String>) {
        *self.counts.entry(kind).or_default() += 1;
        self.first.entry(kind).or_insert_with(|| Flaw {
            kind,
            place: place.into(),
            what: what.into(),
        });
    }

    /// Notes one unless it holds.
    pub fn must(&mut self, holds: bool, kind: Kind, place: impl Fn() -> String, what: &str) {
        if !holds {
            self.flaw(kind, place(), what);
        }
    }

    /// Whether everything holds.
    pub fn is_whole(&self) -> bool {
        self.first.is_empty()
    }

    /// The first bad entry of every kind, with how many of it there are.
    pub fn flaws(&self) -> impl Iterator<Item = (&Flaw, u64)> {
        self.first
            .values()
            .map(|flaw| (flaw, self.counts.get(&flaw.kind).copied().unwrap_or(0)))
    }
}
