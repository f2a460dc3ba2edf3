//! Why a command ends, and the exit code that says so.

use std::fmt::Display;
use std::path::Path;

/// The end of a command that did not succeed.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// Something went wrong; the sentence is for the person at the terminal.
    Failed(String),
    /// The arguments cannot be meant.
    Usage(String),
    /// A person with more rights must install something; the sentence holds the line to paste.
    Install(String),
    /// A program of ours ended with this code and has said why itself.
    Exit(u8),
}

impl Failure {
    /// A failure about a file or folder.
    pub fn io(doing: &str, path: &Path, error: impl Display) -> Self {
        Self::Failed(format!("could not {doing} {}: {error}", path.display()))
    }

    /// The code the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Install(_) => 3,
            Self::Exit(code) => *code,
        }
    }

    /// What to print, if it was not printed already.
    pub fn sentence(&self) -> Option<&str> {
        match self {
            Self::Failed(text) | Self::Usage(text) | Self::Install(text) => Some(text),
            Self::Exit(_) => None,
        }
    }
}
