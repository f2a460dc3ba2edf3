//! For which system a line is compiled: the words inside `#[cfg(…)]`, as far as they name systems.

/// The systems that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Where this command runs.
    Desktop,
    /// What it checks for.
    Android,
    /// What nothing here compiles.
    Ios,
}

/// Whether `predicate` holds on `system`. A word that names no system holds nowhere.
pub fn holds(predicate: &str, system: System) -> bool {
    let predicate = predicate.trim();
    match predicate.split_once('(') {
        Some((word, inside)) => {
            let inside = inside.strip_suffix(')').unwrap_or(inside);
            let mut parts = arguments(inside).into_iter();
            match word.trim() {
                "not" => !parts.any(|part| holds(part, system)),
                "all" => parts.all(|part| holds(part, system)),
                "any" => parts.any(|part| holds(part, system)),
                _ => false,
            }
        }
        None => atom(predicate, system),
    }
}

fn atom(word: &str, system: System) -> bool {
    let os = match system {
        System::Desktop => "linux",
        System::Android => "android",
        System::Ios => "ios",
    };
    match word.split_once('=') {
        Some((name, value)) => name.trim() == "target_os" && value.trim().trim_matches('"') == os,
        None => match word {
            "mobile" => system != System::Desktop,
            "desktop" => system == System::Desktop,
            "unix" => true,
            _ => false,
        },
    }
}

/// Splits at the commas that stand inside no brackets.
pub fn arguments(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut parts = text
        .split(|character| {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            character == ',' && depth == 0
        })
        .map(str::trim)
        .collect::<Vec<_>>();
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_compiles_what_is_read_from_the_words() {
        use System::{Android, Desktop, Ios};
        for (predicate, on) in [
            ("mobile", [false, true, true]),
            ("desktop", [true, false, false]),
            ("target_os = \"ios\"", [false, false, true]),
            ("not(target_os = \"linux\")", [false, true, true]),
            (
                "any(target_os = \"android\", target_os = \"ios\")",
                [false, true, true],
            ),
            (
                "all(mobile, not(target_os = \"ios\"))",
                [false, true, false],
            ),
            (
                "not(any(target_os = \"android\", target_os = \"ios\",))",
                [true, false, false],
            ),
            ("test", [false, false, false]),
        ] {
            let read = [Desktop, Android, Ios].map(|system| holds(predicate, system));
            assert_eq!(read, on, "{predicate}");
        }
    }
}
