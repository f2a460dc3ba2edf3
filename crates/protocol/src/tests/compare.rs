//! Golden bytes of compare.

use super::golden::wire;
use super::*;
use crate::feed::{Cursor, FeedEntry, FeedHead};
use crate::frame::{BODY, ENTRY, FrameWriter};
use crate::steps::compare::{
    Bucket, CompareAnswer, CompareRequest, Compared, FeedCompared, FeedSet, RecordSet, RecordsEnd,
    RecordsRequest, bucket_of, read_records,
};
use crate::steps::pull::PageError;

const FEED: &str = "s0199e0b2";

fn set() -> RecordSet {
    let mut set = RecordSet::EMPTY;
    set.add(
        "operator",
        Uuid::from_u128(0x01),
        1,
        4,
        Digest::of(b"state"),
    );
    set
}

fn cursor() -> String {
    let at = Cursor {
        feeds: vec![FeedHead::empty(FEED, 1)],
        until: Vec::new(),
    };
    at.encode().unwrap()
}

#[test]
fn questions_and_answers() {
    let feed = FEED.to_owned();
    let asked = CompareRequest {
        cursor: cursor(),
        feeds: vec![FeedSet {
            feed: feed.clone(),
            set: set(),
        }],
    };
    let bucket = bucket_of(Uuid::from_u128(0x01));
    let answered = |compared, buckets| FeedCompared {
        feed: feed.clone(),
        compared,
        buckets,
    };
    let told = CompareAnswer {
        feeds: vec![
            answered(Compared::Same, Vec::new()),
            answered(Compared::Other, vec![Bucket { bucket, set: set() }]),
            answered(Compared::NotNow, Vec::new()),
        ],
    };
    let wanted = RecordsRequest {
        cursor: cursor(),
        feed: feed.clone(),
        buckets: vec![bucket],
        max_bytes: 65_536,
    };
    insta::assert_snapshot!([wire(&asked), wire(&told), wire(&wanted)].join("\n"));
}

fn records(digest: Digest) -> Vec<u8> {
    let entry = FeedEntry {
        feed: FEED.to_owned(),
        pos: 9,
        kind: "operator".to_owned(),
        id: Uuid::from_u128(0x01),
        rev: 4,
        epoch: 1,
        digest,
        gone: false,
    };
    let mut frame = FrameWriter::default();
    frame.line(ENTRY, &serde_json::to_vec(&entry).unwrap());
    frame.line(BODY, b"state");
    frame.finish(RecordsEnd { buckets: vec![1] }).unwrap()
}

#[test]
fn records_are_read_whole_or_not_at_all() {
    let whole = records(Digest::of(b"state"));
    let (came, end) = read_records(&whole).unwrap();
    assert_eq!((came.len(), end.buckets), (1, vec![1]));
    assert!(matches!(
        read_records(&records(Digest::ZERO)),
        Err(PageError::Malformed(_))
    ));
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        assert!(read_records(&whole[..cut]).is_err(), "{cut}");
    }
}
