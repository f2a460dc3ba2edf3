//! What an answer is when it is not the one we hoped for: in plain words, and what the engine does next.
//! Whatever it is, nothing is marked as sent.

use crate::transport::{Answer, Failure};
use serde::de::DeserializeOwned;
use xunji_protocol::problem::{self, Code, Problem};
use xunji_protocol::version;

/// What went wrong with one request.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// No connection came about.
    NoSignal,
    /// Connected, then silence.
    NoAnswer,
    /// The connection broke.
    Cut,
    /// A portal's page, a proxy's, somebody else's server.
    NotOurs,
    /// 413, from the server or from something on the way.
    TooLarge,
    /// 5xx without a word of ours.
    ServerTrouble(u16),
    /// The other side speaks another version.
    Version,
    /// Ours, but cut short, malformed, or not about what was asked.
    BadAnswer(&'static str),
    /// A receipt or key list that does not verify.
    BadReceipt,
    /// The server's own word.
    Told(Box<Problem>),
    /// This phone could not read or write its own files.
    Local(String),
}

/// What the engine does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// The same again after a pause.
    Retry,
    /// The same again with half the size: at once after a word, after a pause after a cut.
    Halve,
    /// A new token, then the same.
    NewToken,
    /// Send from this seq on.
    ResendFrom(u64),
    /// Nothing helps but a person; asked again now and then.
    Person,
}

impl Fault {
    /// Stable code for the faces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSignal => "no_signal",
            Self::NoAnswer => "no_answer",
            Self::Cut => "cut",
            Self::NotOurs => "not_ours",
            Self::TooLarge => "too_large",
            Self::ServerTrouble(_) => "server_trouble",
            Self::Version => "version",
            Self::BadAnswer(_) => "bad_answer",
            Self::BadReceipt => "bad_receipt",
            Self::Told(_) => "told",
            Self::Local(_) => "local",
        }
    }

    /// The sentence: what happened, that nothing was lost, what comes next.
    pub fn sentence(&self) -> String {
        let text = match self {
            Self::NoSignal => "没有信号，连不上服务器；内容都在本机，有信号后自动再传",
            Self::NoAnswer => "服务器没有应答；内容都在本机，稍后自动再传",
            Self::Cut => "连接中断；内容都在本机，会从断开处接着传",
            Self::NotOurs => {
                "收到的不是本单位服务器的应答（可能要先登录无线网络）；没有传出任何内容，内容都在本机，请检查网络，稍后自动再传"
            }
            Self::TooLarge => "一次发送的内容太大；内容都在本机，会自动减小后再传",
            Self::ServerTrouble(_) => "服务器出了问题，没有收下；内容都在本机，稍后自动再传",
            Self::Version => "软件版本与服务器不一致，没有收下；内容都在本机，请升级后再传",
            Self::BadAnswer(_) => "服务器的应答不完整，不算收到；内容都在本机，稍后自动再传",
            Self::BadReceipt => {
                "服务器的收据核对不上，不算收到；内容都在本机，稍后自动再传，多次出现请联系管理员"
            }
            // A newer server's own words where the code is not one of ours.
            Self::Told(problem) if !problem.title.is_empty() => return problem.title.clone(),
            Self::Told(problem) => return problem.code.sentence().to_owned(),
            Self::Local(_) => "本机读写出错，这一项暂时没有传；内容没有丢失，请查看手机剩余空间",
        };
        text.to_owned()
    }

    /// What the engine does next.
    pub fn after(&self) -> After {
        match self {
            Self::TooLarge | Self::Cut | Self::NoAnswer => After::Halve,
            Self::Version | Self::Local(_) => After::Person,
            Self::Told(problem) => after_word(problem),
            Self::NoSignal
            | Self::NotOurs
            | Self::ServerTrouble(_)
            | Self::BadAnswer(_)
            | Self::BadReceipt => After::Retry,
        }
    }
}

fn after_word(problem: &Problem) -> After {
    let next_seq = problem
        .params
        .get("next_seq")
        .and_then(serde_json::Value::as_u64);
    match (problem.code, next_seq) {
        (Code::Unauthorized, _) => After::NewToken,
        (Code::TooLarge, _) => After::Halve,
        (Code::SegmentGap, Some(seq)) => After::ResendFrom(seq),
        (code, _) if code.retry_helps() || problem.retry => After::Retry,
        _ => After::Person,
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable => Self::NoSignal,
            Failure::Silent => Self::NoAnswer,
            Failure::Cut => Self::Cut,
        }
    }
}

/// The answer, when it is a good one of ours of this content type (`None`: the step has no body).
///
/// # Errors
/// [`Fault`] for everything else that can come back.
pub fn ours(answer: Answer, content_type: Option<&str>) -> Result<Answer, Fault> {
    let told = answer
        .header("content-type")
        .map_or("", |t| t.split(';').next().unwrap_or(""))
        .trim()
        .to_owned();
    if told == problem::CONTENT_TYPE {
        return Err(word(&answer));
    }
    match answer.status {
        413 => return Err(Fault::TooLarge),
        426 => return Err(Fault::Version),
        507 => return Err(refusal(Code::StorageFull)),
        500..=599 => return Err(Fault::ServerTrouble(answer.status)),
        _ => {}
    }
    match answer
        .header(version::HEADER)
        .and_then(|v| v.parse::<u32>().ok())
    {
        None => return Err(Fault::NotOurs),
        Some(version::CURRENT) => {}
        Some(_) => return Err(Fault::Version),
    }
    // HEAD has no body to carry a problem document in.
    match answer.status {
        200..=299 => {}
        401 => return Err(refusal(Code::Unauthorized)),
        403 => return Err(refusal(Code::Forbidden)),
        // An upload whose time was over is gone: as good as never begun.
        404 | 410 => return Err(refusal(Code::NotFound)),
        460 => return Err(refusal(Code::DigestMismatch)),
        _ => return Err(Fault::BadAnswer("status")),
    }
    if content_type.is_some_and(|expected| expected != told) {
        return Err(Fault::NotOurs);
    }
    Ok(answer)
}

/// The JSON of a good answer of ours.
///
/// # Errors
/// [`Fault`] for everything else that can come back.
pub fn json<T: DeserializeOwned>(answer: Answer) -> Result<T, Fault> {
    let answer = ours(answer, Some("application/json"))?;
    serde_json::from_slice(&answer.body).map_err(|_| Fault::BadAnswer("json"))
}

fn word(answer: &Answer) -> Fault {
    match Problem::read(&answer.body) {
        Some(problem) if problem.code == Code::TooLarge => Fault::TooLarge,
        Some(problem) if problem.code == Code::Version => Fault::Version,
        Some(problem) => Fault::Told(Box::new(problem)),
        None if answer.status >= 500 => Fault::ServerTrouble(answer.status),
        None => Fault::BadAnswer("problem document"),
    }
}

fn refusal(code: Code) -> Fault {
    Fault::Told(Box::new(Problem::new(code)))
}

#[cfg(test)]
#[path = "errors_tests.rs"]
mod tests;
