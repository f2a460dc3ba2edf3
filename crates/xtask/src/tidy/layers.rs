//! Who may import what: the table of layers in docs/architecture.md, held over what cargo resolved.

use std::collections::BTreeSet;

use super::Violation;
use super::tree::{Package, Packages};

/// One crate of ours.
struct Layer {
    name: &'static str,
    /// Crates of ours it may name under any kind of dependency.
    may: &'static [&'static str],
    /// Crates it may not name itself; they may stand below what it may import.
    never_named: &'static [&'static str],
    /// Crates that may not be reachable from it at all.
    never_reached: &'static [&'static str],
}

const STORES: &[&str] = &["rusqlite", "tokio-postgres", "object_store"];
const FACES_AND_NETWORK: &[&str] = &[
    "axum",
    "hyper",
    "reqwest",
    "tauri",
    "tokio",
    "rusqlite",
    "tokio-postgres",
    "object_store",
    "tempfile",
];

/// A crate of ours that has no line here is itself a violation.
const LAYERS: &[Layer] = &[
    Layer {
        name: "xunji-domain",
        may: &[],
        never_named: &["getrandom", "rand"],
        never_reached: FACES_AND_NETWORK,
    },
    Layer {
        name: "xunji-protocol",
        may: &["xunji-domain"],
        never_named: &["getrandom", "rand", "http"],
        never_reached: FACES_AND_NETWORK,
    },
    Layer {
        name: "xunji-report",
        may: &["xunji-domain"],
        never_named: &["getrandom", "rand"],
        never_reached: FACES_AND_NETWORK,
    },
    Layer {
        name: "xunji-device",
        may: &["xunji-domain", "xunji-protocol", "xunji-report"],
        never_named: &[],
        never_reached: &["tauri", "axum", "xunji-server"],
    },
    Layer {
        name: "xunji-app",
        may: &["xunji-device", "xunji-domain", "xunji-camera"],
        never_named: &["rusqlite", "reqwest"],
        never_reached: &["axum", "xunji-server"],
    },
    Layer {
        name: "xunji-camera",
        may: &[],
        never_named: STORES,
        never_reached: &["axum", "rusqlite"],
    },
    Layer {
        name: "xunji-server",
        may: &["xunji-domain", "xunji-protocol", "xunji-report"],
        never_named: &[],
        never_reached: &["xunji-device", "tauri"],
    },
    Layer {
        name: "xunji-tests",
        may: &[
            "xunji-domain",
            "xunji-protocol",
            "xunji-report",
            "xunji-device",
            "xunji-server",
            "xunji-app",
        ],
        never_named: &[],
        never_reached: &[],
    },
    Layer {
        name: "xtask",
        may: &[],
        never_named: STORES,
        never_reached: FACES_AND_NETWORK,
    },
];

/// All that xtask may name: it must build in seconds on a fresh machine.
const XTASK_MAY: &[&str] = &["clap", "serde_json"];

/// Checks every crate of the workspace against its line.
pub fn check(packages: &Packages) -> Vec<Violation> {
    packages
        .iter()
        .filter(|(_, package)| package.ours)
        .flat_map(
            |(name, package)| match LAYERS.iter().find(|layer| layer.name == name) {
                Some(layer) => check_one(layer, package, packages),
                None => vec![violation(
                    name,
                    "has no line in the table of layers (crates/xtask/src/tidy/layers.rs)",
                )],
            },
        )
        .collect()
}

fn check_one(layer: &Layer, package: &Package, packages: &Packages) -> Vec<Violation> {
    let mut found = Vec::new();
    let is_ours = |name: &str| packages.get(name).is_some_and(|package| package.ours);
    for name in package.direct.iter().map(String::as_str) {
        if is_ours(name) && !layer.may.contains(&name) {
            found.push(violation(layer.name, &format!("may not import {name}")));
        }
        if layer.name == "xtask" && !XTASK_MAY.contains(&name) {
            found.push(violation(
                layer.name,
                &format!("may name only std, clap and serde_json, not {name}"),
            ));
        }
    }
    for name in layer
        .never_named
        .iter()
        .filter(|name| package.shipped.contains(**name))
    {
        found.push(violation(layer.name, &format!("may never name {name}")));
    }
    let reached = reached(layer.name, packages);
    for name in layer
        .never_reached
        .iter()
        .filter(|name| reached.contains(**name))
    {
        found.push(violation(
            layer.name,
            &format!("reaches {name}, which its layer must be free of"),
        ));
    }
    found
}

