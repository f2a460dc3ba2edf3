//! Pictures of pages on disk: named by page and variant, listed on a page of their own.

use crate::market::{Step, Stopped};
use crate::window::Page;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Tallest picture of a whole page, in pixels: what the virtual display can show.
const TALLEST: u64 = 3000;

/// What is taken of a page that is longer than the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing more.
    Unseen,
    /// One picture as tall as the page: the window grows for it.
    Whole,
    /// Windowfuls further down. WebKit's driver now and then never answers when a window grows, and
    /// nothing can be asked of that window from then on.
    Scrolled,
}

/// Most windowfuls of one page.
const WINDOWFULS: u32 = 4;

/// Takes and keeps pictures.
pub struct Camera {
    folder: PathBuf,
    only: Option<String>,
    /// Window of this walk: width and height, and whether long pages get a second, whole picture.
    pub window: (u32, u32),
    /// What long pages get beside the picture of the window.
    pub rest: Rest,
    /// File names without folder.
    pub taken: Vec<String>,
}

impl Camera {
    /// A camera that writes into `folder`; with `only`, just pictures whose name holds it.
    pub fn new(folder: &Path, only: Option<String>) -> Step<Self> {
        std::fs::create_dir_all(folder)
            .map_err(|e| Stopped::at(&folder.display().to_string(), e))?;
        Ok(Self {
            folder: folder.to_owned(),
            only,
            window: (0, 0),
            rest: Rest::Unseen,
            taken: Vec::new(),
        })
    }

    /// Whether this picture is asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| name.contains(only))
    }

    /// Whether pictures that begin so can be asked for: `field`, `console`, `report`.
    pub fn may_want(&self, face: &str) -> bool {
        let faces = ["field", "console", "report", "gallery"];
        self.only.as_deref().is_none_or(|only| {
            only.starts_with(face) || !faces.iter().any(|other| only.starts_with(other))
        })
    }

    /// The window as it stands, and the whole page when it is longer and that is wanted.
    pub async fn take(&mut self, page: &Page, name: &str) -> Step<()> {
        let bytes = page.screenshot().await?;
        self.keep(name, &bytes)?;
        if self.rest == Rest::Unseen {
            return Ok(());
        }
        let more = page.script(MORE, vec![]).await?.as_u64().unwrap_or(0);
        if more < 24 {
            return Ok(());
        }
        if self.rest == Rest::Scrolled {
            return self.scrolled(page, name).await;
        }
        let (width, height) = self.window;
        let tall = u64::from(height).saturating_add(more).min(TALLEST);
        page.resize(width, u32::try_from(tall).unwrap_or(height))
            .await?;
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        let bytes = page.screenshot().await;
        page.resize(width, height).await?;
        self.keep(&format!("{name}-whole"), &bytes?)
    }

    /// What lies below, a windowful at a time; afterwards the page stands where it stood.
    async fn scrolled(&mut self, page: &Page, name: &str) -> Step<()> {
        for part in 2..=WINDOWFULS {
            let moved = page.script(DOWN, vec![]).await?.as_f64().unwrap_or(0.0);
            if moved < 24.0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            let bytes = page.screenshot().await?;
            self.keep(&format!("{name}-{part}"), &bytes)?;
        }
        page.script(UP, vec![]).await.map(|_| ())
    }

    /// Keeps a picture that was made elsewhere.
    pub fn keep(&mut self, name: &str, png: &[u8]) -> Step<()> {
        let file = format!("{name}.png");
        let path = self.folder.join(&file);
        std::fs::write(&path, png).map_err(|e| Stopped::at(&path.display().to_string(), e))?;
        self.taken.push(file);
        Ok(())
    }

    /// Writes `index.html` with every picture of the folder.
    pub fn write_index(&self) -> Step<PathBuf> {
        let path = self.folder.join("index.html");
        let failed = |e: std::io::Error| Stopped::at(&path.display().to_string(), e);
        let mut names: Vec<String> = std::fs::read_dir(&self.folder)
            .map_err(failed)?
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.ends_with(".png"))
            .collect();
        names.sort();
        std::fs::write(&path, index(&names)).map_err(failed)?;
        Ok(path)
    }
}

/// How much longer the longest scrolled thing of the page is than what is seen of it.
const MORE: &str = "
const seen = (node) => node.clientHeight > 200 && /auto|scroll/.test(getComputedStyle(node).overflowY);
const boxes = [document.scrollingElement, ...Array.from(document.querySelectorAll('*')).filter(seen)];
return Math.max(...boxes.map((node) => node.scrollHeight - node.clientHeight));";

/// Scrolls what is longest by what is seen of it; gives how far it went.
const DOWN: &str = "
const seen = (node) => node.clientHeight > 200 && /auto|scroll/.test(getComputedStyle(node).overflowY);
const boxes = [document.scrollingElement, ...Array.from(document.querySelectorAll('*')).filter(seen)];
const rest = (node) => node.scrollHeight - node.clientHeight;
const longest = boxes.reduce((a, b) => (rest(b) > rest(a) ? b : a));
const before = longest.scrollTop;
window.__scrolled ??= { longest, before };
longest.scrollTop = before + longest.clientHeight;
return longest.scrollTop - before;";
const UP: &str = "
if (window.__scrolled) window.__scrolled.longest.scrollTop = window.__scrolled.before;
delete window.__scrolled;";

fn index(names: &[String]) -> String {
    let mut text = String::from(
        "<!doctype html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>巡集 · 界面图</title>\n<style>\n\
         body { margin: 24px; background: #e9eef2; color: #141d26; font: 14px/1.5 'Noto Sans CJK SC', sans-serif }\n\
         main { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start }\n\
         figure { margin: 0; background: #fff; border: 1px solid #d8dfe5; border-radius: 8px; padding: 8px }\n\
         img { display: block; height: 420px; max-width: 720px; object-fit: contain }\n\
         figcaption { padding: 6px 2px 0 }\n</style>\n",
    );
    let _ = writeln!(text, "<h1>{} 张界面图</h1>\n<main>", names.len());
    for name in names {
        let title = name.trim_end_matches(".png");
        let _ = writeln!(
            text,
            "<figure><a href=\"{name}\"><img loading=\"lazy\" src=\"{name}\" alt=\"{title}\"></a><figcaption>{title}</figcaption></figure>"
        );
    }
    text.push_str("</main>\n</html>\n");
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "test code")]
    use super::*;

    #[test]
    fn only_picks_pictures_and_leaves_other_faces_out() {
        let folder = tempfile::tempdir().unwrap();
        let all = Camera::new(folder.path(), None).unwrap();
        assert!(all.wants("field-today-light") && all.may_want("console"));
        let one = Camera::new(folder.path(), Some("field-today".into())).unwrap();
        assert!(one.wants("field-today-dark") && !one.wants("field-me-dark"));
        assert!(one.may_want("field") && !one.may_want("console"));
        let dark = Camera::new(folder.path(), Some("dark".into())).unwrap();
        assert!(dark.may_want("field") && dark.may_want("console"));
    }

    #[test]
    fn the_index_lists_what_lies_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let mut camera = Camera::new(folder.path(), None).unwrap();
        camera.keep("field-today-light", b"png").unwrap();
        let text = std::fs::read_to_string(camera.write_index().unwrap()).unwrap();
        assert!(text.contains("src=\"field-today-light.png\""));
        assert!(text.contains("1 张界面图"));
    }
}
