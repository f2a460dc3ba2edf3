//! Which words may not stand where: purity inside a crate, one door to SQLite, one door to Tauri.

use super::rust_text::{code_only, line_of, without_tests};
use super::tree::Tree;
use super::{Violation, is_test_file};

/// Words that mean the clock, chance, files or the network. Time and random bytes are arguments.
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "getrandom",
    "thread_rng",
    "OsRng",
    "now_v7",
    "new_v4",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "File::open",
    "TcpStream",
];

/// Planning names no library that acts.
const ACTING: &[&str] = &["rusqlite", "reqwest", "tokio", "std::time", "rand::"];

/// One rule: these words may not stand in code under `within`, except under `except`.
struct Rule {
    name: &'static str,
    within: &'static [&'static str],
    except: &'static [&'static str],
    words: &'static [&'static [&'static str]],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "pure-crates",
        within: &[
            "crates/domain/src/",
            "crates/protocol/src/",
            "crates/report/src/",
        ],
        except: &[],
        words: &[IMPURE],
        why: "domain, protocol and report take time, chance and bytes as arguments",
    },
    Rule {
        name: "planning-is-pure",
        within: &["crates/device/src/sync/"],
        except: &[],
        words: &[IMPURE, ACTING],
        why: "device/src/sync plans and the caller acts",
    },
    Rule {
        name: "one-door-to-sqlite",
        within: &["crates/", "sync-server/", "src-tauri/"],
        except: &[
            "crates/device/src/store/",
            "sync-server/src/storage/",
            "crates/device/tests/",
            "sync-server/tests/",
        ],
        words: &[&["rusqlite"]],
        why: "only device/src/store and sync-server/src/storage speak SQL",
    },
];

/// Checks all Rust files against the rules, and the faces against theirs.
pub fn check(tree: &Tree) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let rules: Vec<&Rule> = RULES.iter().filter(|rule| applies(rule, path)).collect();
        if rules.is_empty() || is_test_file(path) {
            continue;
        }
        let code = without_tests(&code_only(text));
        found.extend(rules.iter().flat_map(|rule| check_rule(rule, path, &code)));
    }
    found.extend(
        tree.ending(&[".ts", ".vue", ".js", ".mjs"])
            .flat_map(|(path, text)| one_backend_folder(path, text)),
    );
    found
}

fn applies(rule: &Rule, path: &str) -> bool {
    let under = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
    under(rule.within) && !under(rule.except) && !path.starts_with("crates/xtask/")
}

fn check_rule(rule: &Rule, path: &str, code: &str) -> Vec<Violation> {
    let words = rule.words.iter().copied().flatten();
    words
        .filter_map(|word| {
            let at = find_word(code, word)?;
            let text = format!("names {word}: {}", rule.why);
            Some(Violation::new(rule.name, path, line_of(code, at), &text))
        })
        .collect()
}

/// The first place where the word is not part of a longer one.
fn find_word(code: &str, word: &str) -> Option<usize> {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    code.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = code.get(..*at).and_then(|text| text.chars().next_back());
        let after = code
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && (word.ends_with(':') || !after.is_some_and(is_part))
    })
}

/// `@tauri-apps/*` may be imported in `ui/<app>/src/backend/` alone, so that a face runs in any browser.
fn one_backend_folder(path: &str, text: &str) -> Vec<Violation> {
    let mut parts = path.split('/');
    let place = (parts.next(), parts.next(), parts.next(), parts.next());
    if !path.starts_with("ui/")
        || matches!(place, (Some("ui"), Some(_), Some("src"), Some("backend")))
    {
        return Vec::new();
    }
    let Some(at) = text.find("@tauri-apps/") else {
        return Vec::new();
    };
    let why = "imports @tauri-apps outside ui/*/src/backend";
    vec![Violation::new(
        "one-backend-folder",
        path,
        line_of(text, at),
        why,
    )]
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&tree_of(&[(path, text)]))
            .into_iter()
            .map(|violation| violation.rule)
            .collect()
    }

    #[test]
    fn the_clock_in_a_pure_crate_is_found() {
        for word in IMPURE {
            let text = format!("fn f() {{ {word}; }}");
            for path in [
                "crates/domain/src/a.rs",
                "crates/protocol/src/a.rs",
                "crates/report/src/a.rs",
            ] {
                assert_eq!(rules(path, &text), ["pure-crates"], "{word} in {path}");
            }
        }
    }

    #[test]
    fn prose_and_tests_may_name_the_clock() {
        let text = "/// Never SystemTime.\nfn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert!(rules("crates/domain/src/a.rs", text).is_empty());
        assert!(rules("crates/domain/src/a/tests.rs", "use std::fs;").is_empty());
        assert!(
            rules(
                "crates/domain/src/a.rs",
                "struct MySystemTimeless; fn randomly() {}"
            )
            .is_empty()
        );
    }

    #[test]
    fn planning_that_acts_is_found() {
        for word in [
            "rusqlite::Connection",
            "reqwest::Client",
            "tokio::spawn",
            "std::time::Instant",
            "rand::random",
        ] {
            let found = rules("crates/device/src/sync/plan.rs", &format!("use {word};"));
            assert!(found.contains(&"planning-is-pure"), "{word}");
        }
        assert!(rules("crates/device/src/transport.rs", "use reqwest::Client;").is_empty());
    }

    #[test]
    fn sql_outside_its_doors_is_found() {
        let text = "use rusqlite::Connection;";
        for path in [
            "crates/device/src/usecases/a.rs",
            "sync-server/src/steps/push.rs",
            "src-tauri/src/main.rs",
        ] {
            assert_eq!(rules(path, text), ["one-door-to-sqlite"], "{path}");
        }
        for path in [
            "crates/device/src/store/mod.rs",
            "sync-server/src/storage/mod.rs",
            "tests/tests/a.rs",
        ] {
            assert!(rules(path, text).is_empty(), "{path}");
        }
    }

    #[test]
    fn tauri_outside_the_backend_folder_is_found() {
        let text = "import { invoke } from '@tauri-apps/api/core'";
        assert_eq!(
            rules("ui/field/src/pages/today.ts", text),
            ["one-backend-folder"]
        );
        assert_eq!(rules("ui/field/src/App.vue", text), ["one-backend-folder"]);
        assert!(rules("ui/field/src/backend/invoke.ts", text).is_empty());
    }
}
