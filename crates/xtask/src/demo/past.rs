//! A new county with its past: `market-day --past` plays the visits of the last ninety days into a
//! folder beside it, and only a whole one gets the county's name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::aside::keep_last;
use super::children::Child;
use crate::checkout::Checkout;
use crate::failure::Failure;

/// Makes the county `folder` and the file of its accounts. What an interrupted run left is moved
/// aside and begun anew.
///
/// # Errors
/// When the past cannot be played or the folders cannot be renamed; then there is no county.
pub fn make(checkout: &Checkout, folder: &Path, accounts: &Path) -> Result<(), Failure> {
    let making = making(folder);
    keep_last(&making)?;
    fs::create_dir_all(&making).map_err(|error| Failure::io("create", &making, error))?;
    println!(
        "a new county: two phones play the 120 visits of its last ninety days, which takes about a minute.\n\
         Ctrl-C stops it; the county is then made from the beginning the next time."
    );
    let mut command = Command::new(checkout.program("market-day")?);
    command
        .args(["--past", "--out"])
        .arg(&making)
        .stdout(Stdio::null());
    let status = Child::start_on_terminal("market-day", &mut command)?.wait()?;
    if !status.success() {
        return Err(Failure::Failed(format!(
            "the county's past could not be made ({status}; it said above why). What there is of it lies in {}",
            making.display()
        )));
    }
    adopt(&making, folder, accounts)
}

fn making(folder: &Path) -> PathBuf {
    PathBuf::from(format!("{}.making", folder.display()))
}

/// Gives a whole county its name, in the last step of three: before it, the next run finds none.
fn adopt(making: &Path, folder: &Path, accounts: &Path) -> Result<(), Failure> {
    let rename = |from: &Path, to: &Path| {
        fs::rename(from, to).map_err(|error| Failure::io("rename", from, error))
    };
    // A folder of earlier logs without a county.
    keep_last(folder)?;
    rename(&making.join("accounts.txt"), accounts)?;
    rename(&making.join("county"), &making.join("server"))?;
    rename(making, folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_county_gets_its_name_and_a_cut_one_does_not() {
        let base = std::env::temp_dir().join(format!("xtask-past-{}", std::process::id()));
        let (folder, accounts) = (base.join("county"), base.join("accounts.txt"));
        let making = making(&folder);
        fs::create_dir_all(making.join("county")).unwrap();
        assert!(
            adopt(&making, &folder, &accounts).is_err(),
            "there are no accounts yet"
        );
        assert!(!folder.exists());
        fs::write(making.join("accounts.txt"), "lt-suozhang x 所长甲").unwrap();
        fs::write(making.join("county/county.db"), "rows").unwrap();
        adopt(&making, &folder, &accounts).unwrap();
        assert!(folder.join("server/county.db").is_file() && accounts.is_file());
        assert!(!making.exists());
        fs::remove_dir_all(&base).unwrap();
    }
}
