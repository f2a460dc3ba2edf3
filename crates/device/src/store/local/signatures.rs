//! Placeholder of signatures.
