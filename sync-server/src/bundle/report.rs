//! What is said of an import, for a program and for a person.

use super::open::{NotTaken, Volume};
use super::take::{Brought, Taken};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::verdict::Verdict;

/// How a volume ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeState {
    /// All of it was taken.
    Whole,
    /// Some pieces are damaged; the others were taken.
    Damaged,
    /// It ends before its end; what came before that was taken.
    Cut,
    /// Its changes follow others that are not here yet.
    Waits,
    /// Something in it was not taken, as it would not have been over the network.
    Refused,
    /// Nothing of it was taken.
    NotTaken,
}

/// One file that was given.
#[derive(Clone, Debug, Serialize)]
pub struct VolumeReport {
    /// Name of the file.
    pub file: String,
    /// How it ended.
    pub state: VolumeState,
    /// For people.
    pub sentence: String,
    /// Number of the volume; 0 where the header does not say.
    pub volume: u32,
    /// Of how many.
    pub volumes: u32,
    /// Changes it brought.
    pub changes: u64,
    /// Files it brought.
    pub files: u64,
}

/// One bundle: all its volumes that were given.
#[derive(Clone, Debug, Serialize)]
pub struct BundleReport {
    /// The phone's log.
    pub log: LogId,
    /// The bundle.
    pub bundle: Uuid,
    /// How many volumes it has.
    pub volumes: u32,
    /// Those that were not given this time.
    pub missing: Vec<u32>,
    /// Changes with a verdict.
    pub changes: u64,
    /// Those that were not here before.
    pub new_changes: u64,
    /// Kept until something else comes.
    pub held: u64,
    /// Kept for a person.
    pub quarantined: u64,
    /// Files with a receipt.
    pub files: u64,
    /// Those that were not here before.
    pub new_files: u64,
    /// The phone is revoked: its records wait for a person.
    pub revoked: bool,
    /// Where the receipts for the phone lie; `None` when there are none or they could not be written.
    pub receipts: Option<PathBuf>,
    /// For people.
    pub sentence: String,
}

/// The last part of a path, for people.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

impl VolumeReport {
    /// Of a file of which nothing was taken.
    pub(super) fn not_taken(path: &Path, not: NotTaken) -> Self {
        Self {
            file: file_name(path),
            state: VolumeState::NotTaken,
            sentence: not.sentence().to_owned(),
            volume: 0,
            volumes: 0,
            changes: 0,
            files: 0,
        }
    }

    /// Of a volume that was read.
    pub(super) fn of(volume: &Volume, taken: &Taken) -> Self {
        let state = state(taken);
        Self {
            file: file_name(&volume.path),
            state,
            sentence: sentence(state, taken),
            volume: volume.signed.says.volume,
            volumes: volume.signed.says.volumes,
            changes: taken.changes,
            files: taken.files,
        }
    }
}

fn state(taken: &Taken) -> VolumeState {
    match taken.written {
        None => VolumeState::Cut,
        Some(written) if taken.whole < written => VolumeState::Damaged,
        Some(_) if !taken.refused.is_empty() => VolumeState::Refused,
        Some(_) if taken.gap.is_some() => VolumeState::Waits,
        Some(_) => VolumeState::Whole,
    }
}

fn sentence(state: VolumeState, taken: &Taken) -> String {
    let mut came = format!("已收变更 {} 条、文件 {} 个", taken.changes, taken.files);
    if taken.erased > 0 {
        came.push_str(&format!("，{} 个已按规定删除、没有再收", taken.erased));
    }
    match state {
        VolumeState::Whole => format!("{came}，本卷完整"),
        VolumeState::Damaged => format!(
            "{came}；本卷有损坏，损坏的部分没有收下，手机上都在；请重新拷贝本卷再导入，或等手机联网自动补交"
        ),
        VolumeState::Cut => format!(
            "{came}；本卷不完整，后面的部分没有收下，手机上都在；请重新拷贝本卷再导入，或等手机联网自动补交"
        ),
        VolumeState::Waits => format!(
            "{came}；本卷的变更接在第 {} 条之后，前面的还没有到，手机上都在；请把前面各卷一起导入",
            taken.gap.unwrap_or(0).saturating_sub(1)
        ),
        VolumeState::Refused | VolumeState::NotTaken => {
            let why: Vec<&str> = taken.refused.iter().copied().collect();
            format!("{came}；另有内容没有收下：{}", why.join("；"))
        }
    }
}

impl BundleReport {
    /// Of all volumes of one bundle.
    pub(super) fn of(
        volume: &Volume,
        seen: &BTreeSet<u32>,
        brought: &Brought,
        new_changes: u64,
    ) -> Self {
        let says = &volume.signed.says;
        let rows = || brought.pushed.iter().flat_map(|answer| &answer.verdicts);
        let count = |verdict| rows().filter(|row| row.verdict == verdict).count() as u64;
        let mut report = Self {
            log: says.log,
            bundle: says.bundle,
            volumes: says.volumes,
            missing: (1..=says.volumes).filter(|n| !seen.contains(n)).collect(),
            changes: rows().count() as u64,
            new_changes,
            held: count(Verdict::Held),
            quarantined: count(Verdict::Quarantined),
            files: brought.files.len() as u64,
            new_files: brought.new_files,
            revoked: !volume.device.active,
            receipts: None,
            sentence: String::new(),
        };
        report.sentence = report.words();
        report
    }

    fn words(&self) -> String {
        let mut words = vec![format!(
            "变更 {} 条（新收 {}），文件 {} 个（新收 {}）",
            self.changes, self.new_changes, self.files, self.new_files
        )];
        if self.new_changes == 0 && self.new_files == 0 && self.changes + self.files > 0 {
            words.push("以前都收过，没有重复入账".to_owned());
        }
        if self.held > 0 {
            words.push(format!("{} 条等其他内容到后自动入账", self.held));
        }
        if self.quarantined > 0 {
            words.push(format!("{} 条已原样保存，等人核对", self.quarantined));
        }
        if self.revoked {
            words.push("这台手机已停用，它的记录只保存、不入账，请所长核对".to_owned());
        }
        if !self.missing.is_empty() {
            let missing: Vec<String> = self.missing.iter().map(u32::to_string).collect();
            words.push(format!(
                "这次没有给第 {} 卷，共 {} 卷；以前导入过的不用再给",
                missing.join("、"),
                self.volumes
            ));
        }
        words.join("；")
    }
}
