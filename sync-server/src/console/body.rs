//! JSON bodies and parameters of the interface: what does not read is a problem document.

use crate::problem::{Answer, Refusal};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use xunji_protocol::problem::Code;

/// A JSON body. The content type is not asked for: the mark of our own page is.
pub(super) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Code::TooLarge)?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Code::BadRequest.into())
    }
}

/// Parameters after the question mark.
pub(super) struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|_| Code::BadRequest.into())
    }
}
