//! The field app's package, for a notebook in the station: program, menu entry, icons.

use std::path::Path;

use super::Deb;
use super::deb::File;
use crate::checkout::Checkout;

/// Files of `src-tauri/icons` and the size they are installed as.
const ICONS: [(&str, &str); 4] = [
    ("32x32.png", "32x32"),
    ("128x128.png", "128x128"),
    ("128x128@2x.png", "256x256"),
    ("icon.png", "512x512"),
];

/// What lies where.
pub fn package(checkout: &Checkout, programs: &Path) -> Deb {
    let icons = checkout.root().join("src-tauri/icons");
    let mut files = vec![
        File::program(&programs.join("xunji-app"), "usr/bin/xunji-app"),
        File::data(
            &checkout
                .root()
                .join("packaging/field/cn.xunji.field.desktop"),
            "usr/share/applications/cn.xunji.field.desktop",
        ),
    ];
    files.extend(ICONS.map(|(file, size)| {
        File::data(
            &icons.join(file),
            &format!("usr/share/icons/hicolor/{size}/apps/cn.xunji.field.png"),
        )
    }));
    Deb {
        name: "xunji-field",
        summary: "food inspection at rural markets, without a network",
        program: programs.join("xunji-app"),
        depends: &[],
        recommends: &["fonts-noto-cjk"],
        files,
        scripts: Vec::new(),
        conffiles: &[],
    }
}
