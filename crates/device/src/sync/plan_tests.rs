//! The one table of what comes next.
#![allow(clippy::unwrap_used)]

use super::plan::*;
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, LogId};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

const SIZE: usize = 16 * 1024;

fn log(unsent: &[usize]) -> LogRows {
    let changes = unsent.iter().enumerate();
    LogRows {
        log: LogId(Uuid::from_u128(1)),
        unsent: changes
            .map(|(i, size)| UnsentChange {
                seq: i as u64 + 5,
                size: *size,
            })
            .collect(),
    }
}

fn file(kind: FileKind, size: u64, at: UploadAt) -> QueuedFile {
    QueuedFile {
        sha256: Digest::of(kind.code().as_bytes()),
        kind,
        size,
        at,
        resting: false,
    }
}

fn rows() -> SyncRows {
    SyncRows {
        enrolled: true,
        token_valid: true,
        ..SyncRows::default()
    }
}

/// What a step is about, in one word and its numbers.
fn told(step: Step) -> String {
    match step {
        Step::Hello => "hello".into(),
        Step::Push { first, count, .. } => format!("push {first}+{count}"),
        Step::Pull { .. } => "pull".into(),
        Step::Compare => "compare".into(),
        Step::CopyDraft { .. } => "draft".into(),
        Step::Offers => "offers".into(),
        Step::Upload { file, len } => format!("{} {:?} {len}", file.kind.code(), file.at),
        Step::Wait(reason) => format!("wait {reason:?}"),
    }
}

