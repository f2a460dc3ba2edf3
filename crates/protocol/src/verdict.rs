//! Stored is not applied: what the server made of a change.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xunji_domain::time::Millis;

/// What became of a change. All are stored, all advance the log's head, all are receipted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its effects are in the register.
    Applied,
    /// Re-driven by itself when the cause is gone.
    Held,
    /// Needs a person.
    Quarantined,
}

/// Why a change is held or quarantined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The body travels as a file and is not here yet.
    BodyMissing,
    /// A record it names is not here yet.
    RecordMissing,
    /// A newer program made it.
    TooNew,
    /// The body does not read.
    Malformed,
    /// A rule of the domain does not hold; the sentence says which.
    RuleBroken,
    /// The author may not do this.
    NotAllowed,
}

impl Cause {
    /// The sentence for people: what happened, that nothing was lost, what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::BodyMissing => "正文还在路上，收齐后自动入账，内容没有丢失，无须处理",
            Self::RecordMissing => {
                "所涉主体或记录还没有收到，收到后自动入账，内容没有丢失，无须处理"
            }
            Self::TooNew => {
                "由新版本程序生成，服务器升级后自动入账，内容没有丢失；请联系管理员升级"
            }
            Self::Malformed => "正文无法识别，已原样保存，没有丢失；请联系管理员处理",
            Self::RuleBroken => "内容不符合规则，已原样保存，没有丢失；请所长核对后处理",
            Self::NotAllowed => "提交人没有这项权限，已原样保存，没有丢失；请所长核对后处理",
        }
    }
}

/// What else is to be said of a change; a flag never stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// A field held neither the value seen nor the new one: both are kept.
    Conflict,
    /// Another change already stands under this seq.
    Branch,
    /// A second signed version of one inspection.
    SignedTwice,
    /// Outside the device's present scope.
    OutOfScope,
    /// A record number that was seen before.
    NumberTwice,
    /// The event does not fit the state it met.
    IllegalTransition,
    /// The review or amendment names a version that is no longer the last.
    StaleVersion,
    /// The phone's clock was off; times are those of the clock put right, as far as the phone could.
    ClockOff,
}

/// Where an effect of a change stands in a feed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Effect {
    /// Feed id.
    pub feed: String,
    /// Position.
    pub pos: u64,
}

/// The verdict on one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// Seq in its log.
    pub seq: u64,
    /// Hash of the change: the key.
    pub hash: Digest,
    /// Verdict.
    pub verdict: Verdict,
    /// Why, for held and quarantined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Names what the cause speaks of (a record id, a field); never personal data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Flags, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Effects, sorted; the change is confirmed when the mirror has passed them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// A person has said that nothing more is going to be done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

impl VerdictRow {
    /// A row as a phone reads it. What a newer server says in words that this program does not know must not keep it
    /// from learning that its change is stored: a flag stops nothing and a cause explains, so they are left out; a
    /// verdict that is not known leaves the change waiting.
    ///
    /// # Errors
    /// It is not a row at all.
    pub fn understood(mut json: Value) -> Result<Self, serde_json::Error> {
        if let Some(row) = json.as_object_mut() {
            if row.get("verdict").is_some_and(is_other_word::<Verdict>) {
                row.insert("verdict".to_owned(), Value::from("held"));
            }
            if row.get("cause").is_some_and(is_other_word::<Cause>) {
                row.remove("cause");
            }
            if let Some(Value::Array(flags)) = row.get_mut("flags") {
                flags.retain(|flag| !is_other_word::<Flag>(flag));
            }
        }
        serde_json::from_value(json)
    }
}

/// A word where one is due, and none of ours.
fn is_other_word<T: for<'de> Deserialize<'de>>(said: &Value) -> bool {
    said.is_string() && T::deserialize(said).is_err()
}

/// Who put a change aside for good, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Why.
    pub reason: String,
    /// Name of who said so.
    pub by_name: String,
    /// When, server time.
    pub at: Millis,
}
