//! Chromium, driven by clicks and keys. Controls are found by `data-testid` alone.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long a control may take to appear; the machine may be busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page. Both processes end with it.
pub struct Browser {
    pub client: Client,
    _driver: Child,
}

impl Browser {
    /// A fresh profile at 1440 by 900.
    pub async fn open() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is installed by `./x setup --for test`");
        let port = port_of(&mut driver).await;
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--window-size=1440,900",
            "--lang=zh-CN",
        ];
        let capabilities =
            json!({"goog:chromeOptions": {"args": args}, "goog:loggingPrefs": {"browser": "ALL"}});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self {
            client,
            _driver: driver,
        }
    }

    /// The control with this `data-testid`, once it is there.
    pub async fn find(&self, id: &str) -> Element {
        let css = format!("[data-testid=\"{id}\"]");
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(&css))
            .await
        {
            Ok(element) => element,
            Err(error) => panic!(
                "no {id} on {}: {error}\n{}",
                self.address().await,
                self.said().await
            ),
        }
    }

    pub async fn click(&self, id: &str) {
        self.find(id).await.click().await.unwrap();
    }

    pub async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.unwrap()
    }

    /// Types into a field.
    pub async fn write(&self, id: &str, text: &str) {
        self.find(id).await.send_keys(text).await.unwrap();
    }

    /// Presses one key on the page.
    pub async fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Waits until a control says something.
    pub async fn until_says(&self, id: &str, wanted: &str) {
        let mut last = String::new();
        for _ in 0..600 {
            last = self.text(id).await;
            if last.contains(wanted) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{id} says {last:?}, not {wanted:?}");
    }

    /// Waits until a picture has been decoded and is not the broken one; gives its natural width.
    pub async fn picture(&self, id: &str) -> u64 {
        let picture = self.find(id).await;
        for _ in 0..600 {
            // A property that is a number is no text to the client; it hands the number over as an error.
            let width = match picture.prop("naturalWidth").await {
                Ok(text) => text.and_then(|w| w.parse().ok()).unwrap_or(0),
                Err(fantoccini::error::CmdError::NotW3C(value)) => value.as_u64().unwrap_or(0),
                Err(error) => panic!("{id}: {error}"),
            };
            if width > 0 {
                return width;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{id} shows no picture");
    }

    /// Keeps a picture of the page.
    pub async fn shoot(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, self.client.screenshot().await.unwrap()).unwrap();
    }

    pub async fn address(&self) -> String {
        self.client
            .current_url()
            .await
            .map(|u| u.to_string())
            .unwrap_or_default()
    }

    /// What the page says: for messages of failed tests.
    async fn said(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}

async fn port_of(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("chromedriver ended before it listened");
}
