//! Finds and holds the font of the watermark.

use std::path::{Path, PathBuf};

use ab_glyph::FontVec;

/// A font that holds Chinese.
pub struct WatermarkFont(pub(super) FontVec);

/// No font with Chinese was found.
#[derive(Debug, thiserror::Error)]
#[error("no Chinese font in {0:?}")]
pub struct FontError(Vec<PathBuf>);

/// Names and, for collections, the face with Simplified Chinese forms.
const NAMES: [(&str, u32); 7] = [
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSansCJKsc-Regular.otf", 0),
    ("NotoSansSC-Regular.otf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("NotoSansCJK-Medium.ttc", 2),
    ("NotoSerifCJK-Regular.ttc", 2),
    ("DroidSansFallback.ttf", 0),
];

/// Folders of Debian and Android, searched after the given one.
const FOLDERS: [&str; 2] = ["/usr/share/fonts/opentype/noto", "/system/fonts"];

/// Loads the first font that is there and holds our own words.
///
/// # Errors
/// [`FontError`] names the folders that were searched.
pub fn load_font(folder: Option<&Path>) -> Result<WatermarkFont, FontError> {
    let folders: Vec<PathBuf> = folder
        .map(Path::to_path_buf)
        .into_iter()
        .chain(FOLDERS.map(PathBuf::from))
        .collect();
    for folder in &folders {
        for (name, face) in NAMES {
            if let Some(font) = load(&folder.join(name), face) {
                return Ok(font);
            }
        }
    }
    Err(FontError(folders))
}

fn load(path: &Path, face: u32) -> Option<WatermarkFont> {
    use ab_glyph::Font as _;
    let bytes = std::fs::read(path).ok()?;
    let font = FontVec::try_from_vec_and_index(bytes, face).ok()?;
    (font.glyph_id('巡').0 != 0).then_some(WatermarkFont(font))
}
