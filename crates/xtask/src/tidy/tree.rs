//! The source as values: every file of the checkout that git knows or would take, and the crates.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::run;

/// All text files by path from the top folder, with `/`.
#[derive(Default)]
pub struct Tree {
    /// Path → text.
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// What git tracks or would add; binary files are left out.
    ///
    /// # Errors
    /// When git cannot list, or a listed file cannot be read.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let mut git = Command::new("git");
        git.current_dir(root)
            .args(["-c", "core.quotePath=off", "ls-files", "-z"]);
        let listing = run::capture(git.args(["--cached", "--others", "--exclude-standard"]))?;
        let mut files = BTreeMap::new();
        for path in listing.split('\0').filter(|path| !path.is_empty()) {
            let full = root.join(path);
            if !full.is_file() {
                continue;
            }
            let bytes = fs::read(&full).map_err(|error| Failure::io("read", &full, error))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    /// Files whose path ends in one of these.
    pub fn ending<'a>(&'a self, ends: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fits = |path: &str| ends.iter().any(|end| path.ends_with(end));
        self.files
            .iter()
            .filter(move |(path, _)| fits(path))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// One crate as cargo resolved it.
#[derive(Default)]
pub struct Package {
    /// Whether it is a member of this workspace.
    pub ours: bool,
    /// What it names under any kind of dependencies.
    pub direct: BTreeSet<String>,
    /// What it needs to be built and run; tests left out.
    pub shipped: BTreeSet<String>,
}

/// Crates by name. Two versions of one crate are one entry: the rules are about names.
pub type Packages = BTreeMap<String, Package>;

/// The crates of the workspace and everything they pull in on this system.
///
/// # Errors
/// When cargo fails or says something unexpected.
pub fn packages(root: &Path) -> Result<Packages, Failure> {
    let mut cargo = Command::new("cargo");
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    cargo.current_dir(root).args([
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        &target,
    ]);
    let said = run::capture(&mut cargo)?;
    let value: Value = serde_json::from_str(&said)
        .map_err(|error| Failure::Failed(format!("cargo metadata is not JSON: {error}")))?;
    read_packages(&value)
        .ok_or_else(|| Failure::Failed("cargo metadata has another form than expected".into()))
}

fn read_packages(metadata: &Value) -> Option<Packages> {
    let mut names = BTreeMap::new();
    for package in metadata.get("packages")?.as_array()? {
        names.insert(package.get("id")?.as_str()?, package.get("name")?.as_str()?);
    }
    let members: Vec<&str> = metadata
        .get("workspace_members")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut packages = Packages::new();
    for node in metadata.get("resolve")?.get("nodes")?.as_array()? {
        let id = node.get("id")?.as_str()?;
        let entry = packages.entry((*names.get(id)?).to_owned()).or_default();
        entry.ours |= members.contains(&id);
        for dependency in node.get("deps")?.as_array()? {
            let name = (*names.get(dependency.get("pkg")?.as_str()?)?).to_owned();
            let kinds = dependency.get("dep_kinds")?.as_array()?;
            if kinds
                .iter()
                .any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
            {
                entry.shipped.insert(name.clone());
            }
            entry.direct.insert(name);
        }
    }
    Some(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_of_tests_only_is_not_shipped() {
        let metadata = serde_json::json!({
            "packages": [{"id": "a", "name": "alpha"}, {"id": "b", "name": "beta"}, {"id": "c", "name": "gamma"}],
            "workspace_members": ["a"],
            "resolve": {"nodes": [{"id": "a", "deps": [
                {"pkg": "b", "dep_kinds": [{"kind": null}]},
                {"pkg": "c", "dep_kinds": [{"kind": "dev"}]},
            ]}]},
        });
        let packages = read_packages(&metadata).unwrap();
        let alpha = &packages["alpha"];
        assert!(alpha.ours);
        assert_eq!(alpha.direct.len(), 2);
        assert_eq!(alpha.shipped.iter().collect::<Vec<_>>(), ["beta"]);
    }
}
