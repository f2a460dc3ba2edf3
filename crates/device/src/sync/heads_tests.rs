//! The decision table, line by line.

use super::*;
use xunji_domain::ids::LogId;

const LOG: LogId = LogId(uuid::Uuid::from_u128(7));

/// The hash at a seq of a line; lines share what lies before they part.
fn hash(line: &str, seq: u64) -> Digest {
    Digest::of(format!("{line}{seq}").as_bytes())
}

fn at(line: &str, seq: u64) -> LogHead {
    LogHead {
        log: LOG,
        seq,
        hash: if seq == 0 {
            Digest::ZERO
        } else {
            hash(line, seq)
        },
    }
}

/// The phone's log stands at `own`, its hash at the server's seq is `at_told`.
fn own(own: u64, at_told: Option<Digest>) -> OwnLog {
    OwnLog {
        head: at("a", own),
        at_told,
        open: true,
    }
}

fn told(head: LogHead, on_line: bool, held: bool) -> ToldLog {
    ToldLog {
        head,
        on_line,
        held,
        branched: false,
        short_code: String::new(),
    }
}

fn lacks(after: u64) -> Standing {
    Standing {
        lacks_after: Some(after),
        new_log: None,
    }
}

fn opens(because: OpenedBecause) -> Standing {
    Standing {
        lacks_after: None,
        new_log: Some(because),
    }
}

type Line = (&'static str, OwnLog, ToldLog, Standing);

/// One phone writes the line.
fn one_writer() -> Vec<Line> {
    let ordinary = Standing::default();
    vec![
        (
            "nothing was pushed yet",
            own(3, Some(Digest::ZERO)),
            told(at("a", 0), true, true),
            ordinary,
        ),
        (
            "at my last receipt",
            own(5, Some(hash("a", 3))),
            told(at("a", 3), true, true),
            ordinary,
        ),
        (
            "after my last receipt: its answer was lost",
            own(5, Some(hash("a", 5))),
            told(at("a", 5), true, true),
            ordinary,
        ),
        (
            "before my last receipt: a restored server",
            own(5, Some(hash("a", 2))),
            told(at("a", 2), true, false),
            lacks(2),
        ),
        (
            "it does not know the log any more",
            own(5, None),
            told(at("a", 0), true, false),
            lacks(0),
        ),
        (
            "beyond mine, mine is on its line: a restored phone",
            own(3, None),
            told(at("a", 5), true, true),
            opens(OpenedBecause::PhoneRestored),
        ),
    ]
}

/// Two phones write it.
fn two_writers() -> Vec<Line> {
    vec![
        (
            "beyond mine, mine is not on its line: a restored phone that went on writing",
            own(4, None),
            told(at("b", 6), false, true),
            opens(OpenedBecause::Fork),
        ),
        (
            "another hash at a common seq: a copy",
            own(6, Some(hash("a", 5))),
            told(at("b", 5), true, true),
            opens(OpenedBecause::Fork),
        ),
        (
            "my line is the main one and another was handed in: the same copy, seen from here",
            own(5, Some(hash("a", 5))),
            ToldLog {
                branched: true,
                ..told(at("a", 5), true, true)
            },
            opens(OpenedBecause::Fork),
        ),
        (
            "a copy, and the server lost what it had of my line",
            own(6, Some(hash("a", 5))),
            told(at("b", 5), true, false),
            Standing {
                lacks_after: Some(0),
                new_log: Some(OpenedBecause::Fork),
            },
        ),
    ]
}

#[test]
fn every_line_of_the_table() {
    for (line, own, told, expected) in one_writer().into_iter().chain(two_writers()) {
        assert_eq!(compare(&own, &told), expected, "{line}");
        // A log that is closed is handed in to its end; nothing more is opened because of it.
        let closed = OwnLog { open: false, ..own };
        let expected = Standing {
            new_log: None,
            ..expected
        };
        assert_eq!(compare(&closed, &told), expected, "closed: {line}");
    }
}

#[test]
fn receipts_of_an_earlier_epoch_lapse_from_the_moment_the_store_was_put_back_to() {
    let hour = 60 * 60 * 1000;
    let epochs = [
        EpochSaid {
            number: 2,
            through: Millis(100 * hour),
        },
        EpochSaid {
            number: 3,
            through: Millis(300 * hour),
        },
    ];
    let lapsed = |epoch, at| may_have_lapsed(epoch, Millis(at), &epochs);
    assert!(!lapsed(1, 99 * hour), "long before");
    assert!(lapsed(1, 99 * hour + 1), "a clock may have been set back");
    assert!(
        lapsed(1, 200 * hour),
        "lost by the first restore, whatever the second one knew"
    );
    assert!(!lapsed(2, 200 * hour));
    assert!(lapsed(2, 301 * hour));
    assert!(!lapsed(3, 900 * hour), "given by the present epoch");
    assert!(
        !may_have_lapsed(1, Millis(1), &[]),
        "nothing was ever put back"
    );
}
