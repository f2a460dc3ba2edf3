//! 完整 · 未收齐 · 不符: computed from stored bytes each time a record is opened, never remembered.

mod chain;
mod rebuild;

pub(crate) use rebuild::{Rebuilt, rebuild};

use crate::blobs::{Blobs, Check};
use crate::problem::{Answer, internal};
use crate::storage::console::files::PhotoFiles;
use crate::storage::console::raw::RawRecord;
use serde::Serialize;
use xunji_domain::inspection::InspectionContent;
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_protocol::digest::Digest;
use xunji_protocol::state::Erasure;

/// What re-reading a record showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// 完整.
    Complete,
    /// 未收齐.
    Missing,
    /// 不符.
    Mismatch,
    /// 已按规定删除: nothing is left to compare but the chain.
    Erased,
}

/// The badge with its word and its sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Integrity {
    /// For programs.
    pub badge: Badge,
    /// The word on the badge.
    pub label: &'static str,
    /// What was found, whether anything is lost, what to do.
    pub sentence: String,
}

impl Integrity {
    fn new(badge: Badge, sentence: String) -> Self {
        let label = match badge {
            Badge::Complete => "完整",
            Badge::Missing => "未收齐",
            Badge::Mismatch => "不符",
            Badge::Erased => "已按规定删除",
        };
        Self {
            badge,
            label,
            sentence,
        }
    }

    fn mismatch(what: &str) -> Self {
        let next = "服务器上的数据被改动过或已损坏，手机和备份中的原件不受影响；请先不要审核，联系管理员核对";
        Self::new(Badge::Mismatch, format!("{what}；{next}"))
    }
}

/// Looks at text, chain, signatures and photos of one record. `rebuilt` is what its bytes say, see
/// [`rebuild`]; `stored` is what lists and phones are told.
///
/// # Errors
/// When a file cannot be read at all.
pub(super) fn of(
    raw: &RawRecord,
    rebuilt: &Result<Rebuilt, String>,
    photos: &[PhotoFiles],
    blobs: &dyn Blobs,
) -> Answer<Integrity> {
    let erased = raw.summary.as_ref().and_then(|s| s.erased.as_ref());
    if let Some(by) = erased {
        return Ok(match chain::flaw(raw) {
            Some(flaw) => Integrity::mismatch(&flaw),
            None => Integrity::new(Badge::Erased, erased_sentence(by)),
        });
    }
    let text = chain::flaw(raw).or_else(|| match rebuilt {
        Err(flaw) => Some(flaw.clone()),
        Ok(rebuilt) => differs(raw, rebuilt),
    });
    if let Some(flaw) = text {
        return Ok(Integrity::mismatch(&flaw));
    }
    let mut absent = Vec::new();
    for (n, photo) in (1..).zip(photos) {
        for digest in photo.here() {
            match blobs.check(digest).map_err(|e| internal(&e))? {
                Check::Match => {}
                Check::Mismatch => {
                    let what = format!("第 {n} 张照片的{}与收下时的摘要不符", name(photo, digest));
                    return Ok(Integrity::mismatch(&what));
                }
                Check::Missing => absent.push(digest),
            }
        }
    }
    Ok(received(photos, &absent))
}

/// By which rule, when, by whose order.
fn erased_sentence(by: &Erasure) -> String {
    format!(
        "正文和照片于 {} 删除：{}（{}，{}）；编号、日期、结论和哈希链留存，链条完好",
        by.at.minute_text(CHINA_OFFSET_MIN),
        by.rule_text,
        by.order,
        by.by_name
    )
}

fn name(photo: &PhotoFiles, digest: Digest) -> &'static str {
    match digest {
        d if photo.original == Some(d) => "原片",
        d if photo.copy == Some(d) => "工作照",
        _ => "缩略图",
    }
}

fn received(photos: &[PhotoFiles], absent: &[Digest]) -> Integrity {
    let lacks = |file: Option<Digest>| file.is_none_or(|d| absent.contains(&d));
    let to_see = photos
        .iter()
        .filter(|p| lacks(p.copy) && (lacks(p.thumbnail) || lacks(p.original)))
        .count();
    let originals = photos.iter().filter(|p| lacks(p.original)).count();
    let thumbnails = photos.iter().filter(|p| lacks(p.thumbnail)).count();
    let wanting: Vec<String> = [
        (to_see, "工作照"),
        (originals, "原片"),
        (thumbnails, "缩略图"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{what}还差 {n} 张"))
    .collect();
    if wanting.is_empty() {
        let pictures = match photos.len() {
            0 => String::new(),
            n => format!("和 {n} 张照片"),
        };
        return Integrity::new(
            Badge::Complete,
            format!("正文、签名、哈希链{pictures}都与收下时一致"),
        );
    }
    let next = if absent.is_empty() {
        "都在手机上，联网后自动补收"
    } else {
        "其中有已收下又不见了的，已请手机再传一次，请联系管理员"
    };
    Integrity::new(
        Badge::Missing,
        format!("正文和签名已收齐；{}，{next}", wanting.join("、")),
    )
}

/// Where lists and phones are told other than what was signed.
pub(crate) fn differs(raw: &RawRecord, rebuilt: &Rebuilt) -> Option<String> {
    let (Some(summary), Some(content)) = (&raw.summary, &raw.content) else {
        return Some("登记表中的记录无法读取，页面按签名原文显示".to_owned());
    };
    let own = &rebuilt.summary;
    let same = summary.record_no == own.record_no
        && summary.operator_name == own.operator_name
        && summary.answers == own.answers
        && summary.failed == own.failed
        && summary.photos == own.photos
        && summary.inspectors == own.inspectors
        && summary.version == own.version
        && summary.state == own.state;
    (!same || !same_content(content, &rebuilt.content))
        .then(|| "登记表中的记录与签名原文不一致".to_owned())
}

fn same_content(stored: &InspectionContent, own: &InspectionContent) -> bool {
    stored == own
}
