//! What differs between a desktop and a phone. Each file is one interface; the desktop's side is here,
//! a phone's side comes with its project.

pub mod camera;
