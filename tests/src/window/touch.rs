//! Fingers on the page: held, short, and drawn over the glass.

use super::page::{Control, Page};
use crate::market::{Step, Stopped};
use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions,
};
use std::time::Duration;

/// A thumb stays on the glass so long.
const CONTACT: Duration = Duration::from_millis(50);

impl Page {
    /// Presses a control and keeps the finger on it.
    pub async fn press(&self, id: &str, held: Duration) -> Step<()> {
        let actions = pressed(
            MouseActions::new("finger".to_owned()),
            self.find(id).await?,
            held,
        );
        let done = self.client().perform_actions(actions).await;
        done.map_err(|e| Stopped::at(id, e))
    }

    /// Touches a control with a finger, where the browser has touch.
    pub async fn touch(&self, id: &str) -> Step<()> {
        let actions = pressed(
            TouchActions::new("thumb".to_owned()),
            self.find(id).await?,
            CONTACT,
        );
        let done = self.client().perform_actions(actions).await;
        done.map_err(|e| Stopped::at(id, e))
    }

    /// Drags a finger over the glass, from place to place, and leaves it with that speed.
    pub async fn flick(&self, from: (f64, f64), to: (f64, f64), within: Duration) -> Step<()> {
        let at = |(x, y), duration| PointerAction::MoveTo { duration, x, y };
        let actions = TouchActions::new("thumb".to_owned())
            .then(at(from, None))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(at(to, Some(within)))
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        let done = self.client().perform_actions(actions).await;
        done.map_err(|e| Stopped::at("a flick", e))
    }
}

/// Down in the middle of a control, and up again.
fn pressed<S>(source: S, control: Control, held: Duration) -> S
where
    S: InputSource<Action = PointerAction>,
{
    source
        .then(PointerAction::MoveToElement {
            element: control.element,
            duration: None,
            x: 0.0,
            y: 0.0,
        })
        .then(PointerAction::Down {
            button: MOUSE_BUTTON_LEFT,
        })
        .then(PointerAction::Pause { duration: held })
        .then(PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        })
}
