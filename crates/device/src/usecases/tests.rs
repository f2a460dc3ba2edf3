//! Use cases on real files.
