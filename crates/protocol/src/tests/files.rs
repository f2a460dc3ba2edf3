//! The upload header.

use super::*;
use crate::steps::files::{FileKind, FileMeta};

#[test]
fn metadata_comes_back_from_its_header() {
    for kind in [
        FileKind::Thumbnail,
        FileKind::Copy,
        FileKind::Original,
        FileKind::Body,
    ] {
        let derived = matches!(kind, FileKind::Thumbnail | FileKind::Copy);
        let meta = FileMeta {
            sha256: Digest::of(b"photo"),
            kind,
            log: log_id(),
            original: derived.then(|| Digest::of(b"original")),
        };
        let header = meta.to_header();
        assert_eq!(FileMeta::from_header(&header), Some(meta.clone()));
        // Foreign clients add keys and spaces of their own.
        let foreign = format!("filename d29ybGQ=,{}", header.replace(',', ", "));
        assert_eq!(FileMeta::from_header(&foreign), Some(meta));
    }
}

#[test]
fn a_header_without_a_field_or_with_a_wrong_one_is_refused() {
    let meta = FileMeta {
        sha256: Digest::of(b"x"),
        kind: FileKind::Original,
        log: log_id(),
        original: None,
    };
    let header = meta.to_header();
    for dropped in ["sha256", "kind", "log"] {
        let rest: Vec<&str> = header
            .split(',')
            .filter(|p| !p.starts_with(dropped))
            .collect();
        assert_eq!(
            FileMeta::from_header(&rest.join(",")),
            None,
            "without {dropped}"
        );
    }
    assert_eq!(FileMeta::from_header(""), None);
    assert_eq!(
        FileMeta::from_header(&header.replace("sha256 ", "sha256 A")),
        None
    );
}

#[test]
fn a_digest_is_lower_case_hex_and_never_a_path() {
    let hex = Digest::of(b"x").to_hex();
    assert_eq!(Digest::from_hex(&hex), Some(Digest::of(b"x")));
    for bad in [
        hex.to_uppercase(),
        format!("../{hex}"),
        hex[..63].to_owned(),
        "/".repeat(64),
    ] {
        assert_eq!(Digest::from_hex(&bad), None);
    }
}
