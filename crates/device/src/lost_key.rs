//! The key of this phone's files is gone, the files are there. The bureau opens the key it holds in escrow, a person
//! types it here, and the files open as they are. What is written from then on goes into another log: the data lie under
//! another keystore than the one they were made under.

use crate::api::ApiError;
use crate::device::{OpenError, Parts};
use crate::keystore::{self, KeyError};
use crate::runner;
use std::path::Path;
use xunji_protocol::escrow::read_code;

/// What a face is told when the device does not open, with the number of the phone where it is about the key: that is
/// what the administrator asks for.
pub fn said(error: OpenError, folder: &Path) -> ApiError {
    let OpenError::Key(KeyError::Missing | KeyError::Foreign | KeyError::Damaged) = error else {
        return error.into();
    };
    let phone = runner::escrow_owner(folder).map(|device| number(&device.to_string()));
    ApiError::from(error).with(serde_json::json!({ "phone": phone }))
}

/// The last eight characters of a phone's id: the first ones are the time it was enrolled at, which it may share.
fn number(id: &str) -> String {
    let tail: Vec<char> = id.chars().rev().take(8).collect();
    tail.into_iter().rev().collect()
}

/// Puts a typed key into the keystore, when it is the one of the data in the folder. The device is opened by its caller
/// afterwards. A kill at any point costs nothing: the keystore has another id before it has the key, so that whoever
/// opens the data next opens another log first.
///
/// # Errors
/// `code_wrong`, `code_foreign`; those of the keystore. Nothing of the data was touched.
pub fn restore(folder: &Path, parts: &Parts, typed: &str) -> Result<(), ApiError> {
    let Some(key) = read_code(typed) else {
        return Err(ApiError::new(
            "code_wrong",
            "恢复码有错字或没有输完，数据没有改动；请逐组核对后再试",
        ));
    };
    if keystore::fits(folder, &key)? != Some(true) {
        return Err(ApiError::new(
            "code_foreign",
            "这个恢复码不是这台手机的，数据没有改动；请向管理员核对手机编号",
        ));
    }
    let mut fresh = [0; 16];
    parts.entropy.fill(&mut fresh)?;
    parts.keys.renew_instance(fresh)?;
    match parts.keys.load() {
        Ok(Some(kept)) if kept == key => {}
        Ok(None) => parts.keys.keep(&key)?,
        Ok(Some(_)) | Err(KeyError::Damaged) => parts.keys.replace(&key)?,
        Err(error) => return Err(error.into()),
    }
    tracing::warn!("the key was put back from escrow");
    Ok(())
}
