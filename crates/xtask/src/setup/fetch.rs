//! One file of the Python package index, fetched with curl and checked against a digest in the source.
//!
//! The index is the one this machine is set up for (`PIP_INDEX_URL`, pip's own configuration), else
//! pypi.org. Where the file itself lies is read from the index, so that mirrors work.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::run;

/// A file of the index that this source vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pinned {
    /// Project name on the index.
    pub project: &'static str,
    /// File name on the index.
    pub file: &'static str,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: &'static str,
}

/// Fetches the file to `destination`. A file whose digest differs is removed again.
///
/// # Errors
/// When the index does not answer, does not list the file, or the bytes are not the pinned ones.
pub fn fetch(pinned: Pinned, destination: &Path) -> Result<(), Failure> {
    let listing = format!("{}/{}/", index().trim_end_matches('/'), pinned.project);
    let page = run::capture(
        curl()
            .args([
                "--header",
                "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.5",
            ])
            .arg(&listing),
    )?;
    let link = link_to(&page, pinned.file).ok_or_else(|| {
        Failure::Failed(format!("the package index does not list {}", pinned.file))
    })?;
    run::finish(
        curl()
            .arg("--output")
            .arg(destination)
            .arg(absolute(&listing, &link)),
    )?;
    let found = sha256(destination)?;
    if found == pinned.sha256 {
        return Ok(());
    }
    fs::remove_file(destination).map_err(|error| Failure::io("remove", destination, error))?;
    Err(Failure::Failed(format!(
        "{} came with SHA-256 {found}, not the {} this source names; nothing was installed",
        pinned.file, pinned.sha256
    )))
}

/// SHA-256 of a file as lower-case hex.
///
/// # Errors
/// When the file cannot be read.
pub fn sha256(path: &Path) -> Result<String, Failure> {
    let said = run::capture(Command::new("sha256sum").arg("--").arg(path))?;
    Ok(said
        .trim_start_matches('\\')
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned())
}

fn curl() -> Command {
    let mut command = Command::new("curl");
    command.args([
        "--fail",
        "--location",
        "--silent",
        "--show-error",
        "--retry",
        "3",
        "--connect-timeout",
        "30",
    ]);
    command
}

fn index() -> String {
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| text.starts_with("http"));
    env::var("PIP_INDEX_URL")
        .ok()
        .and_then(given)
        .or_else(|| {
            let mut pip = Command::new("pip");
            run::capture(pip.args(["config", "get", "global.index-url"]))
                .ok()
                .and_then(given)
        })
        .unwrap_or_else(|| "https://pypi.org/simple".to_owned())
}

/// The quoted address that ends in the file name, in the JSON form or the HTML form of the index.
fn link_to(page: &str, file: &str) -> Option<String> {
    page.match_indices(file).find_map(|(at, _)| {
        let before = page.get(..at)?;
        let start = before.rfind(['"', '\''])? + 1;
        let prefix = before.get(start..)?;
        let after = page.get(at + file.len()..)?;
        let is_end = after.starts_with(['"', '\'', '#']);
        let is_link = prefix.ends_with('/') && !prefix.contains(['<', '>', ' ']);
        (is_end && is_link).then(|| format!("{prefix}{file}"))
    })
}

/// A link of the page, seen from the page's own address.
fn absolute(page: &str, link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let host_end = page
        .find("://")
        .and_then(|at| page.get(at + 3..)?.find('/').map(|slash| at + 3 + slash));
    let host = host_end.and_then(|end| page.get(..end)).unwrap_or(page);
    if link.starts_with('/') {
        return format!("{host}{link}");
    }
    // curl itself resolves the dots.
    format!("{page}{link}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "tool-1.0-py3-none-any.whl";

    #[test]
    fn the_json_form_names_the_address() {
        let page = r#"{"files":[{"filename":"tool-1.0-py3-none-any.whl","url":"https://files.example/a/tool-1.0-py3-none-any.whl"}]}"#;
        assert_eq!(
            link_to(page, FILE).unwrap(),
            "https://files.example/a/tool-1.0-py3-none-any.whl"
        );
    }

    #[test]
    fn the_html_form_names_the_address() {
        let page = r##"<a href="../../f/tool-1.0-py3-none-any.whl.metadata">x</a>
            <a href="../../f/tool-1.0-py3-none-any.whl#sha256=00">tool-1.0-py3-none-any.whl</a>"##;
        assert_eq!(
            link_to(page, FILE).unwrap(),
            "../../f/tool-1.0-py3-none-any.whl"
        );
        assert_eq!(link_to(page, "tool-2.0.whl"), None);
    }

    #[test]
    fn links_are_resolved_against_the_page() {
        let page = "https://index.example/simple/tool/";
        assert_eq!(
            absolute(page, "https://other.example/a"),
            "https://other.example/a"
        );
        assert_eq!(absolute(page, "/a"), "https://index.example/a");
        assert_eq!(
            absolute(page, "../../a"),
            "https://index.example/simple/tool/../../a"
        );
    }
}
