//! The accounts of the fictional county: random passwords, written once to a file that only its
//! owner reads.

use super::password::{self, HashError};
use crate::random;
use crate::storage::console::accounts;
use crate::storage::{Store, StoreError};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use xunji_domain::ids::BureauId;
use xunji_domain::org::{Person, Station};
use xunji_domain::time::Millis;
use xunji_domain::words::Role;
use zeroize::Zeroizing;

/// Letters and digits that nobody mixes up when reading them aloud.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
/// 16 letters of five bits each.
const LENGTH: usize = 16;

/// Why the accounts were not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoAccountsError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The file, or no randomness.
    #[error("accounts file: {0}")]
    Io(#[from] std::io::Error),
}

/// Makes an account for everybody of the county who works at the console and writes
/// `login password 姓名 角色 所` to `file` (0600). A county that has accounts is left as it is: the
/// passwords are nowhere but in the file of the first run. Gives whether accounts were made.
///
/// # Errors
/// [`DemoAccountsError`]; a second run goes on where this one stopped.
pub fn create_demo(
    store: &Store,
    bureau: BureauId,
    people: &[Person],
    stations: &[Station],
    file: &Path,
    now: Millis,
) -> Result<bool, DemoAccountsError> {
    let partial = partial_of(file);
    if accounts::any(store, bureau)? {
        // Killed between the commit and the rename: the passwords are in the partial file.
        if partial.exists() && !file.exists() {
            finish(&partial, file)?;
        }
        return Ok(false);
    }
    let mut rows = Vec::new();
    let mut text = Zeroizing::new(
        "# 巡集控制台演示账号：账号 密码 姓名 角色 所。密码只写在这里，请勿外传。\n".to_owned(),
    );
    let mut taken = BTreeSet::new();
    for person in people.iter().filter(|p| works_at_console(p.role)) {
        let station = stations.iter().find(|s| Some(s.id) == person.station);
        let account = login_name(person, station, &mut taken);
        let password = random_password()?;
        rows.push((account.clone(), person.id, password::hash(&password)?));
        let place = station.map_or("县局", |s| s.name.as_str());
        text.push_str(&format!(
            "{account} {} {} {} {place}\n",
            *password,
            person.name,
            person.role.label()
        ));
    }
    write_private(&partial, text.as_bytes())?;
    let made = accounts::insert_first(store, bureau, rows, now)?;
    finish(&partial, file)?;
    Ok(made)
}

fn works_at_console(role: Role) -> bool {
    matches!(
        role,
        Role::Supervisor | Role::Bureau | Role::Administrator | Role::Auditor
    )
}

/// `lt-suozhang`, `xianju`, `guanli`: plain to type on any keyboard.
fn login_name(person: &Person, station: Option<&Station>, taken: &mut BTreeSet<String>) -> String {
    let word = match person.role {
        Role::Supervisor => "suozhang",
        Role::Bureau => "xianju",
        Role::Administrator => "guanli",
        Role::Auditor => "shenji",
        Role::Inspector | Role::Assistant => "jiancha",
    };
    let base = station.map_or_else(
        || word.to_owned(),
        |s| format!("{}-{word}", s.code.to_lowercase()),
    );
    let mut name = base.clone();
    let mut n = 1;
    while !taken.insert(name.clone()) {
        n += 1;
        name = format!("{base}{n}");
    }
    name
}

fn random_password() -> std::io::Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(random::bytes::<LENGTH>()?);
    let letter = |b: &u8| {
        ALPHABET
            .get(usize::from(b % 32))
            .map_or('x', |c| char::from(*c))
    };
    Ok(Zeroizing::new(bytes.iter().map(letter).collect()))
}

fn partial_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    // One left by a killed run may have other permissions than ours.
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(path)?;
    out.write_all(bytes)?;
    out.sync_all()
}

fn finish(partial: &Path, file: &Path) -> std::io::Result<()> {
    std::fs::rename(partial, file)?;
    match file.parent().filter(|f| !f.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xunji_domain::county::DemoCounty;

    #[test]
    fn a_second_run_changes_nothing_and_no_password_is_stored() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.txt");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 20).unwrap();
        let county = DemoCounty::on(day).unwrap();
        let store = Store::open(&folder.path().join("county.db")).unwrap();
        let make = || {
            create_demo(
                &store,
                county.bureau.id,
                &county.people,
                &county.stations,
                &file,
                Millis(1),
            )
            .unwrap()
        };
        assert!(make());
        let first = std::fs::read_to_string(&file).unwrap();
        assert!(!make());
        assert_eq!(first, std::fs::read_to_string(&file).unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        let line = first.lines().find(|l| l.contains("所长甲")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[2..], ["所长甲", "所长", "柳汀所"]);
        let row = accounts::find(&store, county.bureau.id, words[0].to_owned())
            .unwrap()
            .unwrap();
        assert!(row.password.starts_with("$argon2id$") && !row.password.contains(words[1]));
    }
}
