use super::{Word, whole_since};
use crate::store::local::leaving::{ChangeFact, RecordFact};
use proptest::prelude::*;
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

const DAY: i64 = 86_400_000;
const STAYS: i64 = 7 * DAY;

fn change(received: Option<i64>, settled: bool) -> ChangeFact {
    ChangeFact {
        log: LogId(Uuid::nil()),
        seq: 1,
        hash: Digest::ZERO,
        kind: "inspection.signed".to_owned(),
        received: received.map(Millis),
        settled,
    }
}

fn whole() -> RecordFact {
    RecordFact {
        finished: true,
        changes: vec![change(Some(10), true)],
        files: vec![Some(Millis(20)), Some(Millis(30))],
    }
}

#[test]
fn a_record_is_whole_since_the_last_of_its_receipts() {
    assert_eq!(whole_since(&whole()), Some(Millis(30)));
}

#[test]
fn what_is_on_its_way_waits_for_somebody_or_is_in_work_is_not_whole() {
    let mut on_its_way = whole();
    on_its_way.files.push(None);
    let mut unsent = whole();
    unsent.changes.push(change(None, false));
    let mut waits = whole();
    waits.changes.push(change(Some(15), false));
    let in_work = RecordFact {
        finished: false,
        ..whole()
    };
    let unknown = RecordFact {
        changes: Vec::new(),
        ..whole()
    };
    for record in [on_its_way, unsent, waits, in_work, unknown] {
        assert_eq!(whole_since(&record), None);
    }
}

#[test]
fn without_a_backup_nothing_leaves_unless_the_bureau_says_so() {
    let word = |through: Option<i64>, waived| Word {
        now: Millis(100 * DAY),
        through: through.map(Millis),
        waived,
    };
    let received = Millis(50 * DAY);
    assert!(!word(None, false).lets_go(received, STAYS));
    assert!(!word(Some(50 * DAY - 1), false).lets_go(received, STAYS));
    assert!(word(Some(50 * DAY), false).lets_go(received, STAYS));
    assert!(word(None, true).lets_go(received, STAYS));
}

proptest! {
    #[test]
    fn nothing_leaves_before_its_time(received in 0..200 * DAY, age in 0..30 * DAY, beyond in 0..30 * DAY) {
        let word = Word {
            now: Millis(received + age),
            through: Some(Millis(received + beyond)),
            waived: false,
        };
        prop_assert_eq!(word.lets_go(Millis(received), STAYS), age >= STAYS);
    }
}
