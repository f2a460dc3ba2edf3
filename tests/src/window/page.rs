//! What a person does on the page: look, click, type, sign. Controls are found by `data-testid` alone.

use super::snapshot;
use crate::market::{Step, Stopped};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// How long something may take to appear; the machine may be busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(50);
/// The page of a window.
#[derive(Clone)]
pub struct Page {
    client: Client,
    /// The virtual display it is on, when pictures are taken of that.
    display: Option<String>,
}

/// Where a control stands, in CSS pixels of the window.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
pub struct Place {
    /// Middle.
    pub x: f64,
    /// Middle.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Height of the window.
    pub screen: f64,
    /// How far it lies outside what is in view; 0 when all of it is.
    pub away: f64,
}

/// Where a control stands, and how far outside the list it scrolls in.
const SHOWN: &str = "return Array.from(document.querySelectorAll(`[data-testid^=\"${arguments[0]}\"]`))\
    .some((each) => each.getClientRects().length > 0)";
const PLACE: &str = "const r = arguments[0].getBoundingClientRect(), s = arguments[0].closest('.scroll');\
    const b = s ? s.getBoundingClientRect() : { top: 0, bottom: innerHeight };\
    const away = Math.max(0, b.top - r.top, Math.min(r.bottom - b.bottom, r.top - b.top));\
    return { x: r.left + r.width / 2, y: r.top + r.height / 2, width: r.width, height: r.height, screen: innerHeight, away };";

