//! Placeholder of answers.
