//! A folder of built pages behind an address of its own, for a browser of the tests.

use crate::market::{Step, Stopped};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use tokio::task::JoinHandle;

/// A server of files; it ends with its owner.
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Site {
    /// Serves a folder; an address without a file is answered by `index.html`, as a page's router needs it.
    pub async fn start(folder: &Path) -> Step<Self> {
        if !folder.is_dir() {
            return Err(Stopped(format!(
                "{} is not built; `cd ui && npm run gallery` builds it",
                folder.display()
            )));
        }
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(|e| Stopped::at("a free port", e))?;
        let address = listener
            .local_addr()
            .map_err(|e| Stopped::at("a free port", e))?;
        let router = Router::new()
            .fallback(file)
            .with_state(folder.to_path_buf());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A file of the folder; `index.html` where there is none.
pub(crate) async fn file(State(folder): State<PathBuf>, uri: Uri) -> Response {
    let asked = Path::new(uri.path().trim_start_matches('/'));
    let stays = asked
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let named = folder.join(asked);
    let path = if stays && named.is_file() {
        named
    } else {
        folder.join("index.html")
    };
    match tokio::fs::read(&path).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind(&path))], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
