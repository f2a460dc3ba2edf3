//! Problem documents as HTTP answers, and how failures inside become them.

use crate::storage::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use xunji_protocol::problem::{CONTENT_TYPE, Code, Problem};

/// A problem on its way out. Handlers return `Result<_, Refusal>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub Problem);

/// What handlers return.
pub type Answer<T> = Result<T, Refusal>;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self(Problem::new(code))
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Code::StorageFull.into(),
            StoreError::Erased => Code::Erased.into(),
            error => internal(&error),
        }
    }
}

/// Something of ours failed: it is logged, and the answer says that nothing was taken.
pub fn internal(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "internal");
    Code::Internal.into()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        response
    }
}
