//! The guards that a build with the feature `faults` can switch off, one at a time, to see that the
//! fault table notices. In every other build they stand, and the compiler removes the question.

/// A guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A change whose hash is known gets its first verdict again.
    KnownHash,
    /// Only an answer whose receipt verifies proves that something is stored.
    Receipt,
    /// An acknowledged change goes on replaying until the mirror has passed its effects.
    Replay,
    /// A field write carries the value it saw.
    SeenValue,
    /// A mirror that stands before what was confirmed against it takes the confirmation back.
    MirrorBack,
    /// Positions of a feed follow its head without a gap.
    FeedHead,
    /// What a kill cut short is looked for at every start.
    Sweep,
    /// A phone's own changes are synced to its disk at every commit.
    LocalSync,
    /// The server's database is synced at every commit.
    CountySync,
    /// The bytes of a file are synced before the server says that it has them.
    BlobSync,
    /// Looking through a store asks of every change whether it follows the one before.
    Links,
    /// A receipt that is committed after a backup was begun draws the backup's reach back.
    BackupReach,
    /// A phone takes back what a restored server promised, and offers it again.
    Lapse,
    /// A phone whose line was continued elsewhere opens a new log.
    NewLog,
    /// A change that no longer matches its hash is declared, and the rest goes on.
    Declare,
    /// A server that is shown what it signed and lacks opens a new epoch.
    Witness,
    /// What a clock that was off has stamped is flagged.
    ClockOff,
    /// The time is the clock put right by what the phone knows of the server's.
    RightTime,
    /// Later words that a kill kept from `local.db` are taken over from the mirror.
    CatchUp,
    /// The photos of a second signed version are those of a record too.
    SecondVersion,
    /// What a newer program wrote is decided again after an upgrade.
    Redrive,
    /// What own changes name stays when it leaves the phone's scope.
    Pinned,
    /// What is written while a pull runs lies beyond its last page.
    Beyond,
    /// A body that is too large for one request travels as a file.
    BodyApart,
    /// A mirror that does not hold what the server holds fetches it again.
    Compare,
    /// Nothing leaves a phone before a verified backup holds it.
    BackedUp,
    /// What was erased by a rule is not taken again.
    Erased,
    /// Of two copies of a draft the one with the higher version stands, whichever came last.
    DraftCopy,
    /// A step of a schema and its number are one transaction.
    OneStep,
    /// Room for the last saves is taken before the disk is full.
    Room,
    /// What reads of a damaged file goes on in a new one.
    Rescue,
    /// A phone that was killed asks how far its uploads are, and goes on from there.
    Resume,
    /// Text goes before every photo.
    TextFirst,
    /// A server that has lost a file asks the phone for it.
    Wanted,
    /// What a plan writes is one transaction.
    OnePlan,
    /// Only a receipt says that something is received, not that it was written to a stick.
    Carried,
    /// A piece that comes with a checksum counts only when its bytes hash to it.
    Checksum,
}

impl Guard {
    /// Every guard.
    pub const ALL: [Self; 37] = [
        Self::KnownHash,
        Self::Receipt,
        Self::Replay,
        Self::SeenValue,
        Self::MirrorBack,
        Self::FeedHead,
        Self::Sweep,
        Self::LocalSync,
        Self::CountySync,
        Self::BlobSync,
        Self::Links,
        Self::BackupReach,
        Self::Lapse,
        Self::NewLog,
        Self::Declare,
        Self::Witness,
        Self::ClockOff,
        Self::RightTime,
        Self::CatchUp,
        Self::SecondVersion,
        Self::Redrive,
        Self::Pinned,
        Self::Beyond,
        Self::BodyApart,
        Self::Compare,
        Self::BackedUp,
        Self::Erased,
        Self::DraftCopy,
        Self::OneStep,
        Self::Room,
        Self::Rescue,
        Self::Resume,
        Self::TextFirst,
        Self::Wanted,
        Self::OnePlan,
        Self::Carried,
        Self::Checksum,
    ];

    /// The name it is switched off by.
    pub fn name(self) -> &'static str {
        match self {
            Self::KnownHash => "known-hash",
            Self::Receipt => "receipt",
            Self::Replay => "replay",
            Self::SeenValue => "seen-value",
            Self::MirrorBack => "mirror-back",
            Self::FeedHead => "feed-head",
            Self::Sweep => "sweep",
            Self::LocalSync => "local-sync",
            Self::CountySync => "county-sync",
            Self::BlobSync => "blob-sync",
            Self::Links => "links",
            Self::BackupReach => "backup-reach",
            Self::Lapse => "lapse",
            Self::NewLog => "new-log",
            Self::Declare => "declare",
            Self::Witness => "witness",
            Self::ClockOff => "clock-off",
            Self::RightTime => "right-time",
            Self::CatchUp => "catch-up",
            Self::SecondVersion => "second-version",
            Self::Redrive => "redrive",
            Self::Pinned => "pinned",
            Self::Beyond => "beyond",
            Self::BodyApart => "body-apart",
            Self::Compare => "compare",
            Self::BackedUp => "backed-up",
            Self::Erased => "erased",
            Self::DraftCopy => "draft-copy",
            Self::OneStep => "one-step",
            Self::Room => "room",
            Self::Rescue => "rescue",
            Self::Resume => "resume",
            Self::TextFirst => "text-first",
            Self::Wanted => "wanted",
            Self::OnePlan => "one-plan",
            Self::Carried => "carried",
            Self::Checksum => "checksum",
        }
    }

    /// Whether it stands.
    #[cfg(not(feature = "faults"))]
    #[inline]
    pub const fn stands(self) -> bool {
        true
    }

    /// Whether it stands: the environment of the process names the one that does not.
    #[cfg(feature = "faults")]
    pub fn stands(self) -> bool {
        use std::sync::OnceLock;
        static OFF: OnceLock<Option<String>> = OnceLock::new();
        let off = OFF.get_or_init(|| std::env::var(SWITCH).ok());
        off.as_deref() != Some(self.name())
    }
}

/// The variable that names the guard to switch off.
pub const SWITCH: &str = "XUNJI_GUARD_OFF";
