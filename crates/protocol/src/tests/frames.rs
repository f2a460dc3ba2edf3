//! Framing: a cut at every byte is seen, a flipped byte anywhere is seen.

use super::*;
use crate::feed::{Cursor, FeedEntry, FeedHead};
use crate::keys::public_key;
use crate::segment::{Segment, SegmentError, read_segment, write_segment};
use crate::state::OPERATOR;
use crate::steps::pull::{Page, PageEnd, PageHeader, PageWriter, read_page};
use crate::verdict::Effect;

pub fn segment_bytes() -> Vec<u8> {
    let mut changes = line(3);
    // The third body travels as a file.
    changes[2].body = crate::body::Body::File(changes[2].envelope.body);
    write_segment(&changes, signed_head(&changes[2])).unwrap()
}

pub fn page_bytes() -> Vec<u8> {
    let header = PageHeader {
        protocol: 1,
        feeds: vec!["b".to_owned(), format!("s.{}", id(0x57))],
        server_time: Millis(1_761_000_100_000),
    };
    let mut page = PageWriter::begin(&header).unwrap();
    let state = crate::canonical::canonical_bytes(&operator()).unwrap();
    page.record(&entry(4, OPERATOR, Digest::of(&state), false), Some(&state))
        .unwrap();
    page.record(&entry(5, OPERATOR, Digest::ZERO, true), None)
        .unwrap();
    let feed = format!("s.{}", id(0x57));
    let head = FeedHead {
        pos: 5,
        ..FeedHead::empty(&feed, 1)
    };
    let cursor = Cursor {
        feeds: vec![head],
        until: Vec::new(),
    }
    .encode()
    .unwrap();
    page.finish(PageEnd {
        cursor,
        more: false,
        heads: None,
        passed: vec![Effect { feed, pos: 5 }],
    })
    .unwrap()
}

fn entry(pos: u64, kind: &str, digest: Digest, gone: bool) -> FeedEntry {
    let feed = format!("s.{}", id(0x57));
    FeedEntry {
        feed,
        pos,
        kind: kind.to_owned(),
        id: id(0x0e),
        rev: pos,
        epoch: 1,
        digest,
        gone,
    }
}

#[test]
fn a_segment_comes_back_whole_and_verifies() {
    let bytes = segment_bytes();
    let segment = read_segment(&bytes).unwrap();
    segment.verify(&public_key(&log_key())).unwrap();
    assert_eq!(segment.changes.len(), 3);
    assert_eq!(segment.changes[0], line(3)[0]);
    assert!(segment.changes[2].body.bytes().is_none());
    assert_eq!(
        write_segment(&segment.changes, segment.head.clone()).unwrap(),
        bytes
    );
}

#[test]
fn a_cut_at_every_byte_is_seen() {
    let (segment, page) = (segment_bytes(), page_bytes());
    for cut in 0..segment.len() {
        assert!(
            read_segment(&segment[..cut]).is_err(),
            "segment cut at {cut}"
        );
    }
    for cut in 0..page.len() {
        assert!(read_page(&page[..cut]).is_err(), "page cut at {cut}");
    }
    assert!(read_page(&page).is_ok());
}

#[test]
fn a_flipped_bit_at_every_byte_is_seen() {
    let key = public_key(&log_key());
    let (segment, page) = (segment_bytes(), page_bytes());
    for at in 0..segment.len() {
        let mut altered = segment.clone();
        altered[at] ^= 1;
        let taken = read_segment(&altered).and_then(|s| s.verify(&key).map(|()| s));
        assert!(taken.is_err(), "segment byte {at}");
    }
    // The end of a page is not under its digest; there only what still reads as the same page may pass.
    let before_trailer = page.windows(2).rposition(|w| w == b"\nT").unwrap();
    for at in 0..before_trailer {
        let mut altered = page.clone();
        altered[at] ^= 1;
        assert!(read_page(&altered).is_err(), "page byte {at}");
    }
}

#[test]
fn bytes_after_the_trailer_are_refused() {
    let mut bytes = segment_bytes();
    bytes.extend_from_slice(b"E{}\n");
    assert!(read_segment(&bytes).is_err());
}

#[test]
fn a_segment_of_another_key_or_head_is_refused() {
    let changes = line(3);
    let good = Segment {
        header: read_segment(&segment_bytes()).unwrap().header,
        changes: changes.clone(),
        head: signed_head(&changes[2]),
    };
    let key = public_key(&log_key());
    good.verify(&key).unwrap();
    assert!(matches!(
        good.verify(&public_key(&root_key())),
        Err(SegmentError::HeadSignature)
    ));
    let older = Segment {
        head: signed_head(&changes[1]),
        ..good
    };
    assert!(matches!(
        older.verify(&key),
        Err(SegmentError::HeadSignature)
    ));
}

#[test]
fn a_page_comes_back_and_a_state_that_is_not_the_named_one_is_refused() {
    let Page {
        header,
        records,
        end,
    } = read_page(&page_bytes()).unwrap();
    assert_eq!(header.feeds.len(), 2);
    assert_eq!(records.len(), 2);
    assert!(records[1].entry.gone && records[1].state.is_none());
    assert_eq!(end.passed[0].pos, 5);

    let mut page = PageWriter::begin(&header).unwrap();
    page.record(&records[0].entry, Some(b"{\"other\":1}"))
        .unwrap();
    assert!(read_page(&page.finish(end).unwrap()).is_err());
}

#[test]
fn a_cursor_comes_back_and_nothing_else_is_one() {
    let feed = FeedHead::empty("b", 1).after("market", id(1), 1, Digest::of(b"x"));
    let cursor = Cursor {
        feeds: vec![feed.clone()],
        until: vec![FeedHead {
            pos: 9,
            ..feed.clone()
        }],
    };
    let text = cursor.encode().unwrap();
    assert_eq!(Cursor::decode(&text).unwrap(), cursor);
    assert_eq!(cursor.head("b"), Some(&feed));
    assert_eq!(Cursor::decode(""), None);
    assert_eq!(Cursor::decode(&text[1..]), None);
}

#[test]
fn the_history_hash_tells_every_part_of_an_entry_apart() {
    let head = FeedHead::empty("b", 1);
    let base = head.after("market", id(1), 1, Digest::of(b"x"));
    let others = [
        head.after("marke", id(1), 1, Digest::of(b"x")),
        head.after("market", id(2), 1, Digest::of(b"x")),
        head.after("market", id(1), 2, Digest::of(b"x")),
        head.after("market", id(1), 1, Digest::of(b"y")),
        base.after("market", id(1), 1, Digest::of(b"x")),
    ];
    for other in others {
        assert_ne!(other.history_hash, base.history_hash);
    }
}
