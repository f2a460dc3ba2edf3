//! The list of exceptions: each with its reason, and each still needed.

use super::Violation;

/// Where the list lies, seen from the top folder.
pub const PATH: &str = "crates/xtask/allow.txt";

/// Takes away what the list allows. A line is `rule path reason`; a path that ends in `/` is a folder.
/// A line without a reason, or one that allows nothing, is a violation itself.
pub fn apply(list: &str, found: Vec<Violation>) -> Vec<Violation> {
    let mut left = found;
    for (index, line) in list
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let mut words = line.split_whitespace();
        let (rule, path, reason) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next(),
        );
        let before = left.len();
        left.retain(|violation| !(violation.rule == rule && covers(path, &violation.path)));
        if reason.is_none() {
            left.push(Violation::new(
                "allow-list",
                PATH,
                index + 1,
                "gives no reason",
            ));
        } else if left.len() == before {
            left.push(Violation::new(
                "allow-list",
                PATH,
                index + 1,
                "allows what nobody does; remove it",
            ));
        }
    }
    left
}

fn covers(allowed: &str, path: &str) -> bool {
    if allowed.ends_with('/') {
        path.starts_with(allowed)
    } else {
        path == allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(path: &str) -> Violation {
        Violation::new("file-length", path, 700, "long")
    }

    #[test]
    fn only_that_rule_at_that_place_is_allowed() {
        let list =
            "# exceptions\n\nfile-length a/data.rs one table\nfile-length gen/ made by a program\n";
        let left = apply(
            list,
            vec![long("a/data.rs"), long("gen/b.ts"), long("a/code.rs")],
        );
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].path, "a/code.rs");
    }

    #[test]
    fn a_line_without_reason_or_use_is_found() {
        let left = apply("file-length a.rs\nnotes b.rs because\n", vec![long("a.rs")]);
        let texts: Vec<_> = left
            .iter()
            .map(|violation| violation.text.as_str())
            .collect();
        assert_eq!(
            texts,
            ["gives no reason", "allows what nobody does; remove it"]
        );
    }
}
