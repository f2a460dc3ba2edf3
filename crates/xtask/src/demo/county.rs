//! The fictional county on disk: made once with its past, kept between demos, moved aside and never
//! deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::aside::move_aside;
use super::past;
use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// The station the demo's phone is enrolled for, and who signs in at the console.
const STATION: &str = "柳汀所";
const SUPERVISOR: &str = "所长甲";

/// Folders and files of one county.
pub struct County {
    folder: PathBuf,
    accounts: PathBuf,
}

impl County {
    /// The county of this checkout, made with its past when it is not there yet.
    ///
    /// # Errors
    /// When the server cannot make it.
    pub fn prepare(checkout: &Checkout, fresh: bool) -> Result<Self, Failure> {
        let county = Self {
            folder: checkout.demo().join("county"),
            accounts: checkout.demo().join("accounts.txt"),
        };
        if fresh && let Some(old) = move_aside(&county.folder)? {
            println!("the old county is now {}", old.display());
            move_into(&county.accounts, &old)?;
        }
        if !county.server().exists() {
            past::make(checkout, &county.folder, &county.accounts)?;
        }
        let mut init = Command::new(checkout.program("xunji-server")?);
        init.args(["admin", "init"])
            .arg(county.server())
            .args(["--demo", "--accounts"])
            .arg(&county.accounts);
        run::capture(&mut init)?;
        Ok(county)
    }

    /// A fresh code with which a phone joins the station.
    ///
    /// # Errors
    /// When the server's program gives none.
    pub fn enrol_code(&self, checkout: &Checkout) -> Result<String, Failure> {
        let mut command = Command::new(checkout.program("xunji-server")?);
        command
            .args(["admin", "enrol-code"])
            .arg(self.server())
            .args(["--station", STATION]);
        let said = run::capture(&mut command)?;
        said.lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find_map(|line| line.get("code")?.as_str().map(str::to_owned))
            .ok_or_else(|| {
                Failure::Failed(format!(
                    "the server gave no enrolment code but: {}",
                    said.trim()
                ))
            })
    }

    /// The one line that says how to sign in.
    pub fn ready_line(&self, url: &str) -> String {
        let accounts = fs::read_to_string(&self.accounts).unwrap_or_default();
        let file = self.accounts.display();
        match sign_in(&accounts) {
            Some((login, password)) => {
                format!(
                    "ready: console {url} · account {login} · password {password} · all accounts in {file}"
                )
            }
            None => format!("ready: console {url} · accounts and passwords in {file}"),
        }
    }

    /// The server's data folder.
    pub fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    /// The phone's data folder.
    pub fn phone(&self) -> PathBuf {
        self.folder.join("phone")
    }

    /// Where the demo's person keeps documents: what the phone writes to be carried lies below it.
    pub fn carried(&self) -> PathBuf {
        self.folder.join("documents")
    }

    /// Where a program of the demo writes what it has to say.
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }
}

fn move_into(file: &Path, folder: &Path) -> Result<(), Failure> {
    let Some(name) = file.file_name().filter(|_| file.exists()) else {
        return Ok(());
    };
    fs::rename(file, folder.join(name)).map_err(|error| Failure::io("move aside", file, error))
}

/// Login and password of the supervisor: the first two words of the line that names 所长甲.
fn sign_in(accounts: &str) -> Option<(&str, &str)> {
    let line = accounts
        .lines()
        .find(|line| !line.starts_with('#') && line.contains(SUPERVISOR))?;
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_supervisor_signs_in() {
        let accounts = "# login password role name\nadmin aaa bureau 县局管理员\nliuting bbb supervisor 所长甲\n";
        assert_eq!(sign_in(accounts), Some(("liuting", "bbb")));
        assert_eq!(sign_in(""), None);
    }
}
