//! A key in escrow, and the code a person types.

use super::*;
use crate::bundle::{seal_key, unseal_key};
use crate::escrow::{Escrow, code, read_code};
use crate::keys::public_key;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use xunji_domain::ids::DeviceId;
use zeroize::Zeroizing;

fn bureau(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn seeds() -> [Zeroizing<[u8; 32]>; 2] {
    [Zeroizing::new([0x51; 32]), Zeroizing::new([0x52; 32])]
}

fn sealed(device: DeviceId) -> Escrow {
    let to = [public_key(&bureau(1)), public_key(&bureau(2))];
    Escrow::seal(&[7; 32], device, &to, &seeds()).unwrap()
}

#[test]
fn every_listed_key_opens_it_and_no_other() {
    let device = DeviceId(id(0xd1));
    let escrow = sealed(device);
    for n in [1, 2] {
        assert_eq!(*escrow.open(&bureau(n)).unwrap(), [7; 32]);
    }
    assert!(escrow.open(&bureau(3)).is_err());
    assert!(escrow.is_sealed_to(&[public_key(&bureau(1)), public_key(&bureau(2))]));
    assert!(!escrow.is_sealed_to(&[public_key(&bureau(1))]));
    let of_another = Escrow {
        device: DeviceId(id(0xd2)),
        ..escrow.clone()
    };
    assert!(of_another.open(&bureau(1)).is_err(), "bound to its phone");
    let mut altered = escrow;
    for seal in &mut altered.seals {
        let first = if seal.wrapped.starts_with('0') {
            "1"
        } else {
            "0"
        };
        seal.wrapped.replace_range(..1, first);
    }
    assert!(altered.open(&bureau(1)).is_err());
}

#[test]
fn a_volumes_seal_is_no_escrow_and_the_other_way_round() {
    let escrow = sealed(DeviceId(id(0xd1)));
    let seal = escrow.seals.first().unwrap();
    assert!(unseal_key(seal, &bureau(1)).is_err());
    let volume = seal_key(&[7; 32], &public_key(&bureau(1)), &seeds()[0]).unwrap();
    let posing = Escrow {
        device: DeviceId(id(0xd1)),
        seals: vec![volume],
    };
    assert!(posing.open(&bureau(1)).is_err());
}

#[test]
fn its_bytes_stand() {
    insta::assert_json_snapshot!(sealed(DeviceId(id(0xd1))));
}

#[test]
fn a_code_is_read_as_people_write_it() {
    let key = [0x5a; 32];
    let text = code(&key);
    assert_eq!(text.split('-').count(), 14);
    let told = text
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    assert_eq!(*read_code(&told).unwrap(), key);
    for wrong in [
        "",
        "A",
        &text[1..],
        &format!("{}0", *text),
        &text.replace('B', "U"),
    ] {
        assert!(read_code(wrong).is_none(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn one_wrong_digit_or_two_exchanged_are_noticed(key: [u8; 32], at in 0_usize..56, by in 1_u8..32) {
        let plain: Vec<char> = code(&key).chars().filter(|c| *c != '-').collect();
        prop_assert_eq!(*read_code(&plain.iter().collect::<String>()).unwrap(), key);
        const DIGITS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut wrong = plain.clone();
        let value = DIGITS.iter().position(|d| char::from(*d) == wrong[at]).unwrap();
        wrong[at] = char::from(DIGITS[(value + usize::from(by)) % 32]);
        // Three bytes of check: one in sixteen million would go unnoticed here, and then the data do not open.
        prop_assert!(read_code(&wrong.iter().collect::<String>()).is_none());
        let mut turned = plain.clone();
        turned.swap(at, (at + 1) % 56);
        if turned != plain {
            prop_assert!(read_code(&turned.iter().collect::<String>()).is_none());
        }
    }
}
