//! Problem documents (RFC 9457): a stable code, whether a retry helps, parameters. The sentence
//! for people comes from the locale file by code.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Content type of a problem document.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Every problem the server names. Codes are for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No such route or record (also for records of others).
    NotFound,
    /// The request does not read.
    BadRequest,
    /// The method is not offered here.
    MethodNotAllowed,
    /// Larger than the limit: halve and try again.
    TooLarge,
    /// No or a wrong token or session.
    Unauthorized,
    /// Known, but not allowed.
    Forbidden,
    /// The protocol version is not spoken here.
    Version,
    /// The enrolment code is wrong, used or too old.
    EnrolCode,
    /// The hello or head signature does not verify.
    Signature,
    /// The segment is cut or altered: send it again.
    SegmentBroken,
    /// The segment does not follow the stored head; `params.next_seq` says from where to send.
    SegmentGap,
    /// Another history than the server's: `params.feed`.
    CursorHistory,
    /// Offset differs from what is stored; `params.offset`.
    OffsetMismatch,
    /// The whole file does not match its digest: it starts again at 0.
    DigestMismatch,
    /// The bytes of one request do not match their checksum: none of them was taken.
    ChecksumMismatch,
    /// Erased by a rule: it is not taken again, and nobody has to send it.
    Erased,
    /// A log may not keep copies of so many drafts.
    DraftsFull,
    /// Disk full or nearly so.
    StorageFull,
    /// The record changed since it was opened.
    Stale,
    /// The reviewer is one of the record's inspectors.
    OwnRecord,
    /// Text, signatures or working copies are not in yet.
    NotComplete,
    /// A batch is approved only after its drawn records were opened.
    SampleUnopened,
    /// Wrong name or password, or locked for a while.
    Login,
    /// Something of ours failed; nothing was taken.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::NotFound,
        Self::BadRequest,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::Unauthorized,
        Self::Forbidden,
        Self::Version,
        Self::EnrolCode,
        Self::Signature,
        Self::SegmentBroken,
        Self::SegmentGap,
        Self::CursorHistory,
        Self::OffsetMismatch,
        Self::DigestMismatch,
        Self::ChecksumMismatch,
        Self::Erased,
        Self::DraftsFull,
        Self::StorageFull,
        Self::Stale,
        Self::OwnRecord,
        Self::NotComplete,
        Self::SampleUnopened,
        Self::Login,
        Self::Internal,
    ];

    /// HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::BadRequest | Self::SegmentBroken | Self::EnrolCode => 400,
            Self::MethodNotAllowed => 405,
            Self::TooLarge => 413,
            Self::Unauthorized | Self::Signature | Self::Login => 401,
            Self::Forbidden | Self::OwnRecord => 403,
            Self::Version => 426,
            Self::SegmentGap
            | Self::CursorHistory
            | Self::OffsetMismatch
            | Self::DraftsFull
            | Self::Stale
            | Self::NotComplete
            | Self::SampleUnopened => 409,
            Self::DigestMismatch | Self::ChecksumMismatch => 460,
            Self::Erased => 410,
            Self::StorageFull => 507,
            Self::Internal => 500,
        }
    }

    /// The most general code of a status; `None` where the status is no refusal.
    fn of_status(status: u64) -> Option<Self> {
        match status {
            401 => Some(Self::Unauthorized),
            403 => Some(Self::Forbidden),
            404 | 410 => Some(Self::NotFound),
            413 => Some(Self::TooLarge),
            426 => Some(Self::Version),
            507 => Some(Self::StorageFull),
            400..=499 => Some(Self::BadRequest),
            500..=599 => Some(Self::Internal),
            _ => None,
        }
    }

    /// Whether the same request may succeed later without anybody doing anything.
    pub fn retry_helps(self) -> bool {
        matches!(
            self,
            Self::TooLarge
                | Self::Unauthorized
                | Self::SegmentBroken
                | Self::SegmentGap
                | Self::OffsetMismatch
                | Self::DigestMismatch
                | Self::ChecksumMismatch
                | Self::StorageFull
                | Self::Internal
        )
    }

    /// The sentence: what happened, whether anything was lost (no), what to do next.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotFound => "没有找到要看的内容，数据没有丢失；请返回上一页重新进入",
            Self::BadRequest => "请求的格式不对，没有写入任何内容，数据没有丢失；请升级后再试",
            Self::MethodNotAllowed => "服务器不接受这种操作，数据没有丢失；请升级后再试",
            Self::TooLarge => "一次发送的内容太大，数据都在本机；会自动减小后再发",
            Self::Unauthorized => "登录已过期，数据没有丢失；请重新登录",
            Self::Forbidden => "没有这项权限，数据没有丢失；请联系管理员",
            Self::Version => "软件版本与服务器不一致，数据都在本机；请升级后再交",
            Self::EnrolCode => {
                "注册码不对、已用过或已过期，本机数据没有丢失；请向管理员要新的注册码"
            }
            Self::Signature => "签名核对不上，服务器没有收下，数据都在本机；请联系管理员",
            Self::SegmentBroken => "传送中断或内容有改动，服务器没有收下，数据都在本机；会自动重发",
            Self::SegmentGap => "服务器要求从前面的记录补发，数据都在本机；会自动补发",
            Self::CursorHistory => "服务器上的历史与本机所见不一致，本机数据没有丢失；请联系管理员",
            Self::OffsetMismatch => "续传位置不一致，文件都在本机；会自动对齐后续传",
            Self::DigestMismatch => "文件核对不上，服务器没有收下，原片在本机；会自动重传",
            Self::ChecksumMismatch => {
                "这一段在途中有改动，服务器没有收下，文件都在本机；会从原处自动重传"
            }
            Self::Erased => "这项内容已按规定删除，服务器不再保存；不用再传，其他内容不受影响",
            Self::DraftsFull => {
                "这台手机在服务器上的草稿副本已到上限，这一份没有备份，草稿都在本机；请把做完的检查签字完成"
            }
            Self::StorageFull => {
                "服务器存储空间不足，没有收下，数据都在本机；请联系管理员清理后再交"
            }
            Self::Stale => "记录在打开之后又有变化，刚才的操作没有写入；请刷新后重看再定",
            Self::OwnRecord => "本人参加检查的记录不能由本人审核，没有写入；请由其他审核人审核",
            Self::NotComplete => "正文、签名或工作照还没有收齐，暂不能通过；收齐后再审",
            Self::SampleUnopened => {
                "抽中的记录还没有全部打开，一份也没有通过；请先打开抽中的记录，再批量通过"
            }
            Self::Login => "账号或密码不对，或尝试过多已暂时锁定；请稍后再试或联系管理员",
            Self::Internal => "服务器出了问题，刚才的内容没有收下，数据没有丢失；请稍后再试",
        }
    }
}

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// HTTP status.
    pub status: u16,
    /// The sentence.
    pub title: String,
    /// Whether a retry may help.
    pub retry: bool,
    /// Parameters, e.g. `next_seq`.
    #[serde(default)]
    pub params: Map<String, Value>,
}

impl Problem {
    /// Reads a document. A code that this program does not know is read by its HTTP status; sentence and hint are
    /// the server's own.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut json: Value = serde_json::from_slice(bytes).ok()?;
        if let Ok(known) = Self::deserialize(&json) {
            return Some(known);
        }
        let status = json.get("status")?.as_u64()?;
        let code = serde_json::to_value(Code::of_status(status)?).ok()?;
        json.as_object_mut()?.insert("code".to_owned(), code);
        serde_json::from_value(json).ok()
    }

    /// A problem without parameters.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            status: code.status(),
            title: code.sentence().to_owned(),
            retry: code.retry_helps(),
            params: Map::new(),
        }
    }

    /// The same with a sentence that says what stands against it in this case.
    #[must_use]
    pub fn saying(mut self, sentence: impl Into<String>) -> Self {
        self.title = sentence.into();
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }
}
