//! compare: whether the mirror holds what the server holds, and the repair of what it does not. Asked once
//! by each process and then once a day, when nothing else can go.

use super::engine::Engine;
use crate::device::Device;
use crate::store::StoreError;
use crate::store::mirror::sets::{self, Held};
use crate::store::mirror::{cursor, records};
use crate::sync::compare::{Repair, differing, repair};
use crate::sync::errors::{self, Fault};
use std::collections::BTreeMap;
use xunji_protocol::feed::Cursor;
use xunji_protocol::guard::Guard;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::compare::{
    CompareAnswer, CompareRequest, Compared, FeedSet, RecordSet, RecordsRequest, read_records,
};
use xunji_protocol::steps::pull::CONTENT_TYPE;

/// Between two comparisons.
const EVERY_MS: u64 = 24 * 3_600_000;
/// While others write, a phone may not stand at a feed's head when it asks; then it pulls and asks again.
const TRIES: u8 = 3;
/// Bytes of an answer, at most; one bucket comes always.
const MOST: usize = 256 * 1024;

/// Where comparing stands.
#[derive(Clone, Debug)]
pub(super) enum Comparing {
    /// To be asked; so often it could not be told.
    Due(u8),
    /// Buckets to be fetched, by feed; so often it could not be told before.
    Fetch(BTreeMap<String, Vec<u8>>, u8),
    /// Done until this moment of the engine's clock.
    Rests(u64),
}

impl Comparing {
    /// Whether there is something to ask.
    pub fn is_due(&self, now_ms: u64) -> bool {
        match self {
            Self::Due(_) | Self::Fetch(..) => true,
            Self::Rests(until) => *until <= now_ms,
        }
    }
}

pub(super) async fn act(device: &Device, engine: &mut Engine) -> Result<(), Fault> {
    let done = match engine.comparing.clone() {
        Comparing::Fetch(wanted, tries) => fetch(device, engine, wanted, tries).await,
        Comparing::Due(tries) => ask(device, engine, tries).await,
        Comparing::Rests(_) => ask(device, engine, 0).await,
    };
    match done {
        Err(fault) if !is_of_the_link(&fault) => {
            tracing::warn!(code = fault.code(), "not compared; asked again in a day");
            rest(engine);
            Ok(())
        }
        done => done,
    }
}

/// Whether the same question may be answered a moment later. Anything else waits for a day: an older server
/// knows no such question, one that was put back is heard of at the next pull, and nothing of this may keep
/// a run from its end.
fn is_of_the_link(fault: &Fault) -> bool {
    match fault {
        Fault::NoSignal | Fault::NoAnswer | Fault::Cut | Fault::NotOurs | Fault::TooLarge => true,
        Fault::Told(problem) => problem.code == Code::Unauthorized,
        _ => false,
    }
}

fn rest(engine: &mut Engine) {
    engine.comparing = Comparing::Rests(engine.now_ms().saturating_add(EVERY_MS));
}

fn again(engine: &mut Engine, tries: u8) {
    if tries + 1 >= TRIES {
        return rest(engine);
    }
    engine.pull_due = true;
    engine.comparing = Comparing::Due(tries + 1);
}

async fn ask(device: &Device, engine: &mut Engine, tries: u8) -> Result<(), Fault> {
    let (at, held) = device.mirror().read(|read| -> Result<_, StoreError> {
        let at = cursor::cursor(read)?;
        let feeds = Cursor::decode(&at).map_or_else(Vec::new, |cursor| cursor.feeds);
        let mut held = BTreeMap::new();
        for head in feeds {
            let buckets = sets::buckets(&sets::held(read, &head.feed)?);
            held.insert(head.feed, buckets);
        }
        Ok((at, held))
    })?;
    if held.is_empty() || !Guard::Compare.stands() {
        rest(engine);
        return Ok(());
    }
    let request = CompareRequest {
        cursor: at,
        feeds: held
            .iter()
            .map(|(feed, buckets)| set_of(feed, buckets))
            .collect(),
    };
    let body = serde_json::to_vec(&request).map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let answer = engine
        .trip(body.len(), body.len(), transport.compare(&token, body))
        .await?;
    let answer: CompareAnswer = errors::json(answer)?;
    let mut wanted = BTreeMap::new();
    for told in answer
        .feeds
        .iter()
        .filter(|f| f.compared == Compared::Other)
    {
        let own = held.get(&told.feed).ok_or(Fault::BadAnswer("compare"))?;
        let buckets = differing(own, &told.buckets);
        tracing::warn!(
            feed = told.feed,
            buckets = buckets.len(),
            "the mirror holds other records"
        );
        wanted.insert(told.feed.clone(), buckets);
    }
    if !wanted.is_empty() {
        engine.comparing = Comparing::Fetch(wanted, tries);
    } else if answer.feeds.iter().any(|f| f.compared == Compared::NotNow) {
        again(engine, tries);
    } else {
        rest(engine);
    }
    Ok(())
}

