//! Bundles: what is written reads back, a cut keeps what came before it, a damaged byte costs one piece,
//! and nobody but the named keys reads or makes one.

use super::golden::wire;
use super::*;
use crate::bundle::*;
use crate::keys::{PublicKey, SignatureError, SignedStatement, public_key};
use crate::receipt::{RECEIPT_CONTEXT, Receipt};
use crate::steps::enrol::{CERTIFICATE_CONTEXT, Certificate, KEYS_CONTEXT, KeyList};
use crate::steps::files::{FileKind, FileMeta};
use crate::steps::push::PushAnswer;
use crate::verdict::{Verdict, VerdictRow};
use std::io::{Cursor, Read as _};
use xunji_domain::ids::{BureauId, DeviceId, StationId};
use zeroize::Zeroizing;

const VOLUME_KEY: [u8; 32] = [3; 32];

fn bundle_key() -> SigningKey {
    SigningKey::from_bytes(&[11; 32])
}

fn receipt_key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn header() -> SignedHeader {
    let certificate = Certificate {
        bureau: BureauId(id(0xb)),
        station: StationId(id(0x57)),
        device: DeviceId(id(0xd)),
        device_key: public_key(&SigningKey::from_bytes(&[8; 32])),
        issued_at: Millis(1_760_000_000_000),
    };
    let seed = Zeroizing::new([4; 32]);
    let seal = seal_key(&VOLUME_KEY, &public_key(&bundle_key()), &seed).unwrap();
    let says = BundleHeader {
        protocol: 1,
        bureau: BureauId(id(0xb)),
        log: log_id(),
        bundle: id(0xbb),
        volume: 1,
        volumes: 2,
        made_at: Millis(1_761_000_000_000),
        certificate: SignedStatement::make(&root_key(), CERTIFICATE_CONTEXT, &certificate).unwrap(),
        seals: vec![seal],
    };
    SignedHeader::make(&log_key(), says).unwrap()
}

/// Contents of three pieces: small, several frames long, just a frame.
fn contents() -> [Vec<u8>; 3] {
    [100, 3 * ROOM + 17, ROOM - 300].map(|len| (0..len).map(|i| (i * 31 + i / 251) as u8).collect())
}

fn heads() -> Vec<PieceHead> {
    let [first, second, third] = contents();
    let file = |bytes: &[u8], kind, original| PieceHead::File {
        file: FileMeta {
            sha256: Digest::of(bytes),
            kind,
            log: log_id(),
            original,
        },
        size: bytes.len() as u64,
    };
    vec![
        PieceHead::Changes {
            first_seq: 4,
            up_to_seq: 6,
            size: first.len() as u64,
            sha256: Digest::of(&first),
        },
        file(&second, FileKind::Original, None),
        file(&third, FileKind::Thumbnail, Some(Digest::of(&second))),
    ]
}

fn volume() -> Vec<u8> {
    let mut writer = VolumeWriter::begin(Vec::new(), &header(), &VOLUME_KEY).unwrap();
    for (head, content) in heads().iter().zip(contents()) {
        writer.piece(head).unwrap();
        for part in content.chunks(1000) {
            writer.content(part).unwrap();
        }
    }
    writer.finish().unwrap()
}

/// Which of the three pieces are whole, and how reading ended.
fn read(bytes: &[u8]) -> (Vec<usize>, Found, u64) {
    let mut source = Cursor::new(bytes);
    let header = read_header(&mut source).unwrap();
    let key = unseal_key(&header.says.seals[0], &bundle_key()).unwrap();
    let mut reader = VolumeReader::new(source, &header, &key);
    let mut whole = Vec::new();
    loop {
        match reader.next_piece().unwrap() {
            Found::Piece(head) => {
                let mut content = Vec::new();
                let came = reader.read_to_end(&mut content);
                let at = heads().iter().position(|known| *known == head).unwrap();
                if came.is_ok() && content == contents()[at] {
                    whole.push(at);
                }
            }
            end => return (whole, end, reader.damaged()),
        }
    }
}

#[test]
fn a_volume_reads_back_piece_by_piece() {
    let bytes = volume();
    assert_eq!(read(&bytes), (vec![0, 1, 2], Found::End(3), 0));
    let planned: u64 = heads().iter().map(|head| room_for(head.size())).sum();
    let frames = bytes.len() - header().bytes().len();
    assert!(frames as u64 <= planned + room_for(0), "{frames} {planned}");
}