/// Everything a crate pulls into a build.
fn reached<'a>(from: &'a str, packages: &'a Packages) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        let below = packages.get(name).map(|package| &package.shipped);
        waiting.extend(
            below
                .into_iter()
                .flatten()
                .map(String::as_str)
                .filter(|name| seen.insert(*name)),
        );
    }
    seen
}

fn violation(name: &str, text: &str) -> Violation {
    Violation::new("layers", name, 0, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(edges: &[(&str, &[&str])]) -> Packages {
        let mut packages = Packages::new();
        for (name, needs) in edges {
            let package = packages.entry((*name).to_owned()).or_default();
            package.ours = name.starts_with("xunji") || *name == "xtask";
            package.direct = needs.iter().map(|need| (*need).to_owned()).collect();
            package.shipped = package.direct.clone();
        }
        packages
    }

    fn texts(edges: &[(&str, &[&str])]) -> Vec<String> {
        check(&packages(edges))
            .into_iter()
            .map(|violation| format!("{} {}", violation.path, violation.text))
            .collect()
    }

    #[test]
    fn the_layers_as_designed_pass() {
        let edges: &[(&str, &[&str])] = &[
            ("xunji-domain", &["serde"]),
            ("xunji-protocol", &["xunji-domain"]),
            ("xunji-report", &["xunji-domain", "typst"]),
            (
                "xunji-device",
                &[
                    "xunji-domain",
                    "xunji-protocol",
                    "rusqlite",
                    "reqwest",
                    "tokio",
                ],
            ),
            ("xunji-app", &["xunji-device", "xunji-domain", "tauri"]),
            (
                "xunji-server",
                &[
                    "xunji-domain",
                    "xunji-protocol",
                    "xunji-report",
                    "axum",
                    "rusqlite",
                ],
            ),
            ("xunji-tests", &["xunji-server", "xunji-device"]),
            ("xtask", &["clap", "serde_json"]),
        ];
        assert_eq!(texts(edges), Vec::<String>::new());
    }

    #[test]
    fn each_forbidden_import_is_found() {
        let planted: &[(&str, &str, &str)] = &[
            ("xunji-domain", "xunji-protocol", "may not import"),
            ("xunji-domain", "tokio", "reaches tokio"),
            ("xunji-domain", "getrandom", "may never name"),
            ("xunji-protocol", "xunji-device", "may not import"),
            ("xunji-report", "xunji-protocol", "may not import"),
            ("xunji-report", "rusqlite", "reaches rusqlite"),
            ("xunji-device", "tauri", "reaches tauri"),
            ("xunji-app", "rusqlite", "may never name"),
            ("xunji-app", "xunji-protocol", "may not import"),
            ("xunji-server", "xunji-device", "may not import"),
            ("xtask", "xunji-domain", "may not import"),
            ("xtask", "toml", "may name only"),
        ];
        for (from, to, says) in planted {
            let edges: &[(&str, &[&str])] = &[(from, &[to]), (to, &[])];
            let found = texts(edges);
            assert!(
                found.iter().any(|text| text.contains(says)),
                "{from} -> {to}: {found:?}"
            );
        }
    }

    #[test]
    fn a_forbidden_crate_is_found_behind_another() {
        let found = texts(&[
            ("xunji-domain", &["nice"]),
            ("nice", &["deep"]),
            ("deep", &["reqwest"]),
        ]);
        assert_eq!(
            found,
            ["xunji-domain reaches reqwest, which its layer must be free of"]
        );
    }

    #[test]
    fn a_new_crate_needs_a_line() {
        assert!(texts(&[("xunji-new", &[])])[0].contains("no line"));
    }
}
