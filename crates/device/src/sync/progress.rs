//! How much has arrived, computed from rows, and a plain word for what the rest waits for.

use super::errors::Fault;
use super::plan::{Reason, Step};
use serde::Serialize;
use xunji_protocol::steps::files::FileKind;

/// One lane: how many have a receipt, how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Lane {
    /// With a receipt that verified.
    #[ts(type = "number")]
    pub received: u64,
    /// All of them.
    #[ts(type = "number")]
    pub total: u64,
}

impl Lane {
    /// A lane.
    pub fn new(received: u64, total: u64) -> Self {
        Self { received, total }
    }

    /// What is still on its way.
    pub fn left(self) -> u64 {
        self.total.saturating_sub(self.received)
    }
}

/// Every lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Lanes {
    /// 记录: signed inspections and amendments.
    pub records: Lane,
    /// 台账: registrations and edits of the register.
    pub register: Lane,
    /// 缩略图.
    pub thumbnails: Lane,
    /// 工作照.
    pub copies: Lane,
    /// 原片.
    pub originals: Lane,
}

impl Lanes {
    /// Whether everything has a receipt.
    pub fn all_received(&self) -> bool {
        [
            self.records,
            self.register,
            self.thumbnails,
            self.copies,
            self.originals,
        ]
        .iter()
        .all(|l| l.left() == 0)
    }

    /// `记录 3/3 · 照片 12/17`: taken against received.
    pub fn text(&self) -> String {
        let mut parts = vec![format!(
            "记录 {}/{}",
            self.records.received, self.records.total
        )];
        if self.register.left() > 0 {
            parts.push(format!(
                "台账 {}/{}",
                self.register.received, self.register.total
            ));
        }
        if self.originals.total > 0 {
            parts.push(format!(
                "照片 {}/{}",
                self.originals.received, self.originals.total
            ));
        }
        parts.join(" · ")
    }
}

/// What the phone does or waits for, in one plain phrase. `fault` is the last request's, when it failed.
pub fn waiting_for(step: Step, fault: Option<&Fault>, lanes: &Lanes) -> String {
    if let (Some(fault), false) = (fault, matches!(step, Step::Wait(_))) {
        return fault_word(fault);
    }
    let text = match step {
        Step::Hello => "正在联系服务器",
        Step::Push { .. } => "正在传记录",
        Step::Pull { .. } => "正在接收",
        Step::Compare | Step::Offers => "正在与服务器核对",
        Step::CopyDraft { .. } => "正在备份草稿",
        Step::Upload { file, .. } => match file.kind {
            FileKind::Body => "正在传记录",
            FileKind::Thumbnail => "正在传缩略图",
            FileKind::Copy => "正在传工作照",
            FileKind::Original => "正在传原片",
        },
        Step::Wait(Reason::Done) if lanes.all_received() => "全部已收",
        Step::Wait(Reason::Done | Reason::Resting) => "有文件暂时没有传成，稍后再传，内容都在本机",
        Step::Wait(Reason::NotEnrolled) => "还没有注册，请先扫注册码",
        Step::Wait(Reason::FasterLink) => "等更快的网络再传原片",
        Step::Wait(Reason::FreeLink) => "等无线网络再传原片，也可以用流量传",
        Step::Wait(Reason::Deriving) => "正在制作工作照",
    };
    text.to_owned()
}

fn fault_word(fault: &Fault) -> String {
    match fault {
        Fault::NoSignal => "没有信号".to_owned(),
        Fault::NoAnswer => "服务器没有应答".to_owned(),
        Fault::Cut => "连接中断，正在接着传".to_owned(),
        Fault::TooLarge => "正在减小后再传".to_owned(),
        other => other.sentence(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_receipts_and_nothing_else() {
        let lanes = Lanes {
            records: Lane::new(3, 3),
            register: Lane::new(2, 2),
            originals: Lane::new(12, 17),
            ..Lanes::default()
        };
        assert_eq!(lanes.text(), "记录 3/3 · 照片 12/17");
        assert!(!lanes.all_received());
        let edit = Lanes {
            register: Lane::new(1, 2),
            ..Lanes::default()
        };
        assert_eq!(
            edit.text(),
            "记录 0/0 · 台账 1/2",
            "an edit on its way is not hidden"
        );
    }

    #[test]
    fn it_says_what_it_waits_for() {
        let lanes = Lanes::default();
        let word = |step, fault: Option<Fault>| waiting_for(step, fault.as_ref(), &lanes);
        assert_eq!(word(Step::Hello, Some(Fault::NoSignal)), "没有信号");
        assert_eq!(
            word(Step::Pull { max_bytes: 1 }, Some(Fault::NoAnswer)),
            "服务器没有应答"
        );
        assert_eq!(
            word(Step::Wait(Reason::FasterLink), Some(Fault::Cut)),
            "等更快的网络再传原片"
        );
        assert_eq!(word(Step::Wait(Reason::Done), None), "全部已收");
        let stuck = Lanes {
            originals: Lane::new(0, 1),
            ..lanes
        };
        assert!(waiting_for(Step::Wait(Reason::Done), None, &stuck).contains("稍后再传"));
    }
}
