//! 疑点: what a reviewer should look at first, each with its points and its arithmetic. A signal
//! reminds, it concludes nothing. Pure: the record and what is known of earlier ones come in.

mod evidence;
mod facts;
mod pace;
mod past;
mod record;
#[cfg(test)]
mod tests;
mod text;
mod weigh;

pub use facts::{Card, Earlier, Known, Record, Reused, Visit, seconds};
pub use pace::COMPARED_DAYS;
pub use text::duration;
pub use weigh::{Weight, weigh};

use crate::checklist::ItemCode;
use crate::words::{Conclusion, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

words!(/// How loud a signal is.
Tone {
    /// Look first.
    Fail = "先看",
    /// Look.
    Warn = "留意",
    /// Good to know.
    Plain = "知悉",
});

words!(/// Why a record is worth a look. Codes are for ever.
SignalCode {
    /// 签了两版.
    SignedTwice = "签了两版",
    /// 记录链有分叉.
    Branch = "记录链有分叉",
    /// 记录号重复.
    NumberTwice = "记录号重复",
    /// 正文无法读取.
    Unreadable = "正文无法读取",
    /// 用时短.
    Short = "用时短",
    /// 检纹平: nearly the same or too little time on every item.
    Flat = "检纹平",
    /// 照片重复: the same original stands in another record.
    PhotoReused = "照片重复",
    /// 时钟回拨.
    ClockBack = "时钟回拨",
    /// 时钟不准.
    ClockOff = "时钟不准",
    /// 连续全符合.
    Streak = "连续全符合",
    /// 上次不符合，这次不适用或未检查.
    LastFailedSkipped = "上次不符合，本次未评",
    /// 上次不符合，这次很快答符合.
    LastFailedQuick = "上次不符合，本次答得快",
    /// 证照过期.
    LicenceExpired = "证照过期",
    /// 执法证与名册不符.
    CardMismatch = "执法证不符",
    /// 证号末位核不上.
    CheckDigit = "证号末位核不上",
    /// 拒签.
    Refused = "拒签",
    /// 关键项不符合.
    Critical = "关键项不符合",
    /// 结论与系统建议不同.
    OwnConclusion = "结论与系统建议不同",
    /// 相册导入.
    Imported = "相册导入",
    /// 照片损坏.
    Damaged = "照片损坏",
    /// 未检查.
    Unchecked = "未检查",
    /// 晚到.
    Late = "晚到",
    /// 先后有交叉.
    IllegalTransition = "先后有交叉",
    /// 有人按旧版本处理过.
    StaleVersion = "有人按旧版本处理过",
    /// 外所设备提交.
    OutOfScope = "外所设备提交",
    /// 主体信息有两个值.
    Conflict = "主体信息有两个值",
    /// 当事人不在场.
    Absent = "当事人不在场",
    /// 同一项再次不符合.
    Repeat = "再次不符合",
    /// 已补正.
    Amended = "已补正",
    /// 未能检查.
    NotInspected = "未能检查",
});

/// How long similar visits took: for the dot plot beside 用时短.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Spread {
    /// Seconds of each similar visit of the last 90 days, shortest first; this one is not among them.
    pub others: Vec<i64>,
    /// Seconds of this visit.
    pub this: i64,
    /// Median of the others; `None` without any.
    pub median: Option<i64>,
}

/// One signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Signal {
    /// For programs.
    pub code: SignalCode,
    /// For people, a few words: `用时 2 分 10 秒`.
    pub text: String,
    /// How loud.
    pub tone: Tone,
    /// What it adds to the record's place in the queue.
    pub points: u32,
    /// One sentence with the arithmetic; may be empty where `text` says all.
    pub why: String,
    /// The items it speaks of, in the order of the checklist.
    pub items: Vec<ItemCode>,
    /// Times of similar visits, where the signal is about time.
    pub spread: Option<Spread>,
}

impl Signal {
    fn new(code: SignalCode, text: impl Into<String>, why: impl Into<String>) -> Self {
        let Weight { tone, points } = weigh(code);
        Self {
            code,
            text: text.into(),
            tone,
            points,
            why: why.into(),
            items: Vec::new(),
            spread: None,
        }
    }

    /// A signal whose word says all.
    fn bare(code: SignalCode) -> Self {
        Self::new(code, code.label(), "")
    }
}

/// Every signal of a record, the heaviest first; of equal weight in the order of [`SignalCode`].
pub fn signals(record: &Record<'_>, known: &Known<'_>) -> Vec<Signal> {
    // How far a clock was off says more than that it was.
    let clock_off = pace::clock_off(record);
    let is_told = |code: &SignalCode| *code == SignalCode::ClockOff && clock_off.is_some();
    let raised = record.raised.iter().copied();
    let raised = raised.filter(|code| !is_told(code)).map(Signal::bare);
    let found = [
        record::party(record),
        pace::short(record, known),
        pace::flat(record),
        pace::clock_back(record),
        clock_off.clone(),
        evidence::photo_reused(record, known),
        past::streak(record, known),
        past::last_failed_skipped(record, known),
        past::last_failed_quick(record, known),
        evidence::licence_expired(record),
        evidence::card_mismatch(record, known),
        evidence::check_digit(record),
        record::critical(record),
        record::own_conclusion(record),
        evidence::imported(record),
        evidence::damaged(record),
        record::unchecked(record),
        record::late(record),
        past::repeat(record, known),
        record::standing(record),
    ];
    let mut found: Vec<Signal> = raised.chain(found.into_iter().flatten()).collect();
    found.sort_by_key(|signal| (std::cmp::Reverse(signal.points), signal.code));
    found
}

/// The points of all signals together.
pub fn points(signals: &[Signal]) -> u32 {
    signals
        .iter()
        .fold(0, |sum, signal| sum.saturating_add(signal.points))
}

words!(/// Where a record stands in the queue.
Group {
    /// Something has points.
    LookFirst = "先细看",
    /// Nothing has points, but there is something to read.
    Ordinary = "一般",
    /// 符合, and nothing at all to say of it.
    Plain = "符合",
});

/// The group of a record with these signals.
pub fn group(signals: &[Signal], conclusion: Conclusion) -> Group {
    if points(signals) > 0 {
        Group::LookFirst
    } else if signals.is_empty() && conclusion == Conclusion::Conforming {
        Group::Plain
    } else {
        Group::Ordinary
    }
}
