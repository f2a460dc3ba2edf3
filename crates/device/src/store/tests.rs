//! Files that are newer, damaged or full; what lies on the disk.
#![allow(clippy::unwrap_used)]
