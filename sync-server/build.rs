//! Sees to the folder of the console's built page, so that the server compiles on a fresh clone.
//! Without a page the server runs and says 控制台尚未构建.

use std::path::Path;

fn main() {
    let folder = Path::new("../ui/console/dist");
    // An empty folder is enough for the macro that embeds it.
    if let Err(error) = std::fs::create_dir_all(folder) {
        println!("cargo::error=cannot make {}: {error}", folder.display());
    }
    if !folder.join("index.html").is_file() {
        println!(
            "cargo::warning=the console is not built yet: run `npm run build -w console` in ui/"
        );
    }
    println!("cargo::rerun-if-changed=../ui/console/dist");
}
