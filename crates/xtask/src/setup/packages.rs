//! System packages of Debian and Ubuntu: which are missing, and installing them where this is root.

use std::process::{Command, Stdio};

use crate::Purpose;
use crate::failure::Failure;
use crate::run;

/// A package and the programs whose presence makes it unnecessary (a browser from elsewhere is as good).
struct Package {
    name: &'static str,
    or_program: &'static [&'static str],
}

const fn package(name: &'static str) -> Package {
    Package {
        name,
        or_program: &[],
    }
}

/// To compile anything: the linker, perl and make for the vendored OpenSSL; what fetches and unpacks Node.
const BUILD: &[Package] = &[
    package("build-essential"),
    package("perl"),
    package("make"),
    Package {
        name: "curl",
        or_program: &["curl"],
    },
    package("ca-certificates"),
    Package {
        name: "unzip",
        or_program: &["unzip"],
    },
];

/// To compile the field app's window and run it: the web view's headers, the font of the reports.
const WINDOW: &[Package] = &[
    package("pkg-config"),
    package("libwebkit2gtk-4.1-dev"),
    package("libgtk-3-dev"),
    package("librsvg2-dev"),
    package("libayatana-appindicator3-dev"),
    package("fonts-noto-cjk"),
];

/// To test: a real window and a real browser on a screen that nobody sees, the reader of PDFs, and what
/// installs the tus client in Python.
const TEST: &[Package] = &[
    package("webkit2gtk-driver"),
    package("xvfb"),
    Package {
        name: "chromium",
        or_program: &["chromium", "chromium-browser", "google-chrome"],
    },
    Package {
        name: "chromium-driver",
        or_program: &["chromedriver"],
    },
    Package {
        name: "poppler-utils",
        or_program: &["pdftotext"],
    },
    Package {
        name: "python3-pip",
        or_program: &["pip3"],
    },
];

/// Installs what is missing, or says which line does.
///
/// # Errors
/// `Install` when this user may not; `Failed` when apt fails.
pub fn ensure(purpose: Purpose) -> Result<(), Failure> {
    if !run::exists("dpkg-query") {
        let names: Vec<_> = wanted(purpose).iter().map(|package| package.name).collect();
        println!(
            "setup: this is neither Debian nor Ubuntu; what they call {} must be here",
            names.join(" ")
        );
        return Ok(());
    }
    let missing = lacking(purpose)?;
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!(
        "apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    );
    if !is_root()? {
        return Err(Failure::Install(format!(
            "system packages are missing ({}). Run this line as root, then the same command again:\n\
             apt-get update && {line}",
            missing.len()
        )));
    }
    println!(
        "setup: installing {} packages: {}",
        missing.len(),
        missing.join(" ")
    );
    run::finish(apt(&["update", "-qq"]).stdout(Stdio::null()))?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(&missing);
    run::finish(apt(&words).stdout(Stdio::null()))
}

/// What is missing here.
///
/// # Errors
/// When dpkg cannot be asked.
pub fn lacking(purpose: Purpose) -> Result<Vec<&'static str>, Failure> {
    let wanted = wanted(purpose);
    Ok(missing(&wanted, &installed(&wanted)?, run::exists))
}

fn wanted(purpose: Purpose) -> Vec<&'static Package> {
    let parts: &[&'static [Package]] = match purpose {
        Purpose::Phone => &[BUILD],
        Purpose::Demo => &[BUILD, WINDOW],
        Purpose::Test => &[BUILD, WINDOW, TEST],
    };
    parts.iter().copied().flatten().collect()
}

/// `dpkg-query` ends with 1 as soon as one name is unknown to it, and prints the others all the same.
fn installed(wanted: &[&Package]) -> Result<String, Failure> {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(wanted.iter().map(|package| package.name))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::Failed(format!("dpkg-query could not start: {error}")))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn missing(wanted: &[&Package], listing: &str, exists: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let there = |name: &str| {
        listing
            .lines()
            .any(|line| line.split_once(' ') == Some((name, "installed")))
    };
    let stands_in = |package: &Package| package.or_program.iter().any(|program| exists(program));
    wanted
        .iter()
        .filter(|package| !there(package.name) && !stands_in(package))
        .map(|package| package.name)
        .collect()
}

/// apt that asks nothing.
fn apt(words: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> Result<bool, Failure> {
    Ok(run::capture(Command::new("id").arg("-u"))?.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let wanted = wanted(Purpose::Test);
        let all: String = wanted
            .iter()
            .map(|package| format!("{} installed\n", package.name))
            .collect();
        assert!(missing(&wanted, &all, |_| false).is_empty());

        let removed = all.replace("xvfb installed", "xvfb config-files");
        assert_eq!(missing(&wanted, &removed, |_| false), ["xvfb"]);
    }

    #[test]
    fn another_browser_stands_in_for_chromium() {
        let wanted = wanted(Purpose::Test);
        let missing = missing(&wanted, "", |program| program == "google-chrome");
        assert!(!missing.contains(&"chromium") && missing.contains(&"xvfb"));
    }

    #[test]
    fn a_build_for_phones_asks_for_no_window() {
        let names: Vec<_> = wanted(Purpose::Phone).iter().map(|p| p.name).collect();
        assert!(names.contains(&"build-essential"), "{names:?}");
        assert!(!names.iter().any(|name| name.contains("gtk")), "{names:?}");
    }

    #[test]
    fn the_demo_asks_for_no_browser() {
        assert!(
            wanted(Purpose::Demo)
                .iter()
                .all(|package| package.name != "chromium")
        );
    }
}