#[test]
fn a_piece_is_passed_over_by_whoever_does_not_want_it() {
    let bytes = volume();
    let mut source = Cursor::new(&bytes);
    let header = read_header(&mut source).unwrap();
    let mut reader = VolumeReader::new(source, &header, &VOLUME_KEY);
    let mut found = Vec::new();
    while let Found::Piece(head) = reader.next_piece().unwrap() {
        let mut few = [0; 10];
        reader.read_exact(&mut few).unwrap();
        found.push(head);
    }
    assert_eq!(found, heads());
}

#[test]
fn a_cut_anywhere_keeps_what_came_before_it() {
    let bytes = volume();
    let start = header().bytes().len();
    for len in (start..bytes.len()).step_by(977) {
        let (whole, end, _) = read(&bytes[..len]);
        let frames = (len - start) / SEALED_FRAME;
        let expected = match frames {
            0 => vec![],
            1..=4 => vec![0],
            5 => vec![0, 1],
            _ => vec![0, 1, 2],
        };
        assert_eq!(whole, expected, "{len}");
        assert_eq!(end, Found::Cut, "{len}");
    }
}

#[test]
fn a_damaged_byte_costs_one_piece() {
    let bytes = volume();
    let start = header().bytes().len();
    for at in (start..bytes.len()).step_by(1_511) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let (whole, end, frames) = read(&damaged);
        let piece = match (at - start) / SEALED_FRAME {
            0 => Some(0),
            1..=4 => Some(1),
            5 => Some(2),
            _ => None,
        };
        let expected: Vec<usize> = (0..3).filter(|n| Some(*n) != piece).collect();
        assert_eq!((whole, frames), (expected, 1), "{at}");
        let ends = if piece.is_some() {
            Found::End(3)
        } else {
            Found::Cut
        };
        assert_eq!(end, ends, "{at}");
    }
}

#[test]
fn a_frame_of_another_place_or_volume_does_not_open() {
    let bytes = volume();
    let start = header().bytes().len();
    let mut swapped = bytes.clone();
    let (two, three) = (start + 2 * SEALED_FRAME, start + 3 * SEALED_FRAME);
    let frame = bytes[two..three].to_vec();
    swapped[three..three + SEALED_FRAME].copy_from_slice(&frame);
    assert_eq!(read(&swapped), (vec![0, 2], Found::End(3), 1));

    let mut other = header().says;
    other.volume = 2;
    let other = SignedHeader::make(&log_key(), other).unwrap();
    let mut reader = VolumeReader::new(Cursor::new(&bytes[start..]), &other, &VOLUME_KEY);
    assert_eq!(reader.next_piece().unwrap(), Found::Cut);
    assert_eq!(reader.damaged(), 7);
}

#[test]
fn a_piece_that_was_given_up_is_passed_over() {
    let mut writer = VolumeWriter::begin(Vec::new(), &header(), &VOLUME_KEY).unwrap();
    let (heads, contents) = (heads(), contents());
    writer.piece(&heads[1]).unwrap();
    writer.content(&contents[1][..ROOM + 5]).unwrap();
    assert!(writer.piece(&heads[0]).is_err(), "bytes are missing");
    writer.give_up().unwrap();
    writer.piece(&heads[0]).unwrap();
    assert!(writer.content(&[0; 101]).is_err(), "more than it says");
    writer.content(&contents[0]).unwrap();
    assert_eq!(read(&writer.finish().unwrap()), (vec![0], Found::End(1), 0));
}