/// A control, found.
pub struct Control {
    pub(super) element: Element,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            display: None,
        }
    }

    /// The page of the only window of a virtual display.
    pub(crate) fn on_display(client: Client, display: &str) -> Self {
        Self {
            client,
            display: Some(display.to_owned()),
        }
    }

    /// What drives the page.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Gives the window another size, in pixels. A window that has it already is left alone: the driver
    /// would wait for a change that does not come.
    pub async fn resize(&self, width: u32, height: u32) -> Step<()> {
        let failed = |e| Stopped::at("resize the window", e);
        let (_, _, wide, high) = self.client.get_window_rect().await.map_err(failed)?;
        if (wide, high) == (u64::from(width), u64::from(height)) {
            return Ok(());
        }
        let resized = self.client.set_window_rect(0, 0, width, height);
        match tokio::time::timeout(PATIENCE, resized).await {
            Ok(done) => done.map_err(failed),
            Err(_) => Err(Stopped(format!("the window stays {wide}×{high}"))),
        }
    }

    /// What the window shows, as PNG.
    pub async fn screenshot(&self) -> Step<Vec<u8>> {
        let failed = |e| Stopped::at("a picture of the window", e);
        let Some(display) = &self.display else {
            return self.client.screenshot().await.map_err(failed);
        };
        let (_, _, width, height) = self.client.get_window_rect().await.map_err(failed)?;
        match (u16::try_from(width), u16::try_from(height)) {
            (Ok(width), Ok(height)) => snapshot::corner(display, width, height),
            _ => Err(Stopped(format!("no picture is {width}×{height}"))),
        }
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn script(&self, text: &str, arguments: Vec<Value>) -> Step<Value> {
        self.client
            .execute(text, arguments)
            .await
            .map_err(|e| Stopped::at("a script in the page", e))
    }

    /// The control of this name, once it is there.
    pub async fn find(&self, id: &str) -> Step<Control> {
        self.find_css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// The first control whose name begins so.
    pub async fn find_first(&self, prefix: &str) -> Step<Control> {
        self.find_css(&format!("[data-testid^=\"{prefix}\"]")).await
    }

    /// The whole name of the first control whose name begins so.
    pub async fn name_of_first(&self, prefix: &str) -> Step<String> {
        let name = self
            .find_first(prefix)
            .await?
            .attribute("data-testid")
            .await?;
        name.ok_or_else(|| Stopped(format!("a control without a name at {prefix}")))
    }

    async fn find_css(&self, css: &str) -> Step<Control> {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(LOOK)
            .for_element(Locator::Css(css))
            .await;
        match found {
            Ok(element) => Ok(Control { element }),
            Err(error) => Err(Stopped(format!(
                "no {css} on {}: {error}\n{}",
                self.path().await?,
                self.said().await
            ))),
        }
    }

    /// How many controls there are whose name begins so.
    pub async fn count(&self, prefix: &str) -> Step<usize> {
        let css = format!("[data-testid^=\"{prefix}\"]");
        let all = self.client.find_all(Locator::Css(&css)).await;
        all.map(|all| all.len()).map_err(|e| Stopped::at(prefix, e))
    }

    /// Waits until no control is shown whose name begins so. A sheet that was closed stays in the
    /// document, unseen.
    pub async fn until_none(&self, prefix: &str) -> Step<()> {
        let ends = tokio::time::Instant::now() + PATIENCE;
        while self.script(SHOWN, vec![json!(prefix)]).await? == json!(true) {
            if tokio::time::Instant::now() > ends {
                return Err(Stopped(format!(
                    "there is still a {prefix} on {}",
                    self.path().await?
                )));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Clicks. What lies under a bar is scrolled to the middle first, as a person would.
    pub async fn click(&self, id: &str) -> Step<()> {
        if self.find(id).await?.click().await.is_ok() {
            return Ok(());
        }
        self.bring(id).await?;
        let clicked = self.find(id).await?.click().await;
        clicked.map_err(|e| Stopped(format!("{id}: {e}")))
    }

    /// Where a control stands.
    pub async fn place(&self, id: &str) -> Step<Place> {
        let element = self.find(id).await?.element;
        let argument = serde_json::to_value(&element).map_err(|e| Stopped::at(id, e))?;
        let place = self.client.execute(PLACE, vec![argument]).await;
        let place = place.map_err(|e| Stopped::at(id, e))?;
        serde_json::from_value(place).map_err(|e| Stopped::at(id, e))
    }

    /// Scrolls a control into the middle of its list, at once.
    pub async fn bring(&self, id: &str) -> Step<()> {
        let element = self.find(id).await?.element;
        let argument = serde_json::to_value(&element).map_err(|e| Stopped::at(id, e))?;
        let done = self
            .client
            .execute(
                "arguments[0].scrollIntoView({ block: 'center' })",
                vec![argument],
            )
            .await;
        done.map(|_| ()).map_err(|e| Stopped::at(id, e))
    }

    /// What a control says.
    pub async fn text(&self, id: &str) -> Step<String> {
        self.find(id).await?.text().await
    }

    /// Types into a field, or chooses a file for one.
    pub async fn keys(&self, id: &str, text: &str) -> Step<()> {
        let element = self.find(id).await?.element;
        element
            .send_keys(text)
            .await
            .map_err(|e| Stopped::at(id, e))
    }

    /// Chooses a file, as the system's camera or picker would.
    pub async fn choose_file(&self, id: &str, file: &Path) -> Step<()> {
        self.keys(id, &file.to_string_lossy()).await
    }

    /// Waits until a control says something.
    pub async fn until_says(&self, id: &str, wanted: &str) -> Step<()> {
        self.until(id, &format!("saying {wanted}"), |control| async move {
            Ok(control.text().await?.contains(wanted))
        })
        .await
    }

    /// Waits until an attribute of a control has a value.
    pub async fn until_is(&self, id: &str, name: &str, wanted: &str) -> Step<()> {
        self.until(id, &format!("with {name}={wanted}"), |control| async move {
            Ok(control.attribute(name).await?.as_deref() == Some(wanted))
        })
        .await
    }

    async fn until<F, W>(&self, id: &str, wanted: &str, holds: F) -> Step<()>
    where
        F: Fn(Control) -> W,
        W: Future<Output = Step<bool>>,
    {
        let ends = tokio::time::Instant::now() + PATIENCE;
        loop {
            // A control that is drawn anew between two questions is asked for again.
            if holds(self.find(id).await?).await.unwrap_or(false) {
                return Ok(());
            }
            if tokio::time::Instant::now() > ends {
                return Err(Stopped(format!(
                    "{id} is not {wanted} on {}\n{}",
                    self.path().await?,
                    self.said().await
                )));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The path of the page's address, with its question.
    pub async fn path(&self) -> Step<String> {
        let url = self
            .client
            .current_url()
            .await
            .map_err(|e| Stopped::at("address", e))?;
        Ok(match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
    }

    /// Waits until the address begins so.
    pub async fn until_at(&self, path: &str) -> Step<()> {
        let ends = tokio::time::Instant::now() + PATIENCE;
        while !self.path().await?.starts_with(path) {
            if tokio::time::Instant::now() > ends {
                return Err(Stopped(format!(
                    "not at {path} but {}\n{}",
                    self.path().await?,
                    self.said().await
                )));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    pub(crate) async fn close(&self) -> Step<()> {
        self.client
            .clone()
            .close()
            .await
            .map_err(|e| Stopped::at("close the window", e))
    }

    /// Everything the page says: for the message of a failed test.
    async fn said(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }
}

impl Control {
    /// Clicks.
    pub async fn click(&self) -> Step<()> {
        self.element
            .click()
            .await
            .map_err(|e| Stopped::at("click", e))
    }

    /// What it says.
    pub async fn text(&self) -> Step<String> {
        self.element
            .text()
            .await
            .map_err(|e| Stopped::at("text", e))
    }

    /// An attribute.
    pub async fn attribute(&self, name: &str) -> Step<Option<String>> {
        self.element
            .attr(name)
            .await
            .map_err(|e| Stopped::at(name, e))
    }

    /// The value of a field.
    pub async fn value(&self) -> Step<String> {
        let value = self
            .element
            .prop("value")
            .await
            .map_err(|e| Stopped::at("value", e))?;
        Ok(value.unwrap_or_default())
    }
}
