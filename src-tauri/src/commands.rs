//! The three commands of the window.

use serde_json::Value;
use std::sync::Arc;
use tauri::State;
use tauri::ipc::{InvokeBody, Request};
use xunji_device::api::ApiError;
use xunji_device::door::{Body, Door, Piece};
use xunji_domain::ids::PhotoId;

/// Runs a command of the device core on a worker thread.
#[tauri::command]
pub async fn call(cmd: Value, door: State<'_, Arc<Door>>) -> Result<Value, ApiError> {
    let door = Arc::clone(&door);
    on_worker(move || door.call(cmd)).await
}

/// Takes one piece of the camera's file; the last one hands the file to the core.
#[tauri::command]
pub async fn photo_chunk(
    request: Request<'_>,
    door: State<'_, Arc<Door>>,
) -> Result<Value, ApiError> {
    let headers = request.headers();
    let piece = Piece::read(|name| headers.get(name).and_then(|value| value.to_str().ok()))?;
    let body = match request.body() {
        InvokeBody::Raw(bytes) => Body::Raw(bytes),
        InvokeBody::Json(value) => Body::Text(value),
    };
    let bytes = body.bytes()?.into_owned();
    let door = Arc::clone(&door);
    on_worker(move || door.piece(&piece, &bytes)).await
}

/// Takes an expected photo with the app's own camera, where this phone has one.
#[tauri::command]
pub async fn take_photo(photo: PhotoId, door: State<'_, Arc<Door>>) -> Result<Value, ApiError> {
    let door = Arc::clone(&door);
    on_worker(move || door.photograph(photo)).await
}

async fn on_worker<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ApiError::no_answer()))
}
