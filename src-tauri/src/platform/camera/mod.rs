//! The camera. On phones one inside the app opens first and writes its file where the core looks for it. Where it does not
//! open, and on a desktop, the page's file input is the camera: on Android the system's camera app writes into the app's
//! picture folder and the page hands over the file's name (the core's `take_named`); everywhere else its bytes come in
//! pieces, which the core's door puts together.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(not(target_os = "android"), path = "elsewhere.rs")]
mod folder;
#[cfg_attr(mobile, path = "inside.rs")]
#[cfg_attr(desktop, path = "desktop.rs")]
mod own;

pub use folder::pictures;
pub use own::{photograph, prepare};
