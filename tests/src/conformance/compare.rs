//! Compare: what a phone holds beside what the server holds.

use super::backend::Backend;
use super::feeds::register;
use super::sample;
use super::wire::Wire;
use std::collections::BTreeMap;
use xunji_protocol::state::{OPERATOR, station_feed};
use xunji_protocol::steps::compare::{
    CompareAnswer, CompareRequest, Compared, FeedCompared, FeedSet, PATH, RECORDS_PATH, RecordSet,
    RecordsRequest, bucket_of, read_records,
};

/// Cursor at the head and the sums of all feeds, as a phone has them after a pull.
fn mirror(wire: &Wire, token: &str) -> CompareRequest {
    let page = wire.page(token, "", 1 << 20);
    assert!(!page.end.more);
    let mut sums: BTreeMap<String, RecordSet> = BTreeMap::new();
    for passed in &page.end.passed {
        sums.insert(passed.feed.clone(), RecordSet::EMPTY);
    }
    for (entry, state) in &page.entries {
        if state.is_some() {
            let sum = sums.get_mut(&entry.feed).unwrap();
            sum.add(&entry.kind, entry.id, entry.epoch, entry.rev, entry.digest);
        }
    }
    let feeds = sums.into_iter().map(|(feed, set)| FeedSet { feed, set });
    CompareRequest {
        cursor: page.end.cursor,
        feeds: feeds.collect(),
    }
}

fn compare(wire: &Wire, token: &str, asked: &CompareRequest) -> Vec<FeedCompared> {
    let (status, bytes) = wire.json(PATH, Some(token), asked);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    let answer: CompareAnswer = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(answer.feeds.len(), asked.feeds.len());
    answer.feeds
}

fn of(told: &[FeedCompared], feed: &str) -> Compared {
    told.iter().find(|f| f.feed == feed).unwrap().compared
}

/// Equal sums are the same; what differs is told by buckets and fetched.
pub fn differences(backend: &Backend) {
    let server = backend.server();
    let (mut phone, token) = backend.phone(&server, 1);
    let stall = sample::stall(&backend.county, 1);
    let change = register(&mut phone, &stall);
    server.wire.push(&phone, &token, &[change]);
    let mut asked = mirror(&server.wire, &token);
    let told = compare(&server.wire, &token, &asked);
    assert!(
        told.iter().all(|f| f.compared == Compared::Same),
        "{told:?}"
    );
    let feed = station_feed(sample::station(&backend.county));
    for held in asked.feeds.iter_mut().filter(|f| f.feed == feed) {
        held.set = RecordSet::EMPTY;
    }
    let told = compare(&server.wire, &token, &asked);
    let other = told.iter().find(|f| f.feed == feed).unwrap();
    let bucket = bucket_of(stall.id.0);
    assert_eq!(other.compared, Compared::Other);
    assert!(other.buckets.iter().any(|b| b.bucket == bucket));
    let request = RecordsRequest {
        cursor: asked.cursor,
        feed,
        buckets: vec![bucket],
        max_bytes: 1,
    };
    let (status, bytes) = server.wire.json(RECORDS_PATH, Some(&token), &request);
    let (records, end) = read_records(&bytes).unwrap();
    assert_eq!((status, end.buckets), (200, vec![bucket]));
    let came = records.iter().find(|r| r.entry.id == stall.id.0).unwrap();
    assert_eq!(
        (came.entry.kind.as_str(), came.state.is_some()),
        (OPERATOR, true)
    );
}

/// Nothing is said to a phone that does not stand at the head, nor of a feed that it does not see.
pub fn not_now(backend: &Backend) {
    let server = backend.server();
    let (_, token) = backend.phone(&server, 1);
    let mut asked = mirror(&server.wire, &token);
    let foreign = station_feed(backend.county.station("杏埠所").unwrap().id);
    asked.feeds.push(FeedSet {
        feed: foreign.clone(),
        set: RecordSet::EMPTY,
    });
    let told = compare(&server.wire, &token, &asked);
    assert_eq!(of(&told, &foreign), Compared::NotNow);
    let request = |feed: &str| RecordsRequest {
        cursor: asked.cursor.clone(),
        feed: feed.to_owned(),
        buckets: (0..=u8::MAX).collect(),
        max_bytes: 1 << 20,
    };
    let refused = server
        .wire
        .json(RECORDS_PATH, Some(&token), &request(&foreign));
    assert_eq!(Wire::problem(refused), (403, "forbidden".to_owned()));
    let (mut other, others) = backend.phone(&server, 11);
    let change = register(&mut other, &sample::stall(&backend.county, 2));
    server.wire.push(&other, &others, &[change]);
    let own = station_feed(sample::station(&backend.county));
    let told = compare(&server.wire, &token, &asked);
    assert_eq!(of(&told, &own), Compared::NotNow);
    let (status, bytes) = server.wire.json(RECORDS_PATH, Some(&token), &request(&own));
    let (records, end) = read_records(&bytes).unwrap();
    assert_eq!((status, records.len(), end.buckets.len()), (200, 0, 0));
}
