//! Checks that the face is built, makes our three commands permissioned, and embeds the rest of tauri.conf.json.

use std::path::Path;

/// The page that the window opens.
const PAGE: &str = "../ui/field/dist/index.html";

fn main() {
    println!("cargo:rustc-check-cfg=cfg(mobile)");
    println!("cargo:rerun-if-changed=../ui/field/dist");
    if !Path::new(PAGE).is_file() {
        println!(
            "cargo:error=ui/field/dist/index.html is missing: run `cd ui && npm ci && npm run build -w field` first, or `./x app`"
        );
        return;
    }
    let commands = tauri_build::AppManifest::new().commands(&["call", "photo_chunk", "take_photo"]);
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
    {
        println!("cargo:error={error:#}");
    }
}
