//! Makes pictures smaller and turns them upright. Smaller first: turning 12 megapixels costs more
//! than turning the three that are left.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

/// Fits a picture into a square of `side`; a smaller one stays as it is.
pub fn fit(picture: RgbImage, side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let long = width.max(height);
    if long <= side {
        return picture;
    }
    let scaled = |n: u32| {
        u32::try_from((u64::from(n) * u64::from(side) + u64::from(long) / 2) / u64::from(long))
    };
    let to_width = scaled(width).unwrap_or(side).max(1);
    let to_height = scaled(height).unwrap_or(side).max(1);
    // Sizes were computed from the picture itself, so that a refusal here cannot happen; the slow
    // way still gives a picture.
    resize(&picture, to_width, to_height)
        .unwrap_or_else(|| image::imageops::thumbnail(&picture, to_width, to_height))
}

/// Turns a picture as its Exif orientation asks.
pub fn upright(picture: RgbImage, orientation: Orientation) -> RgbImage {
    if orientation == Orientation::NoTransforms {
        return picture;
    }
    let mut dynamic = DynamicImage::ImageRgb8(picture);
    dynamic.apply_orientation(orientation);
    dynamic.into_rgb8()
}

fn resize(picture: &RgbImage, width: u32, height: u32) -> Option<RgbImage> {
    let mut to = Image::new(width, height, PixelType::U8x3);
    let from = fast_image_resize::images::ImageRef::new(
        picture.width(),
        picture.height(),
        picture.as_raw(),
        PixelType::U8x3,
    )
    .ok()?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&from, &mut to, &options).ok()?;
    RgbImage::from_raw(width, height, to.into_vec())
}
