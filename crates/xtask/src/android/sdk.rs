//! What Google ships and we may not: Java, the Android SDK, the NDK. Found where it is, never fetched;
//! what is missing is said in lines to paste.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::run;

/// What gen/android is written for.
const PLATFORM: &str = "android-37";
const NDK: &str = "29.0.13846066";
/// The oldest Java that the Gradle plugin runs on.
const JAVA: u32 = 17;

/// The two folders that a build needs.
pub struct Sdk {
    home: PathBuf,
    ndk: PathBuf,
}

impl Sdk {
    /// Finds Java, the SDK and the NDK.
    ///
    /// # Errors
    /// `Install` with what to install, once Java or a folder is missing.
    pub fn find() -> Result<Self, Failure> {
        if java().is_none_or(|major| major < JAVA) {
            return Err(Failure::Install(format!(
                "Java {JAVA} or newer is needed. On Debian, as root: apt-get install -y openjdk-17-jdk-headless"
            )));
        }
        let home = ["ANDROID_HOME", "ANDROID_SDK_ROOT"]
            .iter()
            .find_map(env::var_os)
            .map(PathBuf::from)
            .or_else(|| env::home_dir().map(|home| home.join("Android/Sdk")))
            .filter(|home| home.is_dir())
            .ok_or_else(|| {
                Failure::Install(
                    "no Android SDK: install Android Studio and open it once, or set ANDROID_HOME to the SDK's folder"
                        .into(),
                )
            })?;
        let ndk = ndk_of(&home);
        match missing(&home, ndk.is_some()).as_slice() {
            [] => {}
            parts => {
                return Err(Failure::Install(format!(
                    "the Android SDK lacks something. Run: {}/cmdline-tools/latest/bin/sdkmanager {}",
                    home.display(),
                    parts.join(" ")
                )));
            }
        }
        let ndk = ndk.unwrap_or_default();
        Ok(Self { home, ndk })
    }

    /// Tells a build where they are.
    pub fn show_to(&self, command: &mut Command) {
        command
            .env("ANDROID_HOME", &self.home)
            .env("NDK_HOME", &self.ndk);
    }

    /// The program that puts an app on a phone.
    pub fn adb(&self) -> PathBuf {
        self.home.join("platform-tools/adb")
    }
}

/// The newest NDK, ours first.
fn ndk_of(home: &Path) -> Option<PathBuf> {
    let folder = home.join("ndk");
    let pinned = folder.join(NDK);
    if pinned.is_dir() {
        return Some(pinned);
    }
    let mut others: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("source.properties").is_file())
        .collect();
    others.sort();
    others.pop()
}

fn missing(home: &Path, has_ndk: bool) -> Vec<String> {
    let mut parts = Vec::new();
    if !home.join("platforms").join(PLATFORM).is_dir() {
        parts.push(format!("'platforms;{PLATFORM}'"));
    }
    if !home.join("platform-tools").is_dir() {
        parts.push("platform-tools".to_owned());
    }
    if !has_ndk {
        parts.push(format!("'ndk;{NDK}'"));
    }
    parts
}

/// The major version of the Java that Gradle would take.
fn java() -> Option<u32> {
    let program = env::var_os("JAVA_HOME")
        .map_or_else(|| "java".into(), |home| Path::new(&home).join("bin/java"));
    let said = run::capture(Command::new(program).arg("--version")).ok()?;
    major(&said)
}

fn major(said: &str) -> Option<u32> {
    let version = said.split_whitespace().nth(1)?;
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_java_is_read() {
        assert_eq!(
            major("openjdk 17.0.15 2025-04-15\nOpenJDK Runtime"),
            Some(17)
        );
        assert_eq!(major("java 21 2023-09-19"), Some(21));
        assert_eq!(major(""), None);
    }

    #[test]
    fn only_what_an_sdk_lacks_is_asked_for_and_any_ndk_will_do() {
        let home = env::temp_dir().join(format!("xtask-sdk-{}", std::process::id()));
        fs::create_dir_all(home.join("platforms").join(PLATFORM)).unwrap();
        assert_eq!(
            missing(&home, ndk_of(&home).is_some()),
            ["platform-tools".to_owned(), format!("'ndk;{NDK}'")]
        );
        let other = home.join("ndk/28.0.1");
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join("source.properties"), "Pkg.Revision = 28.0.1").unwrap();
        fs::create_dir_all(home.join("platform-tools")).unwrap();
        assert_eq!(ndk_of(&home), Some(other));
        assert!(missing(&home, true).is_empty());
        fs::remove_dir_all(&home).unwrap();
    }
}
