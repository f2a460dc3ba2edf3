//! `app` and `serve`: one half of the demo alone, for work on the other.

use std::thread;
use std::time::Duration;

use crate::checkout::Checkout;
use crate::demo::{self, County};
use crate::failure::Failure;
use crate::{DemoOptions, Purpose};

/// The field app against a server at the demo's usual address; it need not be there.
///
/// # Errors
/// When something cannot be built or started, or the app ends badly.
pub fn app(checkout: &Checkout) -> Result<(), Failure> {
    if !demo::has_display() {
        return Err(Failure::Failed(
            "no display here (DISPLAY and WAYLAND_DISPLAY are empty): the field app needs a window; \
             `./x serve` runs without one"
                .into(),
        ));
    }
    demo::build(checkout, Purpose::Demo)?;
    let county = County::prepare(checkout, false)?;
    let code = county.enrol_code(checkout)?;
    let url = format!("http://127.0.0.1:{}", demo::DEFAULT_PORT);
    let mut app = demo::start_app(checkout, &county, &url, &code)?;
    println!("the field app runs; it looks for the server at {url}");
    loop {
        match app.ended()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                return Err(Failure::Failed(format!(
                    "the field app ended with {status}; {}",
                    app.last_words()
                )));
            }
            None => thread::sleep(Duration::from_millis(200)),
        }
    }
}

/// The server on the demo's county, without a window.
///
/// # Errors
/// As the demo.
pub fn serve(checkout: &Checkout, port: u16) -> Result<(), Failure> {
    let options = DemoOptions {
        once: false,
        port,
        no_window: true,
        photos: None,
        fresh: false,
        clean: false,
    };
    demo::run(checkout, &options)
}
