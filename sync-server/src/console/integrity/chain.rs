//! Changes and logs as they are stored: bytes against digests, links against hashes, heads against
//! keys.

use crate::storage::console::raw::{RawChange, RawLog, RawRecord};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::{Envelope, change_hash};
use xunji_protocol::kinds::{INSPECTION_AMENDED, INSPECTION_SIGNED};
use xunji_protocol::log::LogHead;

/// The first thing that does not hold, in words.
pub(super) fn flaw(raw: &RawRecord) -> Option<String> {
    raw.events
        .iter()
        .find(|(hash, _)| !raw.changes.iter().any(|c| c.hash == *hash))
        .map(|_| "有一次变更的原文不在服务器上".to_owned())
        .or_else(|| {
            let erased = raw.summary.as_ref().is_some_and(|s| s.erased.is_some());
            raw.changes.iter().find_map(|c| change_flaw(c, erased))
        })
        .or_else(|| raw.logs.iter().find_map(|log| log_flaw(log, &raw.changes)))
}

fn change_flaw(change: &RawChange, erased: bool) -> Option<String> {
    if change_hash(&change.envelope) != change.hash {
        return Some("变更的信封与登记的哈希不符".to_owned());
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&change.envelope) else {
        return Some("变更的信封无法读取".to_owned());
    };
    let what = match envelope.kind.as_str() {
        INSPECTION_SIGNED => "现场签字的正文",
        INSPECTION_AMENDED => "补正的正文",
        _ => "审核的正文",
    };
    match &change.body {
        Some(body) if Digest::of(body) == envelope.body => None,
        Some(_) => Some(format!(
            "{what}与签名时的摘要不符（链上第 {} 号）",
            envelope.seq
        )),
        None if erased => None,
        None => Some(format!("{what}不在服务器上（链上第 {} 号）", envelope.seq)),
    }
}

/// Walks the whole line up to the last signed head that covers the record's changes.
fn log_flaw(log: &RawLog, changes: &[RawChange]) -> Option<String> {
    let mut head = LogHead::empty(log.log);
    let mut needed = 0;
    let mut seen = Vec::with_capacity(log.links.len());
    for (hash, bytes) in &log.links {
        let Ok(envelope) = serde_json::from_slice::<Envelope>(bytes) else {
            return Some(format!("哈希链在第 {} 号处无法读取", head.seq + 1));
        };
        // What the phone declared lost: its hash stands in the declaration, and the line goes on behind it.
        while let Some(lost) = log.holes.get(&(head.seq + 1))
            && envelope.seq > head.seq + 1
        {
            head = LogHead {
                log: log.log,
                seq: head.seq + 1,
                hash: *lost,
            };
            seen.push(*lost);
        }
        let follows =
            envelope.log == log.log && envelope.seq == head.seq + 1 && envelope.prev == head.hash;
        if change_hash(bytes) != *hash || !follows {
            return Some(format!("哈希链在第 {} 号处断开", head.seq + 1));
        }
        head = LogHead {
            log: log.log,
            seq: envelope.seq,
            hash: *hash,
        };
        seen.push(*hash);
        if changes.iter().any(|c| c.hash == *hash) {
            needed = head.seq;
        }
    }
    if let Some(lost) = changes
        .iter()
        .find(|c| c.log == log.log && c.main && !seen.contains(&c.hash))
    {
        return Some(format!(
            "哈希链里找不到这次变更（{}）",
            lost.hash.to_hex().get(..8).unwrap_or_default()
        ));
    }
    let signed = log.heads.iter().any(|signature| {
        let at = usize::try_from(signature.head.seq)
            .ok()
            .and_then(|seq| seq.checked_sub(1));
        signature.head.seq >= needed
            && at.and_then(|at| seen.get(at)) == Some(&signature.head.hash)
            && signature.verify(&log.key).is_ok()
    });
    (needed > 0 && !signed).then(|| "设备对哈希链的签名核对不上".to_owned())
}
