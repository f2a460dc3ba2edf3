//! What the console keeps in memory beside the store: nothing that must not be lost.

/// Fonts and drawn pages.
#[derive(Default)]
pub(super) struct Desk {}
