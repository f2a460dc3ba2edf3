//! A county of a simulated day whose database and files are altered in one place, and put back.

pub mod county;
pub mod database;
pub mod desk;
pub mod files;
pub mod visit;
