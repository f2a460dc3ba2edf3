//! Rust source reduced to its code: comments, texts and tests become spaces, lines stay where they are.

/// Replaces comments, string and character literals by spaces.
///
/// A small scanner and not a parser: it knows nested comments, raw strings and lifetimes, which is all
/// that could make a word of prose look like code.
pub fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        let end = match char {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => comment_end(&chars, at),
            '"' => string_end(&chars, at + 1),
            'r' | 'b' | 'c' if !follows_word(&chars, at) => {
                raw_or_byte_end(&chars, at).unwrap_or(at)
            }
            '\'' => char_end(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(char);
            at += 1;
        } else {
            let blanked = chars.get(at..end).unwrap_or_default();
            out.extend(
                blanked
                    .iter()
                    .map(|char| if *char == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

/// Replaces every `#[cfg(test)] mod … { … }` and `#[cfg(test)] fn … { … }` by spaces. Takes [`code_only`] text.
pub fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(start) = out
        .get(from..)
        .and_then(|rest| rest.find("#[cfg(test)]"))
        .map(|at| at + from)
    {
        let end = item_end(&out, start);
        let blank: String = out
            .get(start..end)
            .unwrap_or_default()
            .chars()
            .map(|char| if char == '\n' { '\n' } else { ' ' })
            .collect();
        from = start + blank.len();
        out.replace_range(start..end, &blank);
    }
    out
}

/// Where the item that begins at `start` ends: after its `;`, or after the brace that closes its first one.
pub fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut round = 0_usize;
    for (at, char) in code.get(start..).unwrap_or_default().char_indices() {
        match char {
            '(' | '[' => round += 1,
            ')' | ']' => round = round.saturating_sub(1),
            '{' => depth += 1,
            '}' if depth == 1 => return start + at + 1,
            '}' => depth = depth.saturating_sub(1),
            ';' if depth == 0 && round == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Byte offset → line, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}

fn follows_word(chars: &[char], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|char| char.is_alphanumeric() || *char == '_')
}

fn line_end(chars: &[char], from: usize) -> usize {
    chars
        .iter()
        .skip(from)
        .position(|char| *char == '\n')
        .map_or(chars.len(), |at| from + at)
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < chars.len() {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('/'), Some('*')) => (depth, at) = (depth + 1, at + 2),
            (Some('*'), Some('/')) if depth == 1 => return at + 2,
            (Some('*'), Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of a string whose first character inside is at `at`.
fn string_end(chars: &[char], mut at: usize) -> usize {
    while let Some(char) = chars.get(at) {
        match char {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `b"…"`, `c"…"`, `r"…"`, `br#"…"#`, `b'…'`; none when it is just a word that begins with that letter.
fn raw_or_byte_end(chars: &[char], from: usize) -> Option<usize> {
    let prefix: String = chars
        .iter()
        .skip(from)
        .take(2)
        .take_while(|char| "brc".contains(**char))
        .collect();
    let raw = prefix.ends_with('r');
    let mut at = from + prefix.len();
    let hashes = chars
        .iter()
        .skip(at)
        .take_while(|char| raw && **char == '#')
        .count();
    at += hashes;
    match chars.get(at)? {
        '"' if raw => {
            let closing: Vec<char> = std::iter::once('"')
                .chain(std::iter::repeat_n('#', hashes))
                .collect();
            let inside = chars.get(at + 1..)?;
            let end = inside
                .windows(closing.len())
                .position(|window| window == closing.as_slice());
            Some(end.map_or(chars.len(), |end| at + 1 + end + closing.len()))
        }
        '"' => Some(string_end(chars, at + 1)),
        '\'' if prefix == "b" => char_end(chars, at),
        _ => None,
    }
}

/// The end of `'x'` or `'\n'`; none for a lifetime.
fn char_end(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1)? == &'\\' {
        // The character after the backslash may itself be a quote.
        let rest = chars.get(at + 3..)?;
        return rest
            .iter()
            .take(12)
            .position(|char| *char == '\'')
            .map(|end| at + 3 + end + 1);
    }
    (chars.get(at + 2)? == &'\'').then_some(at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_goes_and_code_stays() {
        let text = "let a = \"std::fs\"; // std::fs\n/* x /* std::fs */ y */ let b = r#\"std::\"fs\"#; keep::it();\n";
        let code = code_only(text);
        assert!(!code.contains("std"), "{code}");
        assert!(
            code.contains("let a =") && code.contains("let b =") && code.contains("keep::it();")
        );
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn quotes_in_characters_do_not_open_a_string() {
        let code = code_only(
            r#"fn f<'a>(x: &'a str) { if c == '"' || c == '\'' || d == b'"' { SystemTime } }"#,
        );
        assert!(
            code.contains("SystemTime") && code.contains("<'a>"),
            "{code}"
        );
    }

    #[test]
    fn words_that_begin_like_raw_strings_stay() {
        assert_eq!(
            code_only("break; crate::b; r#type"),
            "break; crate::b; r#type"
        );
    }

    #[test]
    fn tests_go_and_what_follows_stays() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if x { y } } }\nfn c() {}\n#[cfg(test)]\nmod other;\nfn d() {}";
        let rest = without_tests(code);
        assert!(!rest.contains("fn b") && !rest.contains("other"));
        assert!(rest.contains("fn a") && rest.contains("fn c") && rest.contains("fn d"));
        assert_eq!(rest.lines().count(), code.lines().count());
    }
}
