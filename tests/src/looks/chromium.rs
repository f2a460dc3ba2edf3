//! Chromium without a screen. It draws the same picture on every run: fixed size, no motion, no hinting. It also plays
//! the WebView of a small phone: its size, its fingers, its name.

use crate::market::{Step, Stopped};
use crate::window::Page;
use axum::http::Method;
use fantoccini::ClientBuilder;
use fantoccini::wd::WebDriverCompatibleCommand;
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Url;
use serde_json::{Value, json};
use std::process::Stdio;
use std::str::FromStr;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// What an old small Android phone says of itself, with the oldest WebView that the app is built for.
pub const OLD_PHONE: &str = "Mozilla/5.0 (Linux; Android 8.1.0; vivo 1811 Build/OPM1.171019.026; wv) AppleWebKit/537.36 \
    (KHTML, like Gecko) Version/4.0 Chrome/87.0.4280.141 Mobile Safari/537.36";
/// Its page, in CSS pixels.
pub const SMALL: (u32, u32) = (360, 640);

/// A browser with one page. Both processes end with it.
pub struct Browser {
    /// Its page.
    pub page: Page,
    _driver: Child,
}

impl Browser {
    /// A fresh profile; width and height of the page in CSS pixels.
    pub async fn open(width: u32, height: u32) -> Step<Self> {
        let browser = Self::with((width, height), json!({})).await?;
        browser.page.resize(width, height).await?;
        Ok(browser)
    }

    /// The same as a small old phone: touch instead of a mouse, two pixels to each of the page's, its user agent. The
    /// engine is today's: what an old one cannot read is ui/checks' to find.
    pub async fn small_phone() -> Step<Self> {
        let (width, height) = SMALL;
        let metrics = json!({"width": width, "height": height, "pixelRatio": 2.0, "touch": true, "mobile": true});
        let phone = json!({"deviceMetrics": metrics, "userAgent": OLD_PHONE});
        Self::with(SMALL, json!({"mobileEmulation": phone})).await
    }

    async fn with((width, height): (u32, u32), mut options: Value) -> Step<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Stopped::at("chromedriver, which `./x setup --for test` installs", e))?;
        let port = port_of(&mut driver).await?;
        let mut args: Vec<String> = ARGS.iter().map(|&arg| arg.to_owned()).collect();
        args.push(format!("--window-size={width},{height}"));
        options["args"] = json!(args);
        let capabilities = json!({"goog:chromeOptions": options});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().unwrap_or_default())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|e| Stopped::at("open Chromium", e))?;
        Ok(Self {
            page: Page::new(client),
            _driver: driver,
        })
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) -> Step<()> {
        let gone = self.page.client().goto(url).await;
        gone.map_err(|e| Stopped::at("open a page", e))
    }

    /// A word of Chromium's own protocol, such as `Emulation.setCPUThrottlingRate`.
    pub async fn devtools(&self, method: &'static str, params: Value) -> Step<Value> {
        let word = Devtools { method, params };
        let said = self.page.client().issue_cmd(word).await;
        said.map_err(|e| Stopped::at(method, e))
    }

    /// Closes it.
    pub async fn close(self) -> Step<()> {
        self.page.close().await
    }
}

const ARGS: [&str; 12] = [
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
];

/// chromedriver hands it on.
#[derive(Debug)]
struct Devtools {
    method: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({"cmd": self.method, "params": self.params});
        (Method::POST, Some(body.to_string()))
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
