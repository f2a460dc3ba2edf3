//! A check that cannot turn red is none. In a copy of the source an error of types is planted at every line that phones
//! alone compile, and at the end of every file that they alone read; the compiler must name each.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::lines::{Attribute, attributes, files_read};
use super::{CRATES, TARGETS};
use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// Copied file by file; the rest of the workspace is only linked to.
const COPIED: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "crates",
    "src-tauri",
    "rust-toolchain.toml",
];
const LINKED: [&str; 3] = ["sync-server", "tests", "ui"];

/// The copy that errors are planted in.
const COPY: &str = "planted";

/// A crate that phones run.
struct Crate {
    name: String,
    /// Its sources by their path in the checkout.
    sources: Vec<(PathBuf, String)>,
}

/// Removes the copy of the last run. Cargo takes a crate of it for the one of the checkout, and looks at the copy's files to
/// see whether it has changed: while they lie there, what was changed in the checkout since is not read at all.
///
/// # Errors
/// `Io` of the disk.
pub fn forget(place: &Path) -> Result<(), Failure> {
    let copy = place.join(COPY);
    match std::fs::remove_dir_all(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::io("remove", &copy, error))
        }
        _ => Ok(()),
    }
}

/// Plants and looks, crate by crate: an error in one keeps the crates above it from being read. `cargo` makes the command
/// that checks all of them for a target in a folder: always all, or their dependencies would get other features and be
/// compiled once more. Answers with what was found, in words.
///
/// # Errors
/// With the first planted error that the compiler did not name.
pub fn check(
    checkout: &Checkout,
    place: &Path,
    cargo: impl Fn(&str, &Path) -> Command,
) -> Result<String, Failure> {
    let copy = place.join(COPY);
    let tracked = mirror(checkout, &copy)?;
    let crates = crates(checkout, &tracked)?;
    let (mut count, mut files) = (0, 0);
    for one in &crates {
        let planted = plant(one);
        if planted.is_empty() {
            continue;
        }
        for (file, text, _) in &planted {
            put(&copy.join(file), text)?;
        }
        for target in TARGETS {
            let said = match run::capture(&mut cargo(target, &copy)) {
                Err(Failure::Failed(text)) => text,
                Err(failure) => return Err(failure),
                Ok(_) => String::new(),
            };
            let labels = planted.iter().flat_map(|(_, _, labels)| labels);
            all_named(labels, &said, target)?;
        }
        for (file, text) in &one.sources {
            put(&copy.join(file), text)?;
        }
        count += planted
            .iter()
            .map(|(_, _, labels)| labels.len())
            .sum::<usize>();
        files += planted.len();
    }
    Ok(format!(
        "each of {count} planted errors in {files} files turns it red; lines that only iOS compiles stand in {} files and are \
         read by nothing here (docs/phones.md)",
        crates.iter().map(only_ios).sum::<usize>()
    ))
}

/// How many files of a crate hold lines that only iOS compiles, or are read by iOS alone.
fn only_ios(one: &Crate) -> usize {
    let mut files = files_read(&one.sources, Attribute::is_only_ios);
    let with_lines = one
        .sources
        .iter()
        .filter(|(_, text)| attributes(text).iter().any(Attribute::is_only_ios));
    files.extend(with_lines.map(|(file, _)| file.clone()));
    files.len()
}

fn all_named<'a>(
    labels: impl Iterator<Item = &'a String>,
    said: &str,
    target: &str,
) -> Result<(), Failure> {
    let lost: Vec<&str> = labels
        .filter(|label| !said.contains(&format!("{label}\"")))
        .map(String::as_str)
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let last: Vec<&str> = said.lines().rev().take(20).collect();
    Err(Failure::Failed(format!(
        "{target}: the compiler did not name the errors {}: the check does not read these lines. It ended with:\n{}",
        lost.join(", "),
        last.into_iter().rev().collect::<Vec<_>>().join("\n")
    )))
}

/// The files of a crate that get an error, with it, and what each error is called.
fn plant(one: &Crate) -> Vec<(PathBuf, String, Vec<String>)> {
    let whole = files_read(&one.sources, Attribute::is_androids);
    let mut planted = Vec::new();
    for (file, text) in &one.sources {
        let mut labels = Vec::new();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        // From the end, so that the lines before keep their numbers.
        for attribute in attributes(text).iter().rev() {
            if attribute.is_androids() && !attribute.whole {
                let label = format!("planted {}:{}", file.display(), attribute.line);
                let error = format!("#[cfg({})] {}", attribute.predicate, error(&label));
                lines.insert(attribute.before - 1, error);
                labels.push(label);
            }
        }
        if whole.contains(file) {
            let label = format!("planted {}:end", file.display());
            lines.push(error(&label));
            labels.push(label);
        }
        if !labels.is_empty() {
            planted.push((file.clone(), lines.join("\n") + "\n", labels));
        }
    }
    planted
}

/// Right by its grammar, so that the compiler reads on, and wrong by its type.
fn error(label: &str) -> String {
    format!("const _: () = \"{label}\";")
}

