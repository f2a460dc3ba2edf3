//! The app's process behind WebKitWebDriver: started by the driver, killed by its pid.

use super::display::Display;
use super::page::Page;
use super::snapshot;
use crate::market::{Step, Stopped};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// The window's size, as the app's settings say it.
const SIZE: (u16, u16) = (412, 860);

/// The app as one phone has it: its program, its folder, what it is told from outside.
pub struct App {
    program: PathBuf,
    folder: PathBuf,
    env: BTreeMap<String, String>,
    display: Display,
}

/// An open window.
pub struct Window {
    /// Its page.
    pub page: Page,
    pid_file: PathBuf,
    driver: Child,
}

impl App {
    /// An app that was never started; `folder` is empty.
    pub async fn new(program: &Path, folder: &Path) -> Step<Self> {
        let app = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            env: BTreeMap::new(),
            display: Display::start().await?,
        };
        app.write_settings()
            .map_err(|e| Stopped::at("settings of the window", e))?;
        Ok(app)
    }

    /// Tells the app something from outside.
    pub fn set_env(&mut self, name: &str, value: impl Into<String>) {
        self.env.insert(name.to_owned(), value.into());
    }

    /// The phone's data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("phone")
    }

    /// The documents of whoever sits at it.
    pub fn documents(&self) -> PathBuf {
        self.folder.join("documents")
    }

    /// What the window shows, as PNG; also when its driver has given up.
    pub fn seen(&self) -> Step<Vec<u8>> {
        snapshot::corner(&self.display.name, SIZE.0, SIZE.1)
    }

    /// Opens the window. What an earlier window left in the data folder is there again.
    pub async fn open(&self) -> Step<Window> {
        let port = free_port().map_err(|e| Stopped::at("a free port", e))?;
        let driver = self.driver(port)?;
        let address = format!("http://127.0.0.1:{port}");
        let capabilities = json!({"webkitgtk:browserOptions": {"binary": self.starter()}});
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_ok()
            {
                break;
            }
        }
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&address)
            .await
            .map_err(|e| Stopped::at("open the window", e))?;
        Ok(Window {
            page: Page::on_display(client, &self.display.name),
            pid_file: self.pid_file(),
            driver,
        })
    }

    fn driver(&self, port: u16) -> Step<Child> {
        let home = |name: &str| self.folder.join(name);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(home("app.log"))
            .map_err(|e| Stopped::at("app.log", e))?;
        let log2 = log.try_clone().map_err(|e| Stopped::at("app.log", e))?;
        Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", &self.display.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("XDG_CONFIG_HOME", home("config"))
            .env("XDG_DATA_HOME", home("share"))
            .env("XDG_CACHE_HOME", home("cache"))
            .env("XUNJI_DATA_DIR", self.data())
            .envs(&self.env)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(log2)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Stopped::at("WebKitWebDriver, which `./x setup --for test` installs", e))
    }

    /// Nothing moves by itself, so that a click meets what it was aimed at; nothing is written into the real person's
    /// documents; and the driver starts a script that leaves the app's pid behind.
    fn write_settings(&self) -> std::io::Result<()> {
        let gtk = self.folder.join("config/gtk-3.0");
        std::fs::create_dir_all(&gtk)?;
        std::fs::write(
            gtk.join("settings.ini"),
            "[Settings]\ngtk-enable-animations=0\n",
        )?;
        // Where a desktop says that its person keeps documents.
        let documents = self.documents();
        std::fs::write(
            self.folder.join("config/user-dirs.dirs"),
            format!("XDG_DOCUMENTS_DIR=\"{}\"\n", documents.display()),
        )?;
        let script = format!(
            "#!/bin/sh\necho $$ > '{}'\nexec '{}'\n",
            self.pid_file().display(),
            self.program.display()
        );
        std::fs::write(self.starter(), script)?;
        std::fs::set_permissions(self.starter(), std::fs::Permissions::from_mode(0o755))
    }

    fn starter(&self) -> PathBuf {
        self.folder.join("start-app")
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("app.pid")
    }
}

impl Window {
    /// The process in which the page runs: a child of the app's.
    pub fn page_pid(&self) -> Step<u32> {
        page_process(self.pid()?)
    }

    /// SIGKILL to the page's process alone; gives its pid. The app lives on.
    pub async fn kill_page(&self) -> Step<u32> {
        let pid = self.page_pid()?;
        let done = Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .await;
        match done {
            Ok(status) if status.success() => Ok(pid),
            _ => Err(Stopped(format!("{pid} was not killed"))),
        }
    }

    /// The app's process.
    pub fn pid(&self) -> Step<u32> {
        let text = std::fs::read_to_string(&self.pid_file)
            .map_err(|e| Stopped::at("pid of the app", e))?;
        text.trim()
            .parse()
            .map_err(|e| Stopped::at("pid of the app", e))
    }

    /// SIGKILL to the app itself; gives its pid.
    pub async fn kill(mut self) -> Step<u32> {
        let pid = self.pid()?;
        let done = Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .await;
        if !done.is_ok_and(|status| status.success()) {
            return Err(Stopped(format!("{pid} was not killed")));
        }
        // The session died with the app; so does its driver.
        let _ = self.driver.kill().await;
        Ok(pid)
    }

    /// Closes the window as its user does.
    pub async fn close(mut self) -> Step<()> {
        self.page.close().await?;
        let _ = self.driver.kill().await;
        Ok(())
    }
}

/// The process in which the page runs: a child of the app's.
fn page_process(app: u32) -> Step<u32> {
    let failed = |e: std::io::Error| Stopped::at("processes", e);
    for entry in std::fs::read_dir("/proc").map_err(failed)?.flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let is = |name: &str, value: &str| {
            status.lines().any(|line| {
                line.strip_prefix(name)
                    .is_some_and(|rest| rest.trim().starts_with(value))
            })
        };
        if is("Name:", "WebKitWebProces") && is("PPid:", &app.to_string()) {
            return Ok(pid);
        }
    }
    Err(Stopped("the app has no page process".into()))
}

fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}
