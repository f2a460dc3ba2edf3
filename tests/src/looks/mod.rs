//! How the two faces look: pictures of every page, the gallery held against its references, and what
//! axe finds. One walk through each face serves both the pictures and the checks.

pub mod axe;
pub mod camera;
pub mod chromium;
pub mod compare;
pub mod console;
pub mod docs;
pub mod field;
pub mod gallery;
pub mod memory;
pub mod palette;
pub mod report;
pub mod shoot;
pub mod site;
pub mod stage;
pub mod walk;
