use super::*;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([20, 29, 38]);
const BLUE: Rgb<u8> = Rgb([15, 74, 133]);

/// A white card with a blue bar at the left and a line of ink.
fn card(bar: Rgb<u8>, line_at: u32) -> RgbImage {
    RgbImage::from_fn(200, 100, |x, y| match (x, y) {
        (0..4, _) => bar,
        (20..180, y) if y == line_at || y == line_at + 1 => INK,
        _ => PAPER,
    })
}

#[test]
fn the_same_and_a_shade_lighter_are_the_same() {
    let expected = card(BLUE, 50);
    assert_eq!(compare(&expected, &expected).0, Found::Same);
    let mut shaded = expected.clone();
    for pixel in shaded.pixels_mut() {
        pixel.0 = pixel.0.map(|channel| channel.saturating_sub(16));
    }
    assert_eq!(compare(&expected, &shaded).0, Found::Same);
}

#[test]
fn one_pixel_further_is_the_same_and_three_are_not() {
    let expected = card(BLUE, 50);
    assert_eq!(compare(&expected, &card(BLUE, 51)).0, Found::Same);
    assert!(matches!(
        compare(&expected, &card(BLUE, 53)).0,
        Found::Pixels { .. }
    ));
}

#[test]
fn another_colour_of_a_thin_bar_is_seen() {
    let red = Rgb([153, 20, 26]);
    let (found, drawn) = compare(&card(BLUE, 50), &card(red, 50));
    assert_eq!(
        found,
        Found::Pixels {
            differ: 400,
            allowed: 12
        }
    );
    assert_eq!(*drawn.get_pixel(1, 10), Rgb([220, 0, 0]));
}

#[test]
fn a_missing_line_is_seen() {
    let without = card(BLUE, 500);
    assert!(matches!(
        compare(&card(BLUE, 50), &without).0,
        Found::Pixels { .. }
    ));
    assert!(matches!(
        compare(&without, &card(BLUE, 50)).0,
        Found::Pixels { .. }
    ));
}

#[test]
fn another_size_is_seen() {
    let taller = RgbImage::from_pixel(200, 103, PAPER);
    assert_eq!(
        compare(&card(BLUE, 50), &taller).0,
        Found::Size((200, 100), (200, 103))
    );
}
