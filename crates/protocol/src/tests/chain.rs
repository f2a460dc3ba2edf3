//! The chain: what is altered is named; what is unknown is carried.

use super::*;
use crate::keys::{public_key, sign, verify};
use crate::log::{HEAD_CONTEXT, walk};
use crate::receipt::RECEIPT_CONTEXT;

#[test]
fn a_flip_a_drop_and_a_swap_name_the_first_bad_seq() {
    let whole = line(6);
    let from = LogHead::empty(log_id());
    assert_eq!(walk(from, &whole).unwrap(), head_of(&whole[5]));

    // A flipped byte in change 3 shows at 4, whose `prev` no longer is the hash before: the bytes of 3
    // are another change, and the line after it does not belong to that one.
    let mut flipped = whole.clone();
    let at = flipped[2]
        .envelope_bytes
        .iter()
        .rposition(|b| *b == b'1')
        .unwrap();
    flipped[2].envelope_bytes[at] = b'2';
    let altered = Change::read(flipped[2].envelope_bytes.clone(), None).unwrap();
    assert_ne!(altered.hash, whole[2].hash);
    flipped[2] = altered;
    assert_eq!(walk(from, &flipped).unwrap_err().seq, 4);
    // Beside the hash it was stored under, 3 itself is named.
    assert_ne!(
        crate::envelope::change_hash(&flipped[2].envelope_bytes),
        whole[2].hash
    );

    let mut dropped = whole.clone();
    dropped.remove(2);
    assert_eq!(walk(from, &dropped).unwrap_err().seq, 3);

    let mut swapped = whole.clone();
    swapped.swap(3, 4);
    assert_eq!(walk(from, &swapped).unwrap_err().seq, 4);

    let other = LogHead {
        log: LogId(id(0x107)),
        ..from
    };
    assert_eq!(walk(other, &whole).unwrap_err().seq, 1);
}

#[test]
fn a_body_that_is_not_the_named_one_is_refused() {
    let one = &line(1)[0];
    let mut body = one.body.bytes().unwrap().to_vec();
    body[40] ^= 1;
    assert!(Change::read(one.envelope_bytes.clone(), Some(body)).is_err());
    // Without its bytes it is a body that travels as a file.
    let envelope_only = Change::read(one.envelope_bytes.clone(), None).unwrap();
    assert_eq!(envelope_only.hash, one.hash);
}

#[test]
fn unknown_fields_survive_reading_and_sealing() {
    let extra: Map<String, Value> = [("zulu".to_owned(), json!({"b": 1, "a": [true, null]}))]
        .into_iter()
        .collect();
    let made = change(
        LogHead::empty(log_id()),
        "operator.telepathed",
        &operator(),
        extra.clone(),
    );
    let read = Change::read(
        made.envelope_bytes.clone(),
        made.body.bytes().map(<[u8]>::to_vec),
    )
    .unwrap();
    assert_eq!(read, made);
    assert_eq!(read.envelope.extra, extra);
    let again = Change::seal(read.envelope.clone(), made.body.bytes().unwrap().to_vec()).unwrap();
    assert_eq!(again.hash, made.hash);

    let json = crate::body::body_json(made.body.bytes().unwrap()).unwrap();
    let operator: xunji_domain::operator::Operator = serde_json::from_value(json).unwrap();
    assert_eq!(operator.extra["future_field"], json!({"kept": [1, 2]}));
    assert_eq!(
        serde_json::to_value(&operator).unwrap()["future_field"],
        json!({"kept": [1, 2]})
    );
}

#[test]
fn an_unknown_kind_or_newer_version_is_too_new_and_never_malformed() {
    use crate::kinds::{PayloadError, read_payload};
    let too_new = |kind, version| {
        matches!(
            read_payload(kind, version, json!({})),
            Err(PayloadError::TooNew { .. })
        )
    };
    assert!(too_new("operator.telepathed", 1));
    assert!(too_new(OPERATOR_EDITED, 2));
    assert!(matches!(
        read_payload(OPERATOR_EDITED, 1, json!({})),
        Err(PayloadError::Malformed { .. })
    ));
    assert!(read_payload(OPERATOR_REGISTERED, 1, operator()).is_ok());
}

#[test]
fn an_envelope_beyond_its_limit_is_refused() {
    let long: Map<String, Value> = [("note".to_owned(), json!("x".repeat(5000)))]
        .into_iter()
        .collect();
    let bytes = compose_body([1; 16], &json!({})).unwrap();
    let mut envelope = line(1)[0].envelope.clone();
    envelope.extra = long;
    envelope.body = Digest::of(&bytes);
    assert!(Change::seal(envelope, bytes).is_err());
}

#[test]
fn a_signature_holds_in_its_own_context_only() {
    let key = log_key();
    let public = public_key(&key);
    let signature = sign(&key, HEAD_CONTEXT, b"statement");
    assert!(verify(&public, HEAD_CONTEXT, b"statement", &signature).is_ok());
    assert!(verify(&public, RECEIPT_CONTEXT, b"statement", &signature).is_err());
    assert!(verify(&public, HEAD_CONTEXT, b"statemen", &signature).is_err());
    assert!(
        verify(
            &public_key(&root_key()),
            HEAD_CONTEXT,
            b"statement",
            &signature
        )
        .is_err()
    );
}

#[test]
fn a_signed_statement_is_altered_nowhere() {
    use crate::keys::SignedStatement;
    let made =
        SignedStatement::make(&root_key(), RECEIPT_CONTEXT, &json!({"up_to_seq": 3})).unwrap();
    let keys = [public_key(&root_key())];
    assert_eq!(
        made.open::<Value>(&keys, RECEIPT_CONTEXT).unwrap(),
        json!({"up_to_seq": 3})
    );
    assert!(
        made.open::<Value>(&[public_key(&log_key())], RECEIPT_CONTEXT)
            .is_err()
    );
    assert_eq!(made.peek(), Some(json!({"up_to_seq": 3})));
    for at in 0..made.0.len() {
        let mut bytes = made.0.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let altered = SignedStatement(String::from_utf8(bytes).unwrap());
        assert!(
            altered.open::<Value>(&keys, RECEIPT_CONTEXT).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn a_body_is_salt_and_json() {
    let body = compose_body([0xab; 16], &json!({"a": 1})).unwrap();
    assert_eq!(body, b"abababababababababababababababab{\"a\":1}");
    assert_eq!(crate::body::body_json(&body), Some(json!({"a": 1})));
    assert_eq!(crate::body::body_json(b"{\"a\":1}"), None);
}

#[test]
fn a_key_under_another_name_or_algorithm_is_not_usable() {
    let key = public_key(&log_key());
    assert!(key.is_usable());
    let other = public_key(&root_key());
    for bad in [
        crate::keys::PublicKey {
            id: other.id,
            ..key.clone()
        },
        crate::keys::PublicKey {
            alg: "rsa".to_owned(),
            ..key.clone()
        },
        crate::keys::PublicKey {
            key: "00".to_owned(),
            ..key.clone()
        },
    ] {
        assert!(!bad.is_usable());
    }
}
