//! Pictures by the path that a page asks for, decrypted by the core, one at a time.

use super::Phone;
use crate::photos::show::{self, Rendition};
use xunji_domain::ids::PhotoId;

/// The picture of a path; none where there is none, or where it does not open.
pub fn picture(phone: &Phone, path: &str) -> Option<Vec<u8>> {
    let (photo, rendition) = named(path)?;
    let device = phone.device().ok()?;
    show::picture(&device, photo, rendition)
        .inspect_err(|error| tracing::warn!(code = error.code, "a picture does not open"))
        .ok()
        .flatten()
}

/// Photo and rendition of a path. The page's address helper writes the slash as `%2F`.
fn named(path: &str) -> Option<(PhotoId, Rendition)> {
    let path = path
        .trim_start_matches('/')
        .replace("%2F", "/")
        .replace("%2f", "/");
    let (photo, rendition) = path.split_once('/')?;
    let rendition = match rendition {
        "thumbnail" => Rendition::Thumbnail,
        "large" => Rendition::Large,
        _ => return None,
    };
    Some((photo.parse().ok()?, rendition))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PHOTO: &str = "0199e0b2-7c4a-7000-8000-000000000001";

    #[test]
    fn a_picture_is_named_by_photo_and_rendition() {
        let (photo, rendition) = named(&format!("/{PHOTO}%2Fthumbnail")).unwrap();
        assert_eq!(
            (photo.to_string().as_str(), rendition),
            (PHOTO, Rendition::Thumbnail)
        );
        assert_eq!(
            named(&format!("/{PHOTO}/large")).unwrap().1,
            Rendition::Large
        );
    }

    #[test]
    fn nothing_else_is_served() {
        for path in [
            "/",
            "/x/thumbnail",
            &format!("/{PHOTO}/original"),
            &format!("/{PHOTO}/../key"),
        ] {
            assert!(named(path).is_none(), "{path}");
        }
    }
}
