//! What a person is told when something did not happen: what it was, that nothing was lost, what to do.

use crate::clock::EntropyError;
use crate::keystore::KeyError;
use crate::store::StoreError;
use serde::Serialize;
use serde_json::Value;

/// An error as it crosses to the face.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error, ts_rs::TS)]
#[error("{code}: {sentence}")]
#[ts(export_to = "device.ts")]
pub struct ApiError {
    /// Stable code.
    pub code: String,
    /// For people, in Chinese.
    pub sentence: String,
    /// What the sentence speaks of.
    #[ts(type = "Record<string, unknown> | null")]
    pub params: Value,
}

impl ApiError {
    /// An error without parameters.
    pub fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            sentence: sentence.into(),
            params: Value::Null,
        }
    }

    /// The same with parameters.
    #[must_use]
    pub fn with(mut self, params: Value) -> Self {
        self.params = params;
        self
    }

    /// `local.db` was moved aside.
    pub fn local_lost() -> Self {
        Self::new(
            "local_lost",
            "本机记录文件损坏，已原样移到隔离区，没有删除；请联系管理员取出，或确认后新建空白记录文件再继续",
        )
    }

    /// Whoever ran a command ended without a word.
    pub fn no_answer() -> Self {
        Self::new(
            "no_answer",
            "程序没有回应，之前的内容都在；请再点一次，仍不行请重新打开程序",
        )
    }

    /// Something that is not there.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            "not_found",
            format!("没有找到{what}，其他内容不受影响；请返回上一页刷新后再试"),
        )
    }

    /// The phone has no station yet.
    pub fn not_enrolled() -> Self {
        Self::new(
            "not_enrolled",
            "这台手机还没有登记到监管所，已有内容不受影响；请先在“我的”里扫码登记",
        )
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::new(
                "disk_full",
                "存储空间已满，这一下没有存上，之前的内容都在；请清理手机空间后再点一次",
            ),
            StoreError::Newer { .. } | StoreError::OtherHistory { .. } => Self::new(
                "store_newer",
                "本机数据由更新版本的程序写成，内容都在；请安装最新版本后再打开",
            ),
            StoreError::Corrupt(_) => Self::new(
                "store_damaged",
                "本机文件读取出错，没有删除任何内容；请退出后重新打开，程序会检查文件",
            ),
            StoreError::Value(_) | StoreError::Sql(_) | StoreError::Io(_) => Self::new(
                "store_failed",
                "这一下没有存上，之前的内容都在；请再点一次，仍不行请重新打开程序",
            )
            .with(serde_json::json!({ "detail": error.to_string() })),
        }
    }
}

impl From<EntropyError> for ApiError {
    fn from(_: EntropyError) -> Self {
        Self::new(
            "no_randomness",
            "系统暂时不能生成编号，这一下没有存上，之前的内容都在；请再点一次",
        )
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Missing => Self::new(
                "key_missing",
                "本机数据还在，但打开它的密钥不见了，程序没有改动任何内容；请联系管理员用备份密钥恢复",
            ),
            KeyError::Foreign => Self::new(
                "key_missing",
                "本机数据还在，但密钥库里的密钥不是它的，程序没有改动任何内容；请联系管理员用备份密钥恢复",
            ),
            KeyError::Damaged => Self::new(
                "key_missing",
                "本机数据还在，但打开它的密钥已损坏，程序没有改动任何内容；请联系管理员用备份密钥恢复",
            ),
            KeyError::Io(_) | KeyError::Store(_) => Self::new(
                "key_unreadable",
                "本机密钥读取出错，程序没有改动任何内容；请重新打开程序，仍不行请联系管理员",
            ),
            KeyError::Entropy(e) => e.into(),
        }
    }
}

impl From<crate::device::OpenError> for ApiError {
    fn from(error: crate::device::OpenError) -> Self {
        use crate::device::OpenError;
        match error {
            OpenError::Key(e) => e.into(),
            OpenError::Store(e) => e.into(),
            OpenError::Io(e) => StoreError::from(e).into(),
            OpenError::Copied(e) => *e,
        }
    }
}