/// The crates of the workspace that phones run.
fn crates(checkout: &Checkout, tracked: &[PathBuf]) -> Result<Vec<Crate>, Failure> {
    let mut tree = Command::new("cargo");
    tree.args([
        "tree", "--locked", "--quiet", "--edges", "normal", "--prefix", "none",
    ]);
    tree.args(["--format", "{p}", "--target"])
        .arg(TARGETS[0])
        .args(CRATES);
    let said = run::capture(tree.current_dir(checkout.root()))?;
    let root = checkout.root().display().to_string();
    let mut found: Vec<Crate> = Vec::new();
    for line in said.lines() {
        // `xunji-camera v0.1.0 (/the/checkout/src-tauri/plugins/camera)`
        let Some((name, folder)) = line.split_once(' ').and_then(|(name, rest)| {
            let (_, path) = rest.split_once(&format!("({root}/"))?;
            Some((name, path.split(')').next()?))
        }) else {
            continue;
        };
        if found.iter().any(|one| one.name == name) {
            continue;
        }
        let sources = sources(checkout, &Path::new(folder).join("src"), tracked)?;
        found.push(Crate {
            name: name.to_owned(),
            sources,
        });
    }
    Ok(found)
}

fn sources(
    checkout: &Checkout,
    folder: &Path,
    tracked: &[PathBuf],
) -> Result<Vec<(PathBuf, String)>, Failure> {
    tracked
        .iter()
        .filter(|file| file.starts_with(folder) && file.extension().is_some_and(|end| end == "rs"))
        .map(|file| {
            let path = checkout.root().join(file);
            let text = fs::read_to_string(&path).map_err(|e| Failure::io("read", &path, e))?;
            Ok((file.clone(), text))
        })
        .collect()
}

/// Makes `copy` a workspace like the checkout's and gives the paths of what was copied.
fn mirror(checkout: &Checkout, copy: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let said = run::capture(git.args(COPIED).current_dir(checkout.root()))?;
    let tracked: Vec<PathBuf> = said
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|file| checkout.root().join(file).is_file())
        .collect();
    for file in &tracked {
        let from = checkout.root().join(file);
        let bytes = fs::read(&from).map_err(|e| Failure::io("read", &from, e))?;
        put(&copy.join(file), bytes)?;
    }
    for name in LINKED {
        let link = copy.join(name);
        let to = checkout.root().join(name);
        if fs::read_link(&link).is_ok_and(|found| found == to) {
            continue;
        }
        if link.is_symlink() {
            fs::remove_file(&link).map_err(|e| Failure::io("remove", &link, e))?;
        }
        symlink(&to, &link).map_err(|e| Failure::io("link", &link, e))?;
    }
    Ok(tracked)
}

/// Written only where it differs: an untouched file is not compiled again.
fn put(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|found| found == bytes.as_ref()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|e| Failure::io("write", path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_before_the_item_and_at_the_end_of_what_phones_alone_read() {
        let mod_rs =
            "/// Says.\n#[cfg(mobile)]\nfn a() {}\n#[cfg_attr(mobile, path = \"b.rs\")]\nmod b;\n";
        let one = Crate {
            name: "x".into(),
            sources: vec![
                ("m/mod.rs".into(), mod_rs.into()),
                ("m/b.rs".into(), "fn b() {}\n".into()),
                ("m/c.rs".into(), "#[cfg(desktop)]\nfn c() {}\n".into()),
            ],
        };
        let planted = plant(&one);
        let texts: Vec<_> = planted.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "#[cfg(mobile)] const _: () = \"planted m/mod.rs:2\";\n/// Says.\n#[cfg(mobile)]\nfn a() {}\n\
                 #[cfg(mobile)] const _: () = \"planted m/mod.rs:4\";\n#[cfg_attr(mobile, path = \"b.rs\")]\nmod b;\n",
                "fn b() {}\nconst _: () = \"planted m/b.rs:end\";\n",
            ]
        );
    }

    #[test]
    fn an_error_that_the_compiler_does_not_name_is_a_failure() {
        let labels = ["planted a.rs:1".to_owned(), "planted a.rs:12".to_owned()];
        let said = "const _: () = \"planted a.rs:12\";";
        let failure = all_named(labels.iter(), said, "phone").unwrap_err();
        let sentence = failure.sentence().unwrap_or_default();
        assert!(
            sentence.contains("errors planted a.rs:1: the"),
            "{sentence}"
        );
        assert!(all_named(labels.iter().skip(1), said, "phone").is_ok());
    }

    /// The page for people names every file of which nothing here compiles a line.
    #[test]
    fn the_page_says_which_lines_only_ios_compiles() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let page = fs::read_to_string(root.join("docs/phones.md")).unwrap();
        let said = run::capture(
            Command::new("git")
                .args(["ls-files", "src-tauri", "crates"])
                .current_dir(&root),
        );
        for file in said.unwrap().lines().filter(|name| name.ends_with(".rs")) {
            let text = fs::read_to_string(root.join(file)).unwrap();
            let sources = [(PathBuf::from(file), text)];
            let only = attributes(&sources[0].1).iter().any(Attribute::is_only_ios);
            assert!(!only || page.contains(&format!("`{file}`")), "{file}");
            for read in files_read(&sources, Attribute::is_only_ios) {
                assert!(
                    page.contains(&format!("`{}`", read.display())),
                    "{}",
                    read.display()
                );
            }
        }
    }
}
