//! Placeholder of licences.
