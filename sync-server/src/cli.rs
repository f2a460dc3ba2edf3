//! The command line.

use clap::{Parser, Subcommand};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// 巡集服务器: takes in records and photos, serves the console.
#[derive(Debug, Parser)]
#[command(name = "xunji-server", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the server can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a county; prints one JSON line with the address when it listens.
    Serve(Serve),
    /// Copy a county, running or stopped, and read every byte of the copy again.
    Backup(Backup),
    /// Look through a county's folder or a backup and name what does not hold. Writes nothing.
    Verify {
        /// The data folder, or a backup.
        dir: PathBuf,
    },
    /// Put a backup in place and begin a new epoch: phones then offer again what it lacks.
    Restore(Restore),
    /// Set up and look after a county.
    #[command(subcommand)]
    Admin(Admin),
    /// 按规定删除: list what a retention rule reaches and what it leaves; erase it only with --yes.
    Erase(Erase),
    /// Take in what phones wrote to files while there was no network; may be repeated at any time.
    ImportBundle(ImportBundle),
}

/// Arguments of `erase`.
#[derive(Debug, clap::Args)]
pub struct Erase {
    /// The county's data folder; a server may be running on it.
    #[arg(long)]
    pub data: PathBuf,
    /// Id of the rule: of `retention.toml` in the data folder, or of the built-in table.
    #[arg(long, value_name = "RULE")]
    pub rule: String,
    /// Only what was completed before this day; without it, as far as the rule reaches today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub before: Option<chrono::NaiveDate>,
    /// Only list (this is so without --yes too).
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Erase. It cannot be undone; backups that were made before still hold it.
    #[arg(long, requires = "by", requires = "order")]
    pub yes: bool,
    /// Account of who ordered it: an administrator, or somebody of the county bureau.
    #[arg(long, value_name = "ACCOUNT")]
    pub by: Option<String>,
    /// The paper that ordered it: appraisal or decision, with its number.
    #[arg(long, value_name = "TEXT")]
    pub order: Option<String>,
}

/// Arguments of `import-bundle`.
#[derive(Debug, clap::Args)]
pub struct ImportBundle {
    /// The county's data folder; a server may be running on it.
    #[arg(long)]
    pub data: PathBuf,
    /// Where the files of receipts go; without it, beside the first file.
    #[arg(long, value_name = "FOLDER")]
    pub receipts: Option<PathBuf>,
    /// Volumes, in any order.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The county's data folder.
    #[arg(long)]
    pub data: PathBuf,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Address; another than this machine's own needs --behind-proxy.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// A proxy in front speaks TLS: allow another address than 127.0.0.1.
    #[arg(long)]
    pub behind_proxy: bool,
    /// Shift the clock by so many milliseconds (a played day).
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub clock_offset_ms: i64,
}

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Where the copy will lie; nothing may lie there yet. It holds the county's private keys.
    pub dir: PathBuf,
    /// The county's data folder.
    #[arg(long)]
    pub data: PathBuf,
    /// DIR lies on, or is carried to, another machine: phones are told what it holds even though it shares the
    /// county's disk now.
    #[arg(long)]
    pub away: bool,
}

/// Arguments of `restore`.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup: a folder with county.db, keys.json and blobs. Without one, --data was put back by other
    /// means (a snapshot, a copied folder) and only the new epoch is begun.
    pub backup: Option<PathBuf>,
    /// The county's data folder; with a backup it must not hold a county yet.
    #[arg(long)]
    pub data: PathBuf,
    /// Shift the clock by so many milliseconds (a played day).
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub clock_offset_ms: i64,
}

/// Commands of `admin`.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Make a county in a folder; a second run changes nothing that is there.
    Init {
        /// The data folder.
        dir: PathBuf,
        /// The fictional county 槐安县, with 演示数据 on every page.
        #[arg(long, required = true)]
        demo: bool,
        /// Where to write the accounts and their passwords (0600).
        #[arg(long)]
        accounts: PathBuf,
        /// Shift the clock by so many milliseconds (a played day).
        #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
        clock_offset_ms: i64,
        /// The day as of which cards and licences are valid, expiring or expired; without it, today.
        #[arg(long, value_name = "YYYY-MM-DD")]
        opens: Option<chrono::NaiveDate>,
        /// So many generated operators beside the sixty, to measure with a register of a county's size.
        #[arg(long, default_value_t = 0, value_name = "N")]
        operators: u32,
    },
    /// 按部分确认: allow one key for the items of a section that need no answer of their own, or stop it.
    /// Off unless switched on: whether such a confirmation counts as an answer per item is for the bureau to say.
    SectionConfirm {
        /// The data folder.
        dir: PathBuf,
        /// `on` or `off`.
        #[arg(long, action = clap::ArgAction::Set, value_parser = on_or_off)]
        set: bool,
    },
    /// The place of a visit: phones record where it begins unless this is switched off.
    Positions {
        /// The data folder.
        dir: PathBuf,
        /// `on` or `off`.
        #[arg(long, action = clap::ArgAction::Set, value_parser = on_or_off)]
        set: bool,
    },
    /// Open the key of a phone that lost its own, as the code that is typed on it. Whoever has the phone and this
    /// code reads everything on it: read it out, do not send it on. It is written down who asked and why.
    ReleaseKey {
        /// The data folder.
        dir: PathBuf,
        /// The phone's number as its page shows it: the last eight characters of its id, or all of it.
        #[arg(long, value_name = "NUMBER")]
        phone: String,
        /// Account of an administrator, or of somebody of the county bureau.
        #[arg(long, value_name = "ACCOUNT")]
        by: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let phones free their space although no verified backup holds what leaves them, or stop it. Off unless
    /// switched on; the console says so in red.
    WaiveBackup {
        /// The data folder.
        dir: PathBuf,
        /// `on` or `off`.
        #[arg(long, action = clap::ArgAction::Set, value_parser = on_or_off)]
        set: bool,
    },
    /// Print a one-time code for enrolling a phone, valid 10 minutes.
    EnrolCode {
        /// The data folder.
        dir: PathBuf,
        /// Name or code of the station the phone works for.
        #[arg(long)]
        station: String,
        /// Shift the clock by so many milliseconds; without it, as far as the last `serve` did.
        #[arg(long, allow_negative_numbers = true)]
        clock_offset_ms: Option<i64>,
    },
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("{other} is neither on nor off")),
    }
}
