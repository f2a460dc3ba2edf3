//! Where the source has lines that only phones compile: looked for, never listed, so that a new one is found by itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::predicate::{System, arguments, holds};

/// One `#[cfg(…)]`, `#[cfg_attr(…)]` or `#![cfg(…)]` of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Counted from 1.
    pub line: usize,
    /// The line of the first attribute or comment that belongs to the same item: what is put before it harms none.
    pub before: usize,
    /// For whom.
    pub predicate: String,
    /// The file that the next `mod` is read from, where it names one.
    pub path: Option<String>,
    /// Whether it stands for the whole file.
    pub whole: bool,
}

impl Attribute {
    /// Compiled for Android, not on a desktop.
    pub fn is_androids(&self) -> bool {
        holds(&self.predicate, System::Android) && !holds(&self.predicate, System::Desktop)
    }

    /// Compiled for iOS and nowhere else.
    pub fn is_only_ios(&self) -> bool {
        let elsewhere = [System::Android, System::Desktop];
        holds(&self.predicate, System::Ios)
            && !elsewhere
                .iter()
                .any(|&system| holds(&self.predicate, system))
    }
}

/// All of a file.
pub fn attributes(text: &str) -> Vec<Attribute> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut number = 0;
    let mut block = None;
    while let Some(line) = lines.get(number).map(|line| line.trim_start()) {
        let begins = number;
        if !line.starts_with("#[") && !line.starts_with("#![") {
            block = line.starts_with("///").then(|| block.unwrap_or(number));
            number += 1;
            continue;
        }
        // rustfmt may have broken it into several lines.
        let mut whole = line.trim().to_owned();
        while !whole.ends_with(']') && number + 1 < lines.len() {
            number += 1;
            whole.push(' ');
            whole.push_str(lines.get(number).map_or("", |line| line.trim()));
        }
        number += 1;
        let first = *block.get_or_insert(begins);
        found.extend(read(&whole, begins + 1, first + 1));
    }
    found
}

fn read(text: &str, line: usize, before: usize) -> Option<Attribute> {
    let whole = text.starts_with("#![");
    let inside = text.trim_start_matches(['#', '!', '[']).strip_suffix(']')?;
    let (word, inside) = inside.split_once('(')?;
    let parts = arguments(inside.strip_suffix(')')?);
    let path = parts.iter().find_map(|part| {
        let (name, value) = part.split_once('=')?;
        (name.trim() == "path").then(|| value.trim().trim_matches('"').to_owned())
    });
    matches!(word, "cfg" | "cfg_attr").then(|| Attribute {
        line,
        before,
        predicate: parts.first().copied().unwrap_or_default().to_owned(),
        path,
        whole,
    })
}

/// The files of a crate that are read for one system alone, because the `mod` line says so.
pub fn files_read(
    sources: &[(PathBuf, String)],
    wanted: impl Fn(&Attribute) -> bool,
) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for (file, text) in sources {
        for attribute in attributes(text).iter().filter(|a| wanted(a)) {
            if attribute.whole {
                found.insert(file.clone());
            }
            let folder = file.parent().unwrap_or(Path::new(""));
            found.extend(attribute.path.iter().map(|path| folder.join(path)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "#![cfg(mobile)]\n\n/// Says.\n#[cfg(\n    target_os = \"ios\",\n)]\n#[inline]\nfn a() {}\n\n\
                        #[allow(x)]\n#[cfg_attr(target_os = \"android\", path = \"phone.rs\")]\nmod b;\n";

    #[test]
    fn every_cfg_is_found_with_its_line_and_the_item_it_belongs_to() {
        let found = attributes(TEXT);
        let places: Vec<_> = found.iter().map(|a| (a.line, a.before, a.whole)).collect();
        assert_eq!(places, [(1, 1, true), (4, 3, false), (11, 10, false)]);
        assert!(found[0].is_androids() && found[1].is_only_ios() && found[2].is_androids());
    }

    #[test]
    fn files_that_only_phones_read_are_found() {
        let sources = [(PathBuf::from("src/x/mod.rs"), TEXT.to_owned())];
        let files = files_read(&sources, Attribute::is_androids);
        let files: Vec<_> = files.iter().map(|file| file.to_str().unwrap()).collect();
        assert_eq!(files, ["src/x/mod.rs", "src/x/phone.rs"]);
        assert!(files_read(&sources, Attribute::is_only_ios).is_empty());
    }
}
