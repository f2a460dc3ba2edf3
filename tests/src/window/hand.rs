//! What a visit costs the hand: taps, holds, flicks, how many of them lie in the lower half of the screen, and
//! the seconds they take by the model of Fitts. Reading and looking at the stall cost the same in every way of
//! answering and are left out; `looks` is how often the eyes leave the phone for the stall.

use super::page::{Page, Place};
use crate::market::Step;
use std::time::Duration;

/// Reaction and travel of a thumb on glass: MT = A + B·log2(D / W + 1), Fitts 1954 in MacKenzie's form, with the
/// constants of the design's estimate (0.20 s, 0.12 s/bit), `W` the smaller side of the target in CSS pixels.
const A_S: f64 = 0.20;
const B_S: f64 = 0.12;
/// The finger stays on the glass so long.
const CONTACT_S: f64 = 0.05;
/// One flick of the list.
const FLICK_S: f64 = 0.45;
/// The camera opens.
const CAMERA_S: f64 = 1.0;
/// A key that is held.
const HOLD_S: f64 = 0.4;
/// Phone, stall, phone, in the sun.
const LOOK_S: f64 = 1.5;
/// The shutter of the system's camera on 360 × 780: middle and size.
const SHUTTER: (f64, f64, f64) = (180.0, 690.0, 76.0);
/// A thumb rests here before the first tap, and here after a flick.
const REST: (f64, f64) = (230.0, 680.0);
const AFTER_FLICK: (f64, f64) = (200.0, 560.0);
/// Longer than the key asks, as a person does.
const HELD: Duration = Duration::from_millis(520);

/// A hand on the page, counting.
pub struct Hand<'a> {
    page: &'a Page,
    at: (f64, f64),
    /// Taps, held ones and the shutter included.
    pub taps: u32,
    /// Taps that were held.
    pub holds: u32,
    /// Flicks of the list, a screen's worth each.
    pub flicks: u32,
    /// Taps in the lower half of the window.
    pub lower: u32,
    /// Seconds of the hand.
    pub seconds: f64,
}

impl<'a> Hand<'a> {
    /// A hand at rest.
    pub fn on(page: &'a Page) -> Self {
        Self {
            page,
            at: REST,
            taps: 0,
            holds: 0,
            flicks: 0,
            lower: 0,
            seconds: 0.0,
        }
    }

    /// Taps a control, after as many flicks as bring it into view.
    pub async fn tap(&mut self, id: &str) -> Step<()> {
        let place = self.reach(id).await?;
        self.count(&place);
        self.page.click(id).await
    }

    /// Holds a control.
    pub async fn hold(&mut self, id: &str) -> Step<()> {
        let place = self.reach(id).await?;
        self.count(&place);
        self.holds += 1;
        self.seconds += HOLD_S;
        self.page.press(id, HELD).await
    }

    /// Camera key and shutter: the file is chosen as the system's camera would hand it over.
    pub async fn photograph(&mut self, key: &str, file: &std::path::Path) -> Step<()> {
        let place = self.reach(key).await?;
        self.count(&place);
        self.seconds += CAMERA_S;
        let (x, y, size) = SHUTTER;
        self.count(&Place {
            x,
            y,
            width: size,
            height: size,
            screen: 780.0,
            away: 0.0,
        });
        self.page.choose_file(&format!("{key}-file"), file).await
    }

    /// Flicks until a control is in view, and looks at it so long.
    pub async fn look(&mut self, id: &str, reading: Duration) -> Step<()> {
        self.reach(id).await?;
        tokio::time::sleep(reading).await;
        Ok(())
    }

    async fn reach(&mut self, id: &str) -> Step<Place> {
        let place = self.page.place(id).await?;
        if place.away <= 0.0 {
            return Ok(place);
        }
        // A flick moves the list by no more than two thirds of a screen, so that nothing is skipped unread.
        let flicks = (place.away / (place.screen * 0.66)).ceil().max(1.0);
        self.seconds += FLICK_S * flicks;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few"
        )]
        {
            self.flicks += flicks as u32;
        }
        self.at = AFTER_FLICK;
        self.page.bring(id).await?;
        self.page.place(id).await
    }

    fn count(&mut self, to: &Place) {
        let way = (to.x - self.at.0).hypot(to.y - self.at.1);
        self.seconds += A_S + B_S * (way / to.width.min(to.height) + 1.0).log2() + CONTACT_S;
        self.taps += 1;
        self.lower += u32::from(to.y >= to.screen / 2.0);
        self.at = (to.x, to.y);
    }

    /// One line of the table.
    pub fn line(&self, name: &str, looks: u32) -> String {
        let share = 100.0 * f64::from(self.lower) / f64::from(self.taps.max(1));
        format!(
            "{name}: {} taps ({} held), {} flicks, {share:.0} % in the lower half, hand {:.1} s, with {looks} looks {:.0} s",
            self.taps,
            self.holds,
            self.flicks,
            self.seconds,
            self.seconds + f64::from(looks) * LOOK_S
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The design's first tap: from rest to the middle key of a card, 104 × 48 at (180, 300).
    #[test]
    fn the_model_is_that_of_the_design() {
        let way = (180.0_f64 - REST.0).hypot(300.0 - REST.1);
        let seconds = A_S + B_S * (way / 48.0 + 1.0).log2() + CONTACT_S;
        assert!((seconds - 0.6301).abs() < 0.0005, "{seconds}");
    }
}
