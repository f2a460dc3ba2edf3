//! No path of one machine and no package host in what is committed: a clone must build anywhere.

use super::Violation;
use super::tree::Tree;

/// Spelled in halves, so that this file does not hold what it looks for.
const MACHINE: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\Users"),
];
const HOSTS: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("npm", "mirror.com"),
    concat!("files.python", "hosted.org"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("goproxy", ".cn"),
    concat!("mirrors.", "aliyun"),
    concat!("tuna.tsing", "hua"),
    concat!("deb.deb", "ian.org"),
];

/// Checks every text file; one violation a line at most.
pub fn check(tree: &Tree) -> Vec<Violation> {
    tree.files
        .iter()
        .flat_map(|(path, text)| check_file(path, text))
        .collect()
}

fn check_file(path: &str, text: &str) -> Vec<Violation> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let machine = MACHINE.iter().find(|word| line.contains(**word));
            let host = HOSTS.iter().find(|word| line.contains(**word));
            let says = match (machine, host) {
                (Some(word), _) => format!("holds a path of one machine: {word}"),
                (None, Some(word)) => format!("names a package host: {word}"),
                (None, None) => return None,
            };
            Some(Violation::new("places", path, index + 1, &says))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    #[test]
    fn each_machine_path_and_host_is_found() {
        for word in MACHINE.iter().chain(HOSTS) {
            let text = format!("fine\nfetch {word} now\n");
            let found = check(&tree_of(&[("docs/a.md", &text)]));
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!(found[0].line, 2);
        }
    }

    #[test]
    fn an_address_of_the_own_machine_is_fine() {
        assert!(
            check(&tree_of(&[(
                "README.md",
                "http://127.0.0.1:8080 and ~/.cache/xunji"
            )]))
            .is_empty()
        );
    }
}
