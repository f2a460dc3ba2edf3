//! Use cases on real files, with a phone enrolled for the fictional county's station.

mod amending;
mod bundles;
mod drafts;
mod full;
mod killed;
mod measure;
mod phone;
mod position;
mod register;
mod rescued;
mod sections;
mod signing;
mod storage;
mod tasks;
mod trip;
mod visit;

pub(crate) use phone::{Phone, refusal};
