//! What axe-core finds on a page: the rule, how bad, and the element.

use crate::market::{Step, Stopped};
use crate::window::Page;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// WCAG 2.2 AA and what axe knows to be good practice.
const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

const RUN: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values: arguments[0] } }).then(
  (found) => done(found.violations.map((each) => ({
    rule: each.id, impact: each.impact || 'minor', help: each.help,
    elements: each.nodes.map((node) => node.target.join(' ') + '  ' + node.html.slice(0, 160)),
  }))),
  (error) => done({ error: String(error) }),
);";

/// One rule that is broken on one page.
#[derive(Clone, Debug, Deserialize)]
pub struct Violation {
    /// axe's name of the rule.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// axe's sentence.
    pub help: String,
    /// Where: selector and the beginning of the element.
    pub elements: Vec<String>,
}

impl Violation {
    /// One of ours, which axe does not look for.
    pub fn of(rule: &str, help: &str, element: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            impact: "serious".to_owned(),
            help: help.to_owned(),
            elements: vec![element.to_owned()],
        }
    }

    /// Whether it keeps somebody from using the page.
    pub fn is_serious(&self) -> bool {
        matches!(self.impact.as_str(), "serious" | "critical")
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.impact, self.help)?;
        for element in self.elements.iter().take(5) {
            write!(f, "\n      {element}")?;
        }
        match self.elements.len() {
            0..=5 => Ok(()),
            many => write!(f, "\n      and {} more", many - 5),
        }
    }
}

/// axe's own script.
pub struct Axe {
    source: String,
}

impl Axe {
    /// Reads it from the packages of the faces.
    pub fn read(ui: &Path) -> Step<Self> {
        let path = ui.join("node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&path).map_err(|e| {
            Stopped::at(
                &format!("{}, which `./x setup --for test` installs", path.display()),
                e,
            )
        })?;
        Ok(Self { source })
    }

    /// Everything axe finds on the page as it stands.
    pub async fn look(&self, page: &Page) -> Step<Vec<Violation>> {
        let there = page.script("return typeof window.axe === 'object'", vec![]);
        if there.await? != Value::Bool(true) {
            page.script(&self.source, vec![]).await?;
        }
        let said = page
            .client()
            .execute_async(RUN, vec![json!(TAGS)])
            .await
            .map_err(|e| Stopped::at("axe", e))?;
        serde_json::from_value(said.clone()).map_err(|e| Stopped::at(&said.to_string(), e))
    }
}
