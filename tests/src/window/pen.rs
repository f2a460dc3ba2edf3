//! Signatures: who has not signed yet, and a pen on the pad.

use super::page::Page;
use crate::market::{Step, Stopped};
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use std::time::Duration;

/// A pen's way over the pad, in hundredths of its half sides from the middle.
const SIGNATURE: [(i64, i64); 6] = [
    (-60, -30),
    (-35, 30),
    (-10, -40),
    (15, 35),
    (40, -20),
    (60, 10),
];

impl Page {
    /// The first inspector's key on the page of signatures that is not signed yet.
    pub async fn first_unsigned(&self) -> Step<Option<String>> {
        let text =
            "const keys = Array.from(document.querySelectorAll('[data-testid^=\"sign-person-\"]'));
            const open = keys.find((key) => !key.textContent.includes('已签'));
            return open ? open.dataset.testid : null";
        let said = self.script(text, vec![]).await?;
        Ok(said.as_str().map(str::to_owned))
    }

    /// Signs on the open pad and keeps the signature.
    pub async fn sign(&self) -> Step<()> {
        self.draw().await?;
        self.click("pad-done").await
    }

    /// Signs on the open pad.
    pub async fn draw(&self) -> Step<()> {
        let pad = self.find("pad").await?.element;
        let (_, _, width, height) = pad.rectangle().await.map_err(|e| Stopped::at("pad", e))?;
        let mut actions = MouseActions::new("pen".to_owned());
        for (at, (x, y)) in SIGNATURE.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "hundredths of a pad")]
            // Whole pixels: WebKit's driver refuses fractions without a word.
            let (x, y) = (
                (*x as f64 * width / 200.0).round(),
                (*y as f64 * height / 200.0).round(),
            );
            let duration = Some(Duration::from_millis(20));
            actions = actions.then(PointerAction::MoveToElement {
                element: pad.clone(),
                duration,
                x,
                y,
            });
            if at == 0 {
                actions = actions.then(PointerAction::Down {
                    button: MOUSE_BUTTON_LEFT,
                });
            }
        }
        let actions = actions.then(PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        });
        // The sheet with the pad slides in: until it stands, its corners lie outside the window and the
        // driver refuses the first move.
        let mut drawn = self.client().perform_actions(actions.clone()).await;
        for _ in 0..20 {
            if drawn.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
            drawn = self.client().perform_actions(actions.clone()).await;
        }
        drawn.map_err(|e| Stopped::at("pen", e))
    }
}
