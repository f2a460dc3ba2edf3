//! Guards can be switched off in one build only, and that one is never released: no manifest of a
//! shipped crate asks for the feature, and nothing has it by default.

use super::Violation;
use super::tree::Tree;

const RULE: &str = "faults";

/// The lines that may name the feature, with their manifests.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/protocol/Cargo.toml", "faults = []"),
    ("tests/Cargo.toml", "faults = [\"xunji-protocol/faults\"]"),
];

/// Checks every manifest.
pub fn check(tree: &Tree) -> Vec<Violation> {
    tree.files
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml"))
        .flat_map(|(path, text)| lines(path, text))
        .collect()
}

fn lines(path: &str, text: &str) -> Vec<Violation> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| {
            let line = line.trim();
            !line.starts_with('#') && line.contains("faults") && !ALLOWED.contains(&(path, line))
        })
        .map(|(number, _)| Violation::new(RULE, path, number, "lets guards be switched off"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    #[test]
    fn a_shipped_crate_may_not_ask_for_the_feature() {
        let good = tree_of(&[
            ("crates/protocol/Cargo.toml", "[features]\nfaults = []\n"),
            ("tests/Cargo.toml", "faults = [\"xunji-protocol/faults\"]\n"),
        ]);
        assert_eq!(check(&good), []);
        let asks = "xunji-protocol = { workspace = true, features = [\"faults\"] }\n";
        let default = "default = [\"faults\"]\n";
        for (path, text) in [
            ("sync-server/Cargo.toml", asks),
            ("Cargo.toml", asks),
            ("crates/protocol/Cargo.toml", default),
        ] {
            assert_eq!(check(&tree_of(&[(path, text)])).len(), 1, "{path}: {text}");
        }
    }
}
