//! Placeholder of amendments.
