//! The scheme `photo://`: pictures decrypted by the core, one at a time, never kept by the window.
//! `photo://localhost/<photo>/thumbnail` and `…/large`.

use crate::phone::Phone;
use std::sync::Arc;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};
use xunji_device::photos::show::{self, Rendition};
use xunji_domain::ids::PhotoId;

/// Answers a request of the page on a worker thread.
pub fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let phone = Arc::clone(&context.app_handle().state::<Arc<Phone>>());
    let path = request.uri().path().to_owned();
    tauri::async_runtime::spawn_blocking(move || {
        responder.respond(match picture(&phone, &path) {
            Some(bytes) => response(StatusCode::OK, bytes),
            None => response(StatusCode::NOT_FOUND, Vec::new()),
        });
    });
}

fn picture(phone: &Phone, path: &str) -> Option<Vec<u8>> {
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

fn response(status: StatusCode, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("image/jpeg"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
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