#[test]
fn what_comes_next() {
    use FileKind::{Body, Copy, Original, Thumbnail};
    use UploadAt::{MaybeCreated, New, Offset, Unsure};
    let everything = || SyncRows {
        logs: vec![log(&[3000, 3000])],
        files: vec![
            file(Original, 3_000_000, New),
            file(Copy, 400_000, New),
            file(Thumbnail, 12_000, New),
            file(Body, 90_000, New),
        ],
        pull_due: true,
        draft_due: Some(InspectionId(Uuid::from_u128(2))),
        offers_due: true,
        ..rows()
    };
    let files = |files: Vec<QueuedFile>| SyncRows { files, ..rows() };
    let original = |slow, metered, originals_now| SyncRows {
        files: vec![file(Original, 3_000_000, Offset(1_000_000))],
        slow,
        metered,
        originals_now,
        ..rows()
    };
    let mut drained = everything();
    let table: Vec<(&str, SyncRows, &str)> = vec![
        (
            "a phone that is not enrolled does nothing",
            SyncRows {
                enrolled: false,
                ..everything()
            },
            "wait NotEnrolled",
        ),
        (
            "no token: hello first",
            SyncRows {
                token_valid: false,
                ..everything()
            },
            "hello",
        ),
        (
            "nothing to do needs no token",
            SyncRows {
                token_valid: false,
                ..rows()
            },
            "wait Done",
        ),
        ("text goes first", everything(), "push 5+2"),
        (
            "then the bodies of that text",
            {
                drained.logs.clear();
                drained.clone()
            },
            "body New 16384",
        ),
        (
            "then news, so that returns are seen early",
            {
                drained.files.pop();
                drained.clone()
            },
            "pull",
        ),
        (
            "then thumbnails, whole when they fit",
            {
                drained.pull_due = false;
                drained.clone()
            },
            "thumbnail New 12000",
        ),
        (
            "then the copy of a draft",
            {
                drained.files.pop();
                drained.clone()
            },
            "draft",
        ),
        (
            "then what others have on offer",
            {
                drained.draft_due = None;
                drained.clone()
            },
            "offers",
        ),
        (
            "then copies",
            {
                drained.offers_due = false;
                drained.clone()
            },
            "copy New 16384",
        ),
        (
            "then originals",
            {
                drained.files.pop();
                drained.clone()
            },
            "original New 16384",
        ),
        (
            "an original that can go goes before the mirror is compared",
            SyncRows {
                compare_due: true,
                ..drained.clone()
            },
            "original New 16384",
        ),
        (
            "the mirror is compared while originals wait for a faster link",
            SyncRows {
                compare_due: true,
                ..original(true, None, false)
            },
            "compare",
        ),
        (
            "and when nothing else is left",
            SyncRows {
                compare_due: true,
                ..rows()
            },
            "compare",
        ),
        (
            "a new change goes before the rest of an original",
            SyncRows {
                logs: vec![log(&[800])],
                ..drained.clone()
            },
            "push 5+1",
        ),
        (
            "an upload goes on at its offset",
            files(vec![file(Copy, 20_000, Offset(16_384))]),
            "copy Offset(16384) 3616",
        ),
        (
            "all bytes there, receipt still missing",
            files(vec![file(Copy, 20_000, Offset(20_000))]),
            "copy Offset(20000) 0",
        ),
        (
            "after a cut the server is asked",
            files(vec![file(Copy, 20_000, Unsure)]),
            "copy Unsure 0",
        ),
        (
            "a cut creation is repeated without bytes",
            files(vec![file(Copy, 20_000, MaybeCreated)]),
            "copy MaybeCreated 0",
        ),
        (
            "slow and the phone does not tell: originals wait",
            original(true, None, false),
            "wait FasterLink",
        ),
        (
            "fast and the phone does not tell",
            original(false, None, false),
            "original Offset(1000000) 16384",
        ),
        (
            "metered: originals wait on a fast link too",
            original(false, Some(true), false),
            "wait FreeLink",
        ),
        (
            "the phone says it is free: speed does not matter",
            original(true, Some(false), false),
            "original Offset(1000000) 16384",
        ),
        (
            "用流量传",
            original(true, Some(true), true),
            "original Offset(1000000) 16384",
        ),
        (
            "copies never wait",
            SyncRows {
                files: vec![file(Copy, 9, New)],
                ..original(true, Some(true), false)
            },
            "copy New 9",
        ),
        (
            "a refused file rests and lets others by",
            files(vec![
                QueuedFile {
                    resting: true,
                    ..file(Thumbnail, 9, New)
                },
                file(Copy, 9, New),
            ]),
            "copy New 9",
        ),
        (
            "only resting files left",
            files(vec![QueuedFile {
                resting: true,
                ..file(Thumbnail, 9, New)
            }]),
            "wait Resting",
        ),
        (
            "copies still being made",
            SyncRows {
                underived: 2,
                ..rows()
            },
            "wait Deriving",
        ),
    ];
    for (case, rows, expected) in table {
        assert_eq!(told(plan(&rows, SIZE)), expected, "{case}");
    }
}

#[test]
fn goals_are_read_from_the_same_rows() {
    let with = |files: Vec<QueuedFile>| SyncRows { files, ..rows() };
    let thumbnail = file(FileKind::Thumbnail, 9, UploadAt::New);
    let original = file(FileKind::Original, 9, UploadAt::New);
    let body = file(FileKind::Body, 9, UploadAt::New);
    assert!(!reached(
        &SyncRows {
            logs: vec![log(&[9])],
            ..rows()
        },
        Goal::Records
    ));
    assert!(!reached(&with(vec![body]), Goal::Records), "a body is text");
    assert!(reached(&with(vec![thumbnail]), Goal::Records));
    assert!(!reached(&with(vec![thumbnail]), Goal::Thumbnails));
    assert!(reached(&with(vec![original]), Goal::Copies));
    assert!(!reached(
        &SyncRows {
            underived: 1,
            ..with(vec![original])
        },
        Goal::Thumbnails
    ));
    assert!(!reached(&with(vec![original]), Goal::All));
    assert!(!reached(
        &SyncRows {
            pull_due: true,
            ..rows()
        },
        Goal::Pulled
    ));
    assert!(reached(&rows(), Goal::All));
}
