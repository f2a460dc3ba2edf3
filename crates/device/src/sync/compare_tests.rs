use super::*;
use crate::store::mirror::sets::{buckets, sum};

fn held(number: u8, rev: u64, state: &[u8]) -> Held {
    Held {
        kind: "operator".into(),
        id: Uuid::from_u128(number.into()),
        version: (1, rev),
        state: Digest::of(state),
    }
}

fn came(number: u8, rev: u64, state: &[u8]) -> PageRecord {
    PageRecord {
        entry: FeedEntry {
            feed: "s".into(),
            pos: 1,
            kind: "operator".into(),
            id: Uuid::from_u128(number.into()),
            rev,
            epoch: 1,
            digest: Digest::of(state),
            gone: false,
        },
        state: Some(state.to_vec()),
    }
}

fn told(records: &[Held]) -> Vec<Bucket> {
    buckets(records)
        .into_iter()
        .map(|(bucket, set)| Bucket { bucket, set })
        .collect()
}

#[test]
fn buckets_differ_where_a_record_is_missing_changed_or_too_many() {
    let theirs = [held(1, 1, b"a"), held(2, 1, b"b"), held(3, 1, b"c")];
    let here = [held(1, 1, b"a"), held(2, 1, b"x"), held(4, 1, b"d")];
    assert_eq!(differing(&buckets(&here), &told(&theirs)), [2, 3, 4]);
    assert!(differing(&buckets(&theirs), &told(&theirs)).is_empty());
    assert_ne!(sum(&buckets(&here)), sum(&buckets(&theirs)));
}

#[test]
fn what_differs_is_replaced_and_what_the_server_lacks_is_doubted() {
    let here = [
        held(1, 1, b"a"),
        held(2, 9, b"b"),
        held(4, 1, b"d"),
        held(9, 1, b"of a bucket that was not asked for"),
    ];
    let came = vec![came(1, 1, b"a"), came(2, 2, b"b"), came(3, 1, b"c")];
    let repair = repair(&here, &[1, 2, 3, 4], came);
    let replaced: Vec<_> = repair.replace.iter().map(|(e, _)| e.id.as_u128()).collect();
    assert_eq!(replaced, [2, 3]);
    assert_eq!(repair.doubt, [("operator".to_owned(), Uuid::from_u128(4))]);
}
