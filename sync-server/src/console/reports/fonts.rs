//! The fonts of printed pages: read once, kept while the server runs.

use crate::problem::{Answer, Refusal};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use xunji_protocol::problem::{Code, Problem};
use xunji_report::FontSet;

/// Where systems keep Noto CJK; `XUNJI_FONT_DIR` comes before all of them.
const FOLDERS: &[&str] = &[
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/truetype/noto",
];
/// Of a system's folder only these: it may hold hundreds of others.
const NAMES: &[&str] = &[
    "NotoSerifCJK",
    "NotoSansCJK",
    "SourceHanSerif",
    "SourceHanSans",
];
/// Weights a report is set in; the others only cost memory.
const WEIGHTS: &[&str] = &["Regular", "Bold"];

/// Fonts that were read.
#[derive(Default)]
pub(in crate::console) struct Fonts(Mutex<Option<FontSet>>);

impl Fonts {
    /// The fonts. What is not found is looked for again at the next report: somebody may install it
    /// meanwhile.
    pub(super) fn get(&self) -> Answer<FontSet> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*kept {
            return Ok(fonts.clone());
        }
        let fonts = FontSet::from_bytes(files()).map_err(|_| missing())?;
        Ok(kept.insert(fonts).clone())
    }
}

fn missing() -> Refusal {
    let mut problem = Problem::new(Code::Internal);
    "服务器上没有中文字体，汇总没有生成，记录都在；请安装 fonts-noto-cjk，或用 XUNJI_FONT_DIR 指明字体目录后再试"
        .clone_into(&mut problem.title);
    problem.params.insert("missing".to_owned(), "fonts".into());
    problem.into()
}

fn files() -> Vec<Vec<u8>> {
    if let Some(folder) = std::env::var_os("XUNJI_FONT_DIR") {
        return read(Path::new(&folder), |_| true);
    }
    let wanted = |name: &str| {
        NAMES.iter().any(|n| name.contains(n)) && WEIGHTS.iter().any(|w| name.contains(w))
    };
    FOLDERS
        .iter()
        .map(|folder| read(Path::new(folder), wanted))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// In the order of their names, so that the same folder gives the same bytes.
fn read(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| is_font(p))
        .collect();
    paths.retain(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(&wanted));
    paths.sort();
    paths.iter().filter_map(|p| std::fs::read(p).ok()).collect()
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| ["ttf", "otf", "ttc", "otc"].contains(&e))
}
