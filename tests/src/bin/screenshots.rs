//! Takes pictures of every page of both faces. Exit code 0 when every page was reached.

#![allow(clippy::print_stdout)] // the result is what stdout is for

use clap::Parser;
use std::path::{Path, PathBuf};
use xunji_tests::looks::shoot::{Options, shoot};
use xunji_tests::looks::{docs, gallery};
use xunji_tests::market::Step;

/// Pictures of every page of both faces, on the real programs and a county played for them.
#[derive(Parser)]
struct Arguments {
    /// Folder of the pictures.
    #[arg(long)]
    out: PathBuf,
    /// The folder `ui` of the checkout.
    #[arg(long)]
    ui: PathBuf,
    /// Only pictures whose name holds this, such as `field-today` or `dark`.
    #[arg(long)]
    only: Option<String>,
    /// Folder for the small pictures of README and manuals.
    #[arg(long)]
    docs: Option<PathBuf>,
    /// Take no pictures of pages: make the components as they look now the references in this folder.
    #[arg(long)]
    accept: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.accept {
        Some(folder) => accept(&arguments.ui, folder).await,
        None => take(&arguments).await,
    };
    match done {
        Ok(code) => code.into(),
        Err(stopped) => {
            eprintln!("{stopped}");
            1.into()
        }
    }
}

async fn accept(ui: &Path, folder: &Path) -> Step<u8> {
    let pictures = gallery::every_show(ui).await?;
    gallery::accept(&pictures, folder)?;
    println!("{} 张参照图：{}", pictures.len(), folder.display());
    Ok(0)
}

async fn take(arguments: &Arguments) -> Step<u8> {
    let options = Options {
        out: arguments.out.clone(),
        ui: arguments.ui.clone(),
        only: arguments.only.clone(),
    };
    let result = shoot(&options).await?;
    for missed in &result.missed {
        eprintln!("没有走到：{missed}");
    }
    if let Some(folder) = &arguments.docs {
        let only = arguments.only.as_deref();
        let wanted = |name: &str| only.is_none_or(|only| name.contains(only));
        let drawn = docs::draw(&arguments.out, folder, wanted)?;
        println!("{drawn} 张文档插图：{}", folder.display());
    }
    println!("{} 张界面图：{}", result.taken, result.index.display());
    Ok(u8::from(!result.missed.is_empty()))
}
