//! What a person is told when a photo cannot be kept. The record always goes on.

use super::take_over::TakeOverError;
use crate::api::ApiError;

/// The error for the face.
pub fn of(error: &TakeOverError) -> ApiError {
    let (code, sentence) = match error {
        TakeOverError::NoFile => (
            "photo_missing",
            "没有找到这张照片的文件，检查记录不受影响；请重新拍一张",
        ),
        TakeOverError::Empty => (
            "photo_empty",
            "这张照片的文件是空的，没有存上，检查记录不受影响；请重新拍一张",
        ),
        TakeOverError::NotAPicture => (
            "photo_not_picture",
            "这个文件不是照片（只收 JPEG 和 PNG），没有存上，检查记录不受影响；请重新拍一张或另选一张",
        ),
        TakeOverError::TooLarge => (
            "photo_too_large",
            "这张照片超过 64 MB，没有存上，原文件没有动，检查记录不受影响；请调低相机分辨率后重拍",
        ),
        TakeOverError::Full => (
            "disk_full",
            "存储空间已满，这张照片还没有存上，相机里的原片和之前的内容都在；请清理手机空间后再点一次",
        ),
        TakeOverError::Io(_) | TakeOverError::Sealed(_) => (
            "photo_failed",
            "这张照片没有存上，相机里的原片和之前的内容都在；请再点一次，仍不行请重新打开程序",
        ),
    };
    ApiError::new(code, sentence).with(serde_json::json!({ "detail": error.to_string() }))
}

/// Whether another attempt with the same bytes would end the same way.
pub fn is_about_bytes(error: &TakeOverError) -> bool {
    matches!(
        error,
        TakeOverError::Empty | TakeOverError::NotAPicture | TakeOverError::TooLarge
    )
}
