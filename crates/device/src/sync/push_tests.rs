#![allow(clippy::unwrap_used)]
use super::*;
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use xunji_protocol::keys::public_key;
use xunji_protocol::verdict::Verdict;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn log() -> LogId {
    LogId(Uuid::from_u128(1))
}

fn hash(seq: u64) -> Digest {
    Digest::of(&seq.to_be_bytes())
}

fn own(seq: u64) -> Option<Digest> {
    (1..=9).contains(&seq).then(|| hash(seq))
}

fn sent() -> Sent {
    Sent {
        log: log(),
        changes: vec![(4, hash(4)), (5, hash(5))],
    }
}

fn verdict(seq: u64) -> VerdictRow {
    VerdictRow {
        seq,
        hash: hash(seq),
        verdict: Verdict::Held,
        cause: None,
        detail: String::new(),
        flags: vec![],
        effects: vec![],
        closed: None,
    }
}

fn receipt(key: &SigningKey, log: LogId, up_to_seq: u64, hash: Digest) -> Option<SignedStatement> {
    let said = Receipt::Log {
        log,
        up_to_seq,
        hash,
        epoch: 1,
        server_time: Millis(7),
    };
    Some(SignedStatement::make(key, RECEIPT_CONTEXT, &said).unwrap())
}

fn answer(receipt: Option<SignedStatement>) -> PushAnswer {
    PushAnswer {
        verdicts: vec![verdict(4), verdict(5)],
        receipt,
        branch: false,
    }
}

fn judged(answer: PushAnswer) -> Result<Facts, Unproven> {
    judge(&sent(), answer, &[public_key(&key())], own)
}

#[test]
fn a_receipt_of_the_head_sent_or_of_a_later_own_one_proves() {
    let exact = judged(answer(receipt(&key(), log(), 5, hash(5)))).unwrap();
    assert_eq!(exact.receipt.unwrap().up_to_seq, 5);
    // An earlier answer was lost and the segment was cut smaller: the head is beyond it.
    let beyond = judged(answer(receipt(&key(), log(), 8, hash(8)))).unwrap();
    assert_eq!(beyond.receipt.unwrap().at, Millis(7));
}

#[test]
fn a_receipt_that_does_not_fit_proves_nothing() {
    let other_key = SigningKey::from_bytes(&[6; 32]);
    let cases = [
        ("missing", None),
        (
            "of a key that is not listed",
            receipt(&other_key, log(), 5, hash(5)),
        ),
        (
            "of another log",
            receipt(&key(), LogId(Uuid::from_u128(2)), 5, hash(5)),
        ),
        ("of an earlier head", receipt(&key(), log(), 4, hash(4))),
        ("of another line", receipt(&key(), log(), 5, hash(6))),
        (
            "beyond this phone's own head",
            receipt(&key(), log(), 12, hash(12)),
        ),
        ("not a statement", Some(SignedStatement("a.b.c".to_owned()))),
    ];
    for (case, receipt) in cases {
        assert_eq!(judged(answer(receipt)), Err(Unproven::Receipt), "{case}");
    }
    let file = Receipt::File {
        log: log(),
        sha256: hash(5),
        size: 1,
        epoch: 1,
        server_time: Millis(7),
    };
    let file = SignedStatement::make(&key(), RECEIPT_CONTEXT, &file).unwrap();
    assert_eq!(judged(answer(Some(file))), Err(Unproven::Receipt));
}

#[test]
fn verdicts_must_be_those_of_what_was_sent() {
    let good = receipt(&key(), log(), 5, hash(5));
    let with = |verdicts| PushAnswer {
        verdicts,
        receipt: good.clone(),
        branch: false,
    };
    for verdicts in [
        vec![],
        vec![verdict(4)],
        vec![verdict(5), verdict(4)],
        vec![verdict(4), verdict(5), verdict(6)],
        vec![
            verdict(4),
            VerdictRow {
                hash: hash(6),
                ..verdict(5)
            },
        ],
    ] {
        assert_eq!(judged(with(verdicts)), Err(Unproven::Verdicts));
    }
}

#[test]
fn a_branch_is_told_and_its_receipt_of_the_other_line_is_not_kept() {
    let other_line = receipt(&key(), log(), 5, hash(6));
    let facts = judged(PushAnswer {
        branch: true,
        ..answer(other_line)
    })
    .unwrap();
    assert!(facts.branch && facts.receipt.is_none());
    assert_eq!(facts.verdicts.len(), 2);
    let common = receipt(&key(), log(), 3, hash(3));
    let facts = judged(PushAnswer {
        branch: true,
        ..answer(common)
    })
    .unwrap();
    assert_eq!(
        facts.receipt.unwrap().up_to_seq,
        3,
        "the common part is receipted"
    );
}

#[test]
fn a_segment_fills_the_request_and_always_carries_one() {
    let of = |sizes: &[usize]| -> Vec<UnsentChange> {
        sizes
            .iter()
            .enumerate()
            .map(|(i, size)| UnsentChange {
                seq: i as u64 + 1,
                size: *size,
            })
            .collect()
    };
    assert_eq!(select(&of(&[]), 8192), 0);
    assert_eq!(
        select(&of(&[900_000, 10]), 8192),
        1,
        "a large record goes alone"
    );
    assert_eq!(select(&of(&[10_000; 9]), 8192), 2);
    assert_eq!(select(&of(&[10_000; 9]), 65_536), 9);
    assert_eq!(select(&of(&[10; 1000]), 262_144), MAX_SEGMENT_CHANGES);
}
