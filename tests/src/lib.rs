//! What the tests of the whole share: the line between phone and server, and the photos.

pub mod link;
pub mod photos;
