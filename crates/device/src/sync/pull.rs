//! What a page of the server's feeds changes in the mirror, and which own changes it confirms.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedEntry;
use xunji_protocol::guard::Guard;
use xunji_protocol::state::VERDICT;
use xunji_protocol::steps::pull::Page;
use xunji_protocol::verdict::{Effect, Verdict, VerdictRow};

/// Positions passed, by feed; a feed in scope that nothing was read of stands at 0.
pub type Passed = BTreeMap<String, u64>;

/// One transaction of `mirror.db`.
#[derive(Clone, Debug, Default)]
pub struct MirrorPlan {
    /// States to keep where their (epoch, rev) is higher than the one that is here.
    pub upserts: Vec<(FeedEntry, Vec<u8>)>,
    /// Records that left their feed: to be removed where that feed still holds them.
    pub removals: Vec<FeedEntry>,
    /// Records that left their feed and stay for as long as something here names them.
    pub pinned: Vec<FeedEntry>,
    /// Feeds that left the scope: their records go, except pinned ones.
    pub lost_feeds: Vec<String>,
    /// Positions to keep.
    pub passed: Vec<Effect>,
    /// Cursor to keep.
    pub cursor: String,
    /// Later words on own changes, for `local.db` afterwards.
    pub verdicts: Vec<VerdictRow>,
    /// More pages follow at once.
    pub more: bool,
}

/// Plans a page. `known` is what was passed before; `pinned` are records that drafts, unconfirmed
/// changes or open findings name.
pub fn plan_page(page: Page, known: &Passed, pinned: &BTreeSet<Uuid>) -> MirrorPlan {
    let named: BTreeSet<&String> = page.header.feeds.iter().collect();
    let lost_feeds = known
        .keys()
        .filter(|feed| !named.contains(feed))
        .cloned()
        .collect();
    let mut plan = MirrorPlan {
        lost_feeds,
        passed: page
            .header
            .feeds
            .iter()
            .map(|feed| Effect {
                feed: feed.clone(),
                pos: 0,
            })
            .collect(),
        cursor: page.end.cursor,
        more: page.end.more,
        ..MirrorPlan::default()
    };
    plan.passed.extend(page.end.passed);
    for record in page.records {
        match record.state {
            Some(state) => {
                plan.verdicts.extend(later_verdict(&record.entry, &state));
                plan.upserts.push((record.entry, state));
            }
            None if pinned.contains(&record.entry.id) && Guard::Pinned.stands() => {
                plan.pinned.push(record.entry);
            }
            None => plan.removals.push(record.entry),
        }
    }
    plan
}

/// A verdict in the log's feed. One that a newer server words in another way waits in the mirror for the
/// upgrade.
fn later_verdict(entry: &FeedEntry, state: &[u8]) -> Option<VerdictRow> {
    if entry.kind != VERDICT {
        return None;
    }
    serde_json::from_slice(state).ok()
}

/// Whether the mirror has passed everything an own change did: only then it stops replaying.
/// Held and quarantined work is never confirmed; a feed that left the scope holds nothing up.
pub fn is_confirmed(verdict: &VerdictRow, passed: &Passed) -> bool {
    // Before the first page no feed is known, which is not the same as none being in scope.
    let seen = |effect: &Effect| {
        passed
            .get(&effect.feed)
            .is_none_or(|pos| *pos >= effect.pos)
    };
    verdict.verdict == Verdict::Applied && !passed.is_empty() && verdict.effects.iter().all(seen)
}

/// The changes among these that are confirmed now.
pub fn confirmed(verdicts: &[VerdictRow], passed: &Passed) -> Vec<Digest> {
    verdicts
        .iter()
        .filter(|v| is_confirmed(v, passed))
        .map(|v| v.hash)
        .collect()
}

#[cfg(test)]
#[path = "pull_tests.rs"]
mod tests;
