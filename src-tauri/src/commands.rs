//! The two commands of the window.

use crate::news;
use crate::phone::Phone;
use crate::platform::{camera, position};
use serde_json::Value;
use std::sync::Arc;
use tauri::ipc::Request;
use tauri::{AppHandle, State};
use xunji_device::api::{ApiError, Command};

/// Runs a command of the device core on a worker thread.
#[tauri::command]
pub async fn call(
    cmd: Value,
    phone: State<'_, Arc<Phone>>,
    app: AppHandle,
) -> Result<Value, ApiError> {
    let phone = Arc::clone(&phone);
    on_worker(move || {
        let command: Command =
            serde_json::from_value(cmd).map_err(|error| unreadable(&error.to_string()))?;
        let begins = matches!(command, Command::StartInspection { .. });
        let opens = matches!(command, Command::EnterKey { .. } | Command::Status {});
        let answer = phone.call(command)?;
        if begins {
            position::look(&phone, &app, &answer);
        }
        if opens {
            news::go_on(phone, app);
        }
        Ok(answer)
    })
    .await
}

/// Takes one piece of the camera's file; the last one hands the file to the core.
#[tauri::command]
pub async fn photo_chunk(
    request: Request<'_>,
    phone: State<'_, Arc<Phone>>,
) -> Result<Value, ApiError> {
    let piece = camera::Piece::read(request.headers())?;
    let bytes = camera::bytes(request.body())?.into_owned();
    let phone = Arc::clone(&phone);
    on_worker(move || camera::receive(&phone, &piece, &bytes)).await
}

async fn on_worker<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| {
            Err(ApiError::new(
                "no_answer",
                "程序没有回应，之前的内容都在；请再点一次，仍不行请重新打开程序",
            ))
        })
}

fn unreadable(detail: &str) -> ApiError {
    ApiError::new(
        "bad_request",
        "程序内部的请求格式不对，没有写入任何内容，数据没有丢失；请升级后再试",
    )
    .with(serde_json::json!({ "detail": detail }))
}
