//! Building both faces. Their files are embedded in the server and the app, so this comes before cargo.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;
use crate::setup::node;

/// Folders that are results, not sources.
const RESULTS: &[&str] = &[
    "node_modules",
    "dist",
    "dist-gallery",
    "dist-bridge",
    "coverage",
    "test-results",
];

/// What is built from the same sources: the faces themselves, and their galleries of components.
struct Build {
    what: &'static str,
    script: &'static str,
    stamp: &'static str,
    pages: &'static [&'static str],
}

const FACES: Build = Build {
    what: "both faces",
    script: "build",
    stamp: ".faces-built",
    pages: &["field/dist/index.html", "console/dist/index.html"],
};

const GALLERIES: Build = Build {
    what: "the galleries of components, and the field app over the bridge",
    script: "gallery",
    stamp: ".galleries-built",
    pages: &[
        "field/dist-gallery/gallery.html",
        "field/dist-bridge/index.html",
        "console/dist-gallery/gallery.html",
    ],
};

/// Builds `ui/field/dist` and `ui/console/dist` when their sources changed since the last build.
///
/// Sources are compared by content: regenerated types with the same text must not cost a build of
/// the faces and then one of the programs that embed them.
///
/// # Errors
/// When npm fails or leaves a face without its page.
pub fn build(checkout: &Checkout) -> Result<(), Failure> {
    build_one(checkout, &FACES)
}

/// Builds the galleries and the bridge's page, for pictures, checks and measuring alone. No release holds them.
///
/// # Errors
/// As [`build`].
pub fn build_galleries(checkout: &Checkout) -> Result<(), Failure> {
    build_one(checkout, &GALLERIES)
}

fn build_one(checkout: &Checkout, build: &Build) -> Result<(), Failure> {
    let folder = checkout.ui();
    if !folder.join("package.json").is_file() {
        println!("ui: no ui/package.json, nothing to build");
        return Ok(());
    }
    let sources = fingerprint(&folder)?;
    let stamp = folder.join("node_modules").join(build.stamp);
    let pages: Vec<PathBuf> = build.pages.iter().map(|page| folder.join(page)).collect();
    let built = fs::read_to_string(&stamp).is_ok_and(|text| text == sources);
    if built && pages.iter().all(|page| page.is_file()) {
        return Ok(());
    }
    println!("ui: building {}", build.what);
    run::finish(
        node::ensure()?
            .npm()
            .args(["run", build.script])
            .current_dir(&folder),
    )?;
    if let Some(page) = pages.iter().find(|page| !page.is_file()) {
        return Err(Failure::Failed(format!(
            "`npm run {}` ended well but made no {}",
            build.script,
            page.display()
        )));
    }
    fs::write(&stamp, sources).map_err(|error| Failure::io("write", &stamp, error))
}

/// One number over all source files: their paths and their bytes.
fn fingerprint(folder: &Path) -> Result<String, Failure> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)
            .map_err(|error| Failure::io("read", &file, error))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("list", folder, error))?;
    for entry in entries {
        let path = entry
            .map_err(|error| Failure::io("list", folder, error))?
            .path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if RESULTS.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_changes_the_fingerprint_and_a_result_does_not() {
        let folder = std::env::temp_dir().join(format!("xtask-ui-{}", std::process::id()));
        fs::create_dir_all(folder.join("field/src")).unwrap();
        fs::create_dir_all(folder.join("field/dist")).unwrap();
        fs::write(folder.join("field/src/a.ts"), "1").unwrap();
        let first = fingerprint(&folder).unwrap();

        fs::write(folder.join("field/dist/index.html"), "built").unwrap();
        fs::write(folder.join("field/src/a.ts"), "1").unwrap();
        assert_eq!(fingerprint(&folder).unwrap(), first);

        fs::write(folder.join("field/src/a.ts"), "2").unwrap();
        assert_ne!(fingerprint(&folder).unwrap(), first);
        fs::remove_dir_all(&folder).unwrap();
    }
}
