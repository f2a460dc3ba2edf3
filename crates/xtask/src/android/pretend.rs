//! C tools that only pretend: build scripts of `SQLCipher` and others run through them to the end, and a
//! check links nothing of what they leave. OpenSSL, whose own build would take minutes to make empty files,
//! is said to be there: its Rust side asks only for a version.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::TARGETS;
use crate::failure::Failure;

const COMPILER: &str = include_str!("pretend-cc");
const ARCHIVER: &str = include_str!("pretend-ar");

/// All that the Rust side of OpenSSL reads of it: the version of the one that a real build brings along.
const OPENSSL: &[(&str, &str)] = &[
    (
        "include/openssl/opensslv.h",
        "#define OPENSSL_VERSION_MAJOR 3\n#define OPENSSL_VERSION_MINOR 6\n#define OPENSSL_VERSION_PATCH 3\n",
    ),
    ("include/openssl/opensslconf.h", ""),
];

/// The two scripts and the folder of OpenSSL, on disk.
pub struct Tools {
    compiler: PathBuf,
    archiver: PathBuf,
    openssl: PathBuf,
}

impl Tools {
    /// Writes them where they are not yet: a changed file, or path, would run build scripts again.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(folder: &Path) -> Result<Self, Failure> {
        let tools = Self {
            compiler: folder.join("pretend-cc"),
            archiver: folder.join("pretend-ar"),
            openssl: folder.join("openssl"),
        };
        put(&tools.compiler, COMPILER, 0o755)?;
        put(&tools.archiver, ARCHIVER, 0o755)?;
        for (path, text) in OPENSSL {
            put(&tools.openssl.join(path), text, 0o644)?;
        }
        Ok(tools)
    }

    /// Names them to the build scripts, for phones alone.
    pub fn show_to(&self, command: &mut Command) {
        for target in TARGETS {
            let target = target.replace('-', "_");
            for name in ["CC", "CXX"] {
                command.env(format!("{name}_{target}"), &self.compiler);
            }
            for name in ["AR", "RANLIB"] {
                command.env(format!("{name}_{target}"), &self.archiver);
            }
            let openssl = format!("{}_OPENSSL", target.to_uppercase());
            command
                .env(format!("{openssl}_NO_VENDOR"), "1")
                .env(format!("{openssl}_STATIC"), "1")
                .env(format!("{openssl}_LIB_DIR"), &self.openssl)
                .env(
                    format!("{openssl}_INCLUDE_DIR"),
                    self.openssl.join("include"),
                );
        }
    }
}

fn put(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
        .map_err(|error| Failure::io("write", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    fn with_tools(name: &str, work: impl FnOnce(&Path, &Tools)) {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let tools = Tools::write(&folder).unwrap();
        work(&folder, &tools);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_compiled_is_an_empty_file_at_the_place_asked_for() {
        with_tools("compiles", |folder, tools| {
            for (words, made) in [
                (["-c", "a.c", "-o", "deep/a.o"].as_slice(), "deep/a.o"),
                (&["-c", "a.c", "-ob.o"], "b.o"),
                (&["-c", "from/c.c"], "c.o"),
            ] {
                let mut cc = Command::new(&tools.compiler);
                run::capture(cc.args(words).current_dir(folder)).unwrap();
                assert_eq!(fs::read(folder.join(made)).unwrap(), b"", "{words:?}");
            }
            let mut ar = Command::new(&tools.archiver);
            run::capture(ar.args(["qc", "lib.a", "b.o"]).current_dir(folder)).unwrap();
            assert!(folder.join("lib.a").is_file());
        });
    }

    #[test]
    fn the_preprocessor_really_answers_and_is_not_told_the_phones_flags() {
        with_tools("asks", |folder, tools| {
            fs::write(folder.join("ask.c"), "#define PART xunji\nPART_IS PART\n").unwrap();
            let mut cc = Command::new(&tools.compiler);
            cc.args(["--target=aarch64-linux-android", "-E", "ask.c"]);
            let said = run::capture(cc.current_dir(folder)).unwrap();
            assert!(said.contains("PART_IS xunji"), "{said}");
        });
    }
}
