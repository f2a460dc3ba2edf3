//! The Java that runs Gradle: the one that was named, the system's, or the one inside Android Studio.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::run;

/// The oldest that Android's Gradle plugin runs on.
const OLDEST: u32 = 17;

/// Where Android Studio keeps its own, below the home folder and elsewhere.
const IN_HOME: [&str; 2] = [
    "android-studio/jbr",
    ".local/share/JetBrains/Toolbox/apps/android-studio/jbr",
];
const ELSEWHERE: [&str; 5] = [
    "/opt/android-studio/jbr",
    "/usr/local/android-studio/jbr",
    "/snap/android-studio/current/android-studio/jbr",
    "/snap/android-studio/current/jbr",
    "/Applications/Android Studio.app/Contents/jbr/Contents/Home",
];

/// A Java that is new enough.
pub struct Java {
    /// None where Gradle finds the same one by itself.
    home: Option<PathBuf>,
}

impl Java {
    /// Takes the first that is new enough.
    ///
    /// # Errors
    /// `Install` when there is none.
    pub fn find() -> Result<Self, Failure> {
        let named = env::var_os("JAVA_HOME").map(PathBuf::from);
        let plain = named
            .as_deref()
            .map_or_else(|| "java".into(), |home| home.join("bin/java"));
        if new_enough(&plain) {
            return Ok(Self { home: None });
        }
        let in_home = IN_HOME.map(|folder| Some(env::home_dir()?.join(folder)));
        let studio = in_home.into_iter().flatten();
        studio
            .chain(ELSEWHERE.map(PathBuf::from))
            .find(|home| new_enough(&home.join("bin/java")))
            .map(|home| Self { home: Some(home) })
            .ok_or_else(|| {
                Failure::Install(format!(
                    "Java {OLDEST} or newer is needed, and neither JAVA_HOME nor PATH nor Android Studio has one. On Debian, \
                     as root: apt-get install -y openjdk-17-jdk-headless"
                ))
            })
    }

    /// Tells a build where it is.
    pub fn show_to(&self, command: &mut Command) {
        if let Some(home) = &self.home {
            command.env("JAVA_HOME", home);
        }
    }
}

fn new_enough(program: &Path) -> bool {
    run::capture(Command::new(program).arg("--version"))
        .is_ok_and(|said| major(&said).is_some_and(|major| major >= OLDEST))
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
}