#[test]
fn only_the_log_signs_a_header_and_only_the_named_key_opens_it() {
    let header = header();
    assert_eq!(header.verify(&public_key(&log_key())), Ok(()));
    let stranger = public_key(&SigningKey::from_bytes(&[1; 32]));
    assert!(header.verify(&stranger).is_err());
    let mut altered = header.clone();
    altered.says.volumes = 1;
    assert_eq!(
        altered.verify(&public_key(&log_key())),
        Err(SignatureError::Invalid)
    );

    let seal = &header.says.seals[0];
    assert_eq!(*unseal_key(seal, &bundle_key()).unwrap(), VOLUME_KEY);
    let other = SigningKey::from_bytes(&[12; 32]);
    assert_eq!(unseal_key(seal, &other), Err(BundleError::Key));
    let renamed = Seal {
        key: public_key(&other).id,
        ..seal.clone()
    };
    assert_eq!(unseal_key(&renamed, &other), Err(BundleError::Key));
    // The point of order one: its secret would be zeros for everybody.
    let mut one = [0; 32];
    one[0] = 1;
    let weak = PublicKey {
        id: Digest::of(&one).to_hex()[..16].to_owned(),
        alg: crate::keys::ALGORITHM.to_owned(),
        key: hex::encode(one),
    };
    assert_eq!(
        seal_key(&VOLUME_KEY, &weak, &Zeroizing::new([4; 32])),
        Err(BundleError::Key)
    );
}

#[test]
fn what_is_no_bundle_says_so() {
    let head = |bytes: &[u8]| read_header(&mut Cursor::new(bytes));
    assert!(matches!(head(b""), Err(HeaderError::NotOurs)));
    assert!(matches!(
        head(b"PK\x03\x04 a zip of somebody"),
        Err(HeaderError::NotOurs)
    ));
    let bytes = header().bytes();
    assert!(matches!(
        head(&bytes[..bytes.len() - 1]),
        Err(HeaderError::Broken)
    ));
    let endless = [MAGIC, &vec![b'a'; 100_000]].concat();
    assert!(matches!(head(&endless), Err(HeaderError::Broken)));
}

fn answer() -> BundleAnswer {
    let list = KeyList {
        root: public_key(&root_key()),
        receipts: vec![public_key(&receipt_key())],
        bundles: vec![public_key(&bundle_key())],
    };
    let last = &line(1)[0];
    let receipt =
        |of: &Receipt| SignedStatement::make(&receipt_key(), RECEIPT_CONTEXT, of).unwrap();
    let server_time = Millis(1_761_000_100_000);
    let log = receipt(&Receipt::Log {
        log: log_id(),
        up_to_seq: 1,
        hash: last.hash,
        epoch: 1,
        server_time,
    });
    let file = receipt(&Receipt::File {
        log: log_id(),
        sha256: Digest::of(b"photo"),
        size: 5,
        epoch: 1,
        server_time,
    });
    let verdict = VerdictRow {
        seq: 1,
        hash: last.hash,
        verdict: Verdict::Applied,
        cause: None,
        detail: String::new(),
        flags: Vec::new(),
        effects: Vec::new(),
        closed: None,
    };
    BundleAnswer {
        protocol: 1,
        bureau: BureauId(id(0xb)),
        log: log_id(),
        bundle: id(0xbb),
        epoch: 1,
        server_time,
        keys: SignedStatement::make(&root_key(), KEYS_CONTEXT, &list).unwrap(),
        pushed: vec![PushAnswer {
            verdicts: vec![verdict],
            receipt: Some(log),
            branch: false,
        }],
        files: vec![file],
        erased: Vec::new(),
    }
}

#[test]
fn receipts_come_back_signed_or_not_at_all() {
    let answer = answer();
    let bytes = write_answer(&receipt_key(), &answer).unwrap();
    let listed = |keys: &SignedStatement| {
        let list: KeyList = keys.open(&[public_key(&root_key())], KEYS_CONTEXT)?;
        Ok(list.receipts)
    };
    let (read, _) = read_answer(&bytes, listed).unwrap();
    assert_eq!(read, answer);
    let forged = write_answer(&log_key(), &answer).unwrap();
    assert!(matches!(
        read_answer(&forged, listed),
        Err(SignatureError::UnknownKey(_))
    ));
    let at = bytes.len() - 3;
    let mut altered = bytes.clone();
    altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
    assert!(read_answer(&altered, listed).is_err());
    assert!(read_answer(&bytes[..bytes.len() - 9], listed).is_err());
    assert!(read_answer(b"xunji-bundle/1\n", listed).is_err());
}

#[test]
fn bundle_on_the_wire() {
    let pieces: Vec<String> = heads()
        .iter()
        .chain(&[PieceHead::End { pieces: 3 }])
        .map(wire)
        .collect();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        String::from_utf8(header().bytes()).unwrap(),
        wire(&header().says),
        pieces.join("\n"),
        wire(&answer()),
    ));
}
