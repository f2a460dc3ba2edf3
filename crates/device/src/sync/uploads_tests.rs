#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::public_key;
use xunji_protocol::steps::files::FileKind;

/// A server as the protocol promises it: every byte that arrived before a cut is kept.
struct Server {
    key: SigningKey,
    size: u64,
    created: bool,
    have: u64,
    took: u64,
}

/// How one request ends.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    /// After so many thousandths of the body; the answer is lost.
    Cut(u64),
    AnswerLost,
    Forgotten,
}

fn meta() -> FileMeta {
    FileMeta {
        sha256: Digest::of(b"photo"),
        kind: FileKind::Original,
        log: LogId(Uuid::from_u128(7)),
        original: None,
    }
}

fn receipt(key: &SigningKey, meta: &FileMeta, size: u64) -> SignedStatement {
    let fact = Receipt::File {
        log: meta.log,
        sha256: meta.sha256,
        size,
        epoch: 1,
        server_time: Millis(1_792_000_000_000),
    };
    SignedStatement::make(key, RECEIPT_CONTEXT, &fact).unwrap()
}

impl Server {
    /// A request from where the phone believes to stand, with at most `request` bytes.
    fn answer(&mut self, at: UploadAt, request: u64, fate: Fate) -> Told {
        if matches!(fate, Fate::Forgotten) {
            self.created = false;
            self.have = 0;
        }
        let creates = matches!(at, UploadAt::New | UploadAt::MaybeCreated);
        if !creates && !self.created {
            return Told::Refused(Code::NotFound);
        }
        let len = match at {
            UploadAt::New if self.created => 0,
            UploadAt::New => self.size.min(request),
            UploadAt::MaybeCreated | UploadAt::Unsure => 0,
            UploadAt::Offset(from) if from != self.have => {
                return Told::Refused(Code::OffsetMismatch);
            }
            UploadAt::Offset(from) => (self.size - from).min(request),
        };
        self.created = true;
        let arrived = if let Fate::Cut(share) = fate {
            len * share / 1000
        } else {
            len
        };
        self.have += arrived;
        self.took += arrived;
        match fate {
            Fate::Answered | Fate::Forgotten => Told::Stands {
                offset: self.have,
                receipt: (self.have == self.size).then(|| receipt(&self.key, &meta(), self.size)),
            },
            Fate::Cut(_) | Fate::AnswerLost => Told::Nothing,
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Answered),
        4 => (0_u64..1000).prop_map(Fate::Cut),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::Forgotten),
    ]
}

proptest! {
    /// However requests end: the file arrives, and no byte is sent twice that the server kept.
    #[test]
    fn arrives_at_last_and_sends_no_kept_byte_twice(
        fates in prop::collection::vec(fate(), 0..60),
        size in 0_u64..400_000,
        request in 8_192_u64..262_144,
    ) {
        let key = SigningKey::from_bytes(&[5; 32]);
        let keys = [public_key(&key)];
        let mut server = Server { key, size, created: false, have: 0, took: 0 };
        let forgotten = fates.iter().filter(|f| matches!(f, Fate::Forgotten)).count() as u64;
        let mut fates = fates.into_iter();
        let (mut at, mut received) = (UploadAt::New, None);
        for _ in 0..600 {
            let told = server.answer(at, request, fates.next().unwrap_or(Fate::Answered));
            let (now, outcome) = take_in(at, &meta(), size, told, &keys);
            at = now;
            match outcome {
                Outcome::Continue => {}
                Outcome::Received { at, .. } => {
                    received = Some(at);
                    break;
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(received, Some(Millis(1_792_000_000_000)));
        prop_assert!(server.took <= size * (forgotten + 1));
    }
}

#[test]
fn receipts_of_other_files_logs_sizes_and_keys_are_not_believed() {
    let key = SigningKey::from_bytes(&[5; 32]);
    let keys = [public_key(&key)];
    let other = FileMeta {
        sha256: Digest::of(b"other"),
        ..meta()
    };
    let foreign = FileMeta {
        log: LogId(Uuid::from_u128(8)),
        ..meta()
    };
    assert!(verify_receipt(&receipt(&key, &meta(), 9), &keys, &meta(), 9).is_ok());
    for bad in [
        receipt(&key, &other, 9),
        receipt(&key, &foreign, 9),
        receipt(&key, &meta(), 8),
        receipt(&SigningKey::from_bytes(&[6; 32]), &meta(), 9),
        SignedStatement("nonsense".to_owned()),
    ] {
        let told = Told::Stands {
            offset: 9,
            receipt: Some(bad),
        };
        let (_, outcome) = take_in(UploadAt::Offset(9), &meta(), 9, told, &keys);
        assert_eq!(outcome, Outcome::BadReceipt);
    }
}

#[test]
fn refusals_say_how_to_go_on() {
    for (code, outcome, at) in [
        (Code::NotFound, Outcome::Continue, UploadAt::New),
        (
            Code::DigestMismatch,
            Outcome::Wait(Code::DigestMismatch),
            UploadAt::New,
        ),
        (Code::OffsetMismatch, Outcome::Continue, UploadAt::Unsure),
        (Code::TooLarge, Outcome::Halve, UploadAt::Unsure),
        (Code::Erased, Outcome::Erased, UploadAt::New),
        (
            Code::StorageFull,
            Outcome::Wait(Code::StorageFull),
            UploadAt::Unsure,
        ),
        (
            Code::Unauthorized,
            Outcome::Wait(Code::Unauthorized),
            UploadAt::Unsure,
        ),
    ] {
        assert_eq!(
            take_in(UploadAt::Offset(4), &meta(), 9, Told::Refused(code), &[]),
            (at, outcome)
        );
    }
    // A server that claims more than there is has to be asked again.
    let (at, _) = take_in(
        UploadAt::Offset(4),
        &meta(),
        9,
        Told::Stands {
            offset: 10,
            receipt: None,
        },
        &[],
    );
    assert_eq!(at, UploadAt::Unsure);
}

#[test]
fn locations_give_plain_ids_only() {
    assert_eq!(
        id_in_location("/api/v1/files/0192-ab").as_deref(),
        Some("0192-ab")
    );
    assert_eq!(
        id_in_location("https://h:1/api/v1/files/77").as_deref(),
        Some("77")
    );
    for bad in [
        "/api/v1/files/",
        "/api/v1/files/../x",
        "/elsewhere/77",
        "/api/v1/files/a?b",
    ] {
        assert_eq!(id_in_location(bad), None, "{bad}");
    }
}

/// A server that answers a creation without an offset was asked again and again for a new upload.
#[test]
fn what_was_created_without_a_word_of_bytes_is_asked_for_and_not_created_again() {
    for at in [UploadAt::New, UploadAt::MaybeCreated] {
        assert_eq!(
            take_in(at, &meta(), 9, Told::Created, &[]),
            (UploadAt::Unsure, Outcome::Continue)
        );
    }
}
