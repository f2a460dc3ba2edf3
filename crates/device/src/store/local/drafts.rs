//! Placeholder of drafts.
