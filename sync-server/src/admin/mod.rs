//! What an administrator does on the server itself, beside a running server or before the first.

mod enrol_code;
mod init;
mod release_key;
mod restore;
mod switches;
mod waive_backup;

pub use enrol_code::enrol_code;
pub use init::{Made, furnish, init};
pub use release_key::{Release, release_key};
pub use restore::restore;
pub use switches::{positions, section_confirm};
pub use waive_backup::waive_backup;

use crate::app::OpenError;
use crate::problem::Refusal;
use crate::storage::StoreError;

/// Why an `admin` command failed; nothing half done is left that a second run would not finish.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Files or randomness.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The built-in county does not read, or the day is outside its calendar.
    #[error("the demo county cannot be made: {0}")]
    County(String),
    /// Accounts of the console.
    #[error(transparent)]
    Accounts(#[from] crate::console::accounts::DemoAccountsError),
    /// The folder holds another county.
    #[error("this folder holds another county; it was left as it is")]
    OtherCounty,
    /// A restore never writes over a county.
    #[error(
        "the folder holds a county: move it aside first, it may be the last copy; nothing was changed"
    )]
    InTheWay,
    /// There is no database in it.
    #[error("that folder holds no backup of a county; nothing was changed")]
    NoBackup,
    /// A server runs on the folder.
    #[error("a server runs on this folder: stop it first; nothing was changed")]
    Served,
    /// Somebody else writes the same state just now.
    #[error("another process is changing the bureau's data; nothing was changed, try again")]
    Busy,
    /// No station of that name.
    #[error("no station named {0}")]
    NoStation(String),
    /// No phone of that number, or several.
    #[error("没有编号为 {0} 的手机交过备份密钥，或不止一部；请核对手机上显示的编号，至少八位")]
    NoPhone(String),
    /// Nobody who may have it opened.
    #[error("账号 {0} 不存在，或不是管理员、县局人员；密钥没有取出")]
    NotAllowed(String),
    /// Without a reason.
    #[error("请用 --reason 写明原因；密钥没有取出")]
    NoReason,
    /// What is held does not open with the county's keys.
    #[error("这部手机的备份密钥用本机的 keys.json 打不开；请用封存它时的 keys.json")]
    NoEscrow,
    /// The county's retention rules do not read; everything else is done.
    #[error("the epoch was begun; what has to be erased again is not known: {0}")]
    Retention(String),
    /// A plan was refused.
    #[error("{}", .0.0.title)]
    Refused(Refusal),
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
