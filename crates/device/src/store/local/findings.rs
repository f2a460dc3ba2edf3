//! Placeholder of findings.
