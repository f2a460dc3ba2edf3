//! What Google ships and we may not: Java, the Android SDK, the NDK. Found where it is, never fetched;
//! what is missing is said in lines to paste.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::java::Java;
use crate::failure::Failure;

/// What Gradle compiles against: its component's name for sdkmanager, and the folders it may lie in. Google gives
/// API 37 out under its minor version, `android-37.0`, alone; a preview lay in `android-37`. Our own modules want 37, those
/// that Tauri and its plugins bring want 36.
const PLATFORMS: [(&str, &[&str]); 2] = [
    ("android-37.0", &["android-37.0", "android-37"]),
    ("android-36", &["android-36"]),
];
const NDK: &str = "29.0.13846066";

/// What a build needs of Google.
pub struct Sdk {
    home: PathBuf,
    ndk: PathBuf,
    java: Java,
}

impl Sdk {
    /// Finds Java, the SDK and the NDK.
    ///
    /// # Errors
    /// `Install` with what to install, once Java or a folder is missing.
    pub fn find() -> Result<Self, Failure> {
        let java = Java::find()?;
        let home = home()?;
        let ndk = ndk_of(&home);
        match missing(&home, ndk.is_some()).as_slice() {
            [] => {}
            parts => return Err(Failure::Install(lacks(&home, parts))),
        }
        let ndk = ndk.unwrap_or_default();
        Ok(Self { home, ndk, java })
    }

    /// Tells a build where they are.
    pub fn show_to(&self, command: &mut Command) {
        command
            .env("ANDROID_HOME", &self.home)
            .env("NDK_HOME", &self.ndk);
        self.java.show_to(command);
    }

    /// The program that puts an app on a phone.
    pub fn adb(&self) -> PathBuf {
        self.home.join("platform-tools/adb")
    }
}

/// Where somebody said it is, else where Studio puts it on Linux and on a Mac.
fn home() -> Result<PathBuf, Failure> {
    let said = ["ANDROID_HOME", "ANDROID_SDK_ROOT"]
        .iter()
        .find_map(env::var_os)
        .map(PathBuf::from);
    let usual =
        ["Android/Sdk", "Library/Android/sdk"].map(|folder| Some(env::home_dir()?.join(folder)));
    said.into_iter()
        .chain(usual.into_iter().flatten())
        .find(|home| home.is_dir())
        .ok_or_else(|| {
            Failure::Install(
                "no Android SDK: install Android Studio and open it once, or set ANDROID_HOME to the SDK's folder; \
                 docs/build-phones.md begins there"
                    .into(),
            )
        })
}

/// The line that fetches what is missing. Studio does not bring its program along unless it is asked to.
fn lacks(home: &Path, parts: &[String]) -> String {
    let manager = sdkmanager(home);
    let first = match manager {
        Some(_) => String::new(),
        None => format!(
            "the program for it is missing too: in Android Studio, Settings, Languages & Frameworks, Android SDK, SDK \
             Tools, tick “Android SDK Command-line Tools (latest)”; without Studio, unpack Google's \
             commandlinetools-linux-*_latest.zip to {}/cmdline-tools/latest.\nThen ",
            home.display()
        ),
    };
    let manager = manager.unwrap_or_else(|| home.join("cmdline-tools/latest/bin/sdkmanager"));
    format!(
        "the Android SDK lacks something; {first}run: {} {}",
        manager.display(),
        parts.join(" ")
    )
}

/// Its newest: `latest`, else a folder that is called as its version.
fn sdkmanager(home: &Path) -> Option<PathBuf> {
    let tools = home.join("cmdline-tools");
    let mut versions: Vec<PathBuf> = fs::read_dir(&tools)
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin/sdkmanager"))
        .filter(|program| program.is_file())
        .collect();
    // Letters sort behind digits.
    versions.sort();
    versions.pop()
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
    let platforms = home.join("platforms");
    let mut parts: Vec<String> = PLATFORMS
        .iter()
        .filter(|(_, folders)| !folders.iter().any(|folder| platforms.join(folder).is_dir()))
        .map(|(name, _)| format!("'platforms;{name}'"))
        .collect();
    if !home.join("platform-tools").is_dir() {
        parts.push("platform-tools".to_owned());
    }
    if !has_ndk {
        parts.push(format!("'ndk;{NDK}'"));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()))
    }

    #[test]
    fn only_what_an_sdk_lacks_is_asked_for_and_any_ndk_will_do() {
        let home = folder("sdk");
        fs::create_dir_all(home.join("platforms/android-37.0")).unwrap();
        let ndk = format!("'ndk;{NDK}'");
        assert_eq!(
            missing(&home, ndk_of(&home).is_some()),
            ["'platforms;android-36'", "platform-tools", ndk.as_str()]
        );
        let other = home.join("ndk/28.0.1");
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join("source.properties"), "Pkg.Revision = 28.0.1").unwrap();
        fs::create_dir_all(home.join("platform-tools")).unwrap();
        fs::create_dir_all(home.join("platforms/android-36")).unwrap();
        assert_eq!(ndk_of(&home), Some(other));
        assert!(missing(&home, true).is_empty());
        fs::remove_dir_all(home.join("platforms/android-37.0")).unwrap();
        assert_eq!(missing(&home, true), ["'platforms;android-37.0'"]);
        fs::create_dir_all(home.join("platforms/android-37")).unwrap();
        assert!(missing(&home, true).is_empty());
        fs::remove_dir_all(&home).unwrap();
    }

    #[test]
    fn without_sdkmanager_it_is_said_where_that_comes_from() {
        let home = folder("manager");
        let said = lacks(&home, &["platform-tools".to_owned()]);
        assert!(said.contains("Command-line Tools"), "{said}");
        for version in ["19.0", "latest"] {
            let bin = home.join("cmdline-tools").join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("sdkmanager"), "").unwrap();
            assert_eq!(sdkmanager(&home), Some(bin.join("sdkmanager")));
        }
        let said = lacks(&home, &["platform-tools".to_owned()]);
        assert!(!said.contains("Command-line Tools"), "{said}");
        assert!(
            said.ends_with("latest/bin/sdkmanager platform-tools"),
            "{said}"
        );
        fs::remove_dir_all(&home).unwrap();
    }

    /// The workflow and the page for people name the same components.
    #[test]
    fn what_is_looked_for_is_what_is_installed_elsewhere() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for file in [".github/workflows/release.yml", "docs/build-phones.md"] {
            let text = fs::read_to_string(root.join(file)).unwrap();
            for (name, _) in PLATFORMS {
                assert!(
                    text.contains(&format!("platforms;{name}\"")),
                    "{file}: {name}"
                );
            }
            assert!(text.contains(&format!("ndk;{NDK}\"")), "{file}: {NDK}");
        }
    }
}