fn set_of(feed: &str, buckets: &BTreeMap<u8, RecordSet>) -> FeedSet {
    FeedSet {
        feed: feed.to_owned(),
        set: sets::sum(buckets),
    }
}

async fn fetch(
    device: &Device,
    engine: &mut Engine,
    mut wanted: BTreeMap<String, Vec<u8>>,
    tries: u8,
) -> Result<(), Fault> {
    let Some((feed, buckets)) = wanted.pop_first() else {
        rest(engine);
        return Ok(());
    };
    let (at, held) = device.mirror().read(|read| -> Result<_, StoreError> {
        Ok((cursor::cursor(read)?, sets::held(read, &feed)?))
    })?;
    let request = RecordsRequest {
        cursor: at,
        feed: feed.clone(),
        buckets: buckets.clone(),
        max_bytes: engine.size.bytes().min(MOST),
    };
    let body = serde_json::to_vec(&request).map_err(|e| Fault::Local(e.to_string()))?;
    let (transport, token) = (engine.transport(device)?, engine.token()?);
    let answer = engine
        .trip(
            body.len(),
            request.max_bytes,
            transport.records(&token, body),
        )
        .await?;
    let answer = errors::ours(answer, Some(CONTENT_TYPE))?;
    let (came, end) = read_records(&answer.body).map_err(|_| Fault::BadAnswer("records"))?;
    if end.buckets.is_empty() {
        again(engine, tries);
        return Ok(());
    }
    apply(device, engine, &repair(&held, &end.buckets, came), &held)?;
    let left: Vec<u8> = buckets
        .into_iter()
        .filter(|bucket| !end.buckets.contains(bucket))
        .collect();
    if !left.is_empty() {
        wanted.insert(feed, left);
    }
    engine.comparing = Comparing::Fetch(wanted, tries);
    Ok(())
}

fn apply(
    device: &Device,
    engine: &mut Engine,
    repair: &Repair,
    held: &[Held],
) -> Result<(), Fault> {
    tracing::warn!(
        replaced = repair.replace.len(),
        doubted = repair.doubt.len(),
        of = held.len(),
        "records of the mirror are put right"
    );
    device.mirror().write(|write| -> Result<(), StoreError> {
        for (entry, state) in &repair.replace {
            records::replace(write, entry, state)?;
        }
        for (kind, id) in &repair.doubt {
            records::doubt(write, kind, *id)?;
        }
        Ok(())
    })?;
    engine.traffic.mended += (repair.replace.len() + repair.doubt.len()) as u64;
    // Later words on own changes may be among them.
    engine.caught_up = false;
    engine.pull_due = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use xunji_protocol::problem::Problem;

    #[test]
    fn only_what_the_link_did_is_asked_again_at_once() {
        let told = |code| Fault::Told(Box::new(Problem::new(code)));
        for fault in [
            Fault::NoSignal,
            Fault::Cut,
            Fault::NotOurs,
            told(Code::Unauthorized),
        ] {
            assert!(is_of_the_link(&fault), "{fault:?}");
        }
        for fault in [
            told(Code::NotFound),
            Fault::BadAnswer("records"),
            Fault::ServerTrouble(500),
            Fault::Local("mirror".into()),
        ] {
            assert!(!is_of_the_link(&fault), "{fault:?}");
        }
    }
}
