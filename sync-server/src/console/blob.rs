//! Pictures of records, by the SHA-256 of their bytes, to those who may see the record.

use super::signed_in::SignedIn;
use crate::app::AppState;
use crate::missed;
use crate::problem::{Answer, internal};
use crate::storage::console::files;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use std::io::Read as _;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::{Code, Problem};

/// `GET /api/console/blobs/{sha256}`.
pub(super) async fn blob(
    State(app): State<AppState>,
    reader: SignedIn,
    Path(name): Path<String>,
) -> Answer<Response> {
    let digest = Digest::from_hex(&name).ok_or(Code::NotFound)?;
    let bytes = app
        .blocking(move |app| {
            if !files::visible(&app.store, reader.scope, digest)? {
                return Err(Code::NotFound.into());
            }
            let Some(mut file) = app.blobs.open(digest).map_err(|e| internal(&e))? else {
                missed::noticed(app, digest);
                return Err(Code::NotFound.into());
            };
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(|e| internal(&e))?;
            // Bytes that are not what the record names are never shown as its evidence.
            if Digest::of(&bytes) != digest {
                missed::noticed(app, digest);
                let mut problem = Problem::new(Code::DigestMismatch);
                "这张照片在服务器上的字节与记录所指的不符，没有显示；已请手机再传一次，请联系管理员核对"
                    .clone_into(&mut problem.title);
                return Err(problem.into());
            }
            Ok(bytes)
        })
        .await?;
    let kind = picture_type(&bytes);
    // Named by their content, so they never change; private, because they show people's stalls.
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, bytes).into_response())
}

/// Only pictures are named as such; anything else is offered as bytes and never rendered.
fn picture_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', b'i', ..] => "image/heic",
        _ => "application/octet-stream",
    }
}
