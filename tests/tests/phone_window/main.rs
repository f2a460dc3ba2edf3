//! What happens to a phone and not to a visit, in the real window: where it is, its page's end, its lost key, its way
//! without a network.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod camera;
mod carried;
mod lost_key;
mod page_death;
mod position;
mod setting;
mod visit;
