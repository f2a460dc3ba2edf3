//! What differs between a desktop and a phone. Each file is one interface; the desktop's side is here,
//! a phone's side comes with its project.

pub mod camera;

/// `./x check-android` sets this to see whether it reads the lines of phones.
#[cfg(all(mobile, planted_error))]
compile_error!("planted in a line that only phones compile");
