//! Chromium without a screen. It draws the same picture on every run: fixed size, no motion, no hinting.

use crate::market::{Step, Stopped};
use crate::window::Page;
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A browser with one page. Both processes end with it.
pub struct Browser {
    /// Its page.
    pub page: Page,
    _driver: Child,
}

impl Browser {
    /// A fresh profile; width and height of the page in CSS pixels.
    pub async fn open(width: u32, height: u32) -> Step<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Stopped::at("chromedriver, which `./x setup --for test` installs", e))?;
        let port = port_of(&mut driver).await?;
        let size = format!("--window-size={width},{height}");
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--force-device-scale-factor=1",
            "--force-color-profile=srgb",
            "--font-render-hinting=none",
            "--disable-lcd-text",
            "--force-prefers-reduced-motion",
            "--hide-scrollbars",
            "--lang=zh-CN",
            &size,
        ];
        let capabilities = json!({"goog:chromeOptions": {"args": args}});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().unwrap_or_default())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|e| Stopped::at("open Chromium", e))?;
        let page = Page::new(client);
        page.resize(width, height).await?;
        Ok(Self {
            page,
            _driver: driver,
        })
    }

    /// Closes it.
    pub async fn close(self) -> Step<()> {
        self.page.close().await
    }
}

async fn port_of(driver: &mut Child) -> Step<u16> {
    let out = driver
        .stdout
        .take()
        .ok_or_else(|| Stopped("chromedriver has no stdout".into()))?;
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines
        .next_line()
        .await
        .map_err(|e| Stopped::at("chromedriver", e))?
    {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return port
                .trim_end_matches('.')
                .parse()
                .map_err(|e| Stopped::at(&line, e));
        }
    }
    Err(Stopped("chromedriver ended before it listened".into()))
}
