//! `tidy`: rules of the source that the compiler cannot hold.
//!
//! Every rule is a function over values in memory, so that its tests plant a violation and see it found.

mod allow;
mod budgets;
mod faults;
mod layers;
mod places;
mod rust_text;
mod tree;
mod words;

use std::fmt;

use crate::checkout::Checkout;
use crate::failure::Failure;
use tree::Tree;

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// Name of the rule, as the list of exceptions uses it.
    pub rule: &'static str,
    /// File from the top folder, or a crate's name.
    pub path: String,
    /// Counted from 1; 0 when no line is meant.
    pub line: usize,
    /// What is wrong there.
    pub text: String,
}

impl Violation {
    fn new(rule: &'static str, path: &str, line: usize, text: &str) -> Self {
        Self {
            rule,
            path: path.to_owned(),
            line,
            text: text.to_owned(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {} [{}]", self.path, self.text, self.rule),
            line => write!(f, "{}:{line}: {} [{}]", self.path, self.text, self.rule),
        }
    }
}

/// Checks the checkout and prints every violation.
///
/// # Errors
/// When there is one, or the checkout cannot be read.
pub fn run(checkout: &Checkout) -> Result<(), Failure> {
    let tree = Tree::read(checkout.root())?;
    let mut found = layers::check(&tree::packages(checkout.root())?);
    found.extend(source_rules(&tree));
    let left = allow::apply(
        tree.files.get(allow::PATH).map_or("", String::as_str),
        found,
    );
    for violation in &left {
        println!("{violation}");
    }
    match left.len() {
        0 => {
            println!("tidy: {} files hold to the rules", tree.files.len());
            Ok(())
        }
        many => Err(Failure::Failed(format!(
            "{many} places break a rule of the source (listed above)"
        ))),
    }
}

fn source_rules(tree: &Tree) -> Vec<Violation> {
    [
        words::check(tree),
        budgets::check(tree),
        places::check(tree),
        faults::check(tree),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Tests may read files and clocks, and need no header.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
        || path.contains("/tests/")
        || path.starts_with("tests/tests/")
}

#[cfg(test)]
fn tree_of(files: &[(&str, &str)]) -> Tree {
    Tree {
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
    }
}
