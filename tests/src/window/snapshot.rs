//! What a virtual display shows, read from the X server itself. WebKit's driver waits for the page's next
//! paint before it gives a picture, and on an idle page that paint now and then never comes: nothing can be
//! asked of that window from then on.

use crate::market::{Step, Stopped};
use image::{ImageFormat, RgbImage};
use std::io::Cursor;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat as Planes};

/// Bytes of one pixel of a display that is 24 bits deep: blue, green, red and one unused.
const PIXEL: usize = 4;

/// The upper left corner of a display, `width` × `height` pixels, as PNG. A window without a window manager
/// stands there.
///
/// # Errors
/// When the display cannot be reached or is smaller than that.
pub fn corner(display: &str, width: u16, height: u16) -> Step<Vec<u8>> {
    let failed = |text: String| Stopped(format!("a picture of {display}: {text}"));
    let (server, at) = x11rb::connect(Some(display)).map_err(|e| failed(e.to_string()))?;
    let screen = server.setup().roots.get(at);
    let root = screen.ok_or_else(|| failed("no screen".into()))?.root;
    let asked = server
        .get_image(Planes::Z_PIXMAP, root, 0, 0, width, height, u32::MAX)
        .map_err(|e| failed(e.to_string()))?;
    let data = asked.reply().map_err(|e| failed(e.to_string()))?.data;
    let rgb = data
        .chunks_exact(PIXEL)
        .flat_map(|pixel| pixel.iter().take(3).rev().copied())
        .collect();
    let picture = RgbImage::from_raw(width.into(), height.into(), rgb)
        .ok_or_else(|| failed(format!("{} bytes for {width}×{height}", data.len())))?;
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|e| failed(e.to_string()))?;
    Ok(png.into_inner())
}
