//! Sizes and forms: lines of a file, lines of a function, the header, notes left behind.

use super::rust_text::{code_only, item_end, line_of, without_tests};
use super::tree::Tree;
use super::{Violation, is_test_file};

/// No source file is longer; most are under 200.
const FILE_LINES: usize = 600;
/// No Vue component is longer; most are under 80.
const VUE_LINES: usize = 300;
/// No function is longer, signature and closing brace counted; most are under 35.
const FUNCTION_LINES: usize = 70;

/// Checks every source file.
pub fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (path, text) in tree.ending(&[".rs", ".ts", ".vue"]) {
        found.extend(file_length(path, text));
        found.extend(notes(path, text));
    }
    for (path, text) in tree.ending(&[".rs"]) {
        found.extend(header(path, text));
        found.extend(function_lengths(path, text));
    }
    found
}

fn file_length(path: &str, text: &str) -> Option<Violation> {
    let limit = if path.ends_with(".vue") {
        VUE_LINES
    } else {
        FILE_LINES
    };
    let lines = text.lines().count();
    let says = format!("has {lines} lines, {limit} are the most; split it by idea");
    (lines > limit).then(|| Violation::new("file-length", path, lines, &says))
}

/// A note about something to do belongs to the list of work; in the source it is forgotten.
fn notes(path: &str, text: &str) -> Vec<Violation> {
    const WORDS: &[&str] = &[
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
    ];
    let is_word = |line: &str, word: &str| {
        line.split(|char: char| !char.is_alphanumeric() && char != '_')
            .any(|part| part == word)
    };
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let word = WORDS.iter().find(|word| is_word(line, word))?;
            Some(Violation::new(
                "notes",
                path,
                index + 1,
                &format!("holds a {word}"),
            ))
        })
        .collect()
}

/// A file says in its first line what it owns. Tests are named by what they test.
fn header(path: &str, text: &str) -> Option<Violation> {
    let starts = text.trim_start_matches('\u{feff}').starts_with("//!");
    let why = "does not open with //! saying what it owns";
    (!starts && !is_test_file(path)).then(|| Violation::new("header", path, 1, why))
}

fn function_lengths(path: &str, text: &str) -> Vec<Violation> {
    let code = if is_test_file(path) {
        code_only(text)
    } else {
        without_tests(&code_only(text))
    };
    functions(&code)
        .into_iter()
        .filter_map(|(line, name, lines)| {
            let says = format!("fn {name} has {lines} lines, {FUNCTION_LINES} are the most");
            (lines > FUNCTION_LINES).then(|| Violation::new("function-length", path, line, &says))
        })
        .collect()
}

/// Line, name and length of every function that has a body.
fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let rest = code.get(at + 3..).unwrap_or_default();
        let name: String = rest
            .chars()
            .take_while(|char| char.is_alphanumeric() || *char == '_')
            .collect();
        if name.is_empty() || before.is_some_and(|char| !char.is_whitespace() && char != '(') {
            continue;
        }
        let (start, end) = (line_of(code, at), line_of(code, item_end(code, at)));
        found.push((start, name, end - start + 1));
    }
    found
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
    fn a_long_file_is_found() {
        let fits = format!("//! Owns.\n{}", "// line\n".repeat(FILE_LINES - 1));
        assert!(rules("crates/a/src/a.rs", &fits).is_empty());
        assert_eq!(
            rules("crates/a/src/a.rs", &format!("{fits}// one more\n")),
            ["file-length"]
        );
        assert_eq!(
            rules("ui/field/src/a.ts", &"a\n".repeat(FILE_LINES + 1)),
            ["file-length"]
        );
        assert_eq!(
            rules("ui/field/src/A.vue", &"a\n".repeat(VUE_LINES + 1)),
            ["file-length"]
        );
    }

    #[test]
    fn a_long_function_is_found_and_named() {
        let text = format!(
            "//! Owns.\nimpl A {{\n    pub fn long(&self) {{\n{}    }}\n}}\n",
            "        a();\n".repeat(69)
        );
        let found = check(&tree_of(&[("crates/a/src/a.rs", &text)]));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].line, found[0].text.as_str()),
            (3, "fn long has 71 lines, 70 are the most")
        );
        assert!(rules("crates/a/src/a.rs", &text.replacen("        a();\n", "", 1)).is_empty());
    }

    #[test]
    fn an_array_length_does_not_end_a_signature() {
        let code = "fn f(a: [u8; 4]) {\n a();\n}\nfn g();\n";
        assert_eq!(
            functions(code),
            [(1, "f".to_owned(), 3), (4, "g".to_owned(), 1)]
        );
    }

    #[test]
    fn a_missing_header_is_found() {
        assert_eq!(rules("crates/a/src/a.rs", "fn a() {}"), ["header"]);
        assert!(rules("crates/a/tests/a.rs", "fn a() {}").is_empty());
    }

    #[test]
    fn a_note_is_found() {
        let text = format!("//! Owns.\n// {}: later\n", concat!("TO", "DO"));
        assert_eq!(rules("crates/a/src/a.rs", &text), ["notes"]);
        assert!(rules("ui/a.ts", "const todo = 1; const TODOS = 2").is_empty());
    }
}
