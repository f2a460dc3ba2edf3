//! One run: the county, then core, window and console one after the other on the same machine.

use super::county::{self, County, Size};
use super::figures::Figures;
use super::{console, core, sizes, window};
use crate::market::phone::now_ms;
use crate::market::server::Server;
use crate::market::{Step, Stopped};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What a run is made with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Empty folder for county, phones and window.
    pub out: PathBuf,
    /// Folder of the programs.
    pub programs: PathBuf,
    /// Register and queue.
    pub size: Size,
}

/// Measures everything. A part that fails leaves a note and the others go on.
///
/// # Errors
/// When the county cannot be made.
pub async fn start(options: &Options) -> Step<Figures> {
    let begun = Instant::now();
    let county = county::make(&options.out, &options.programs, &options.size).await?;
    let mut figures = Figures {
        operators: u64::from(options.size.operators),
        records: county.waiting,
        ..Figures::default()
    };
    let made = begun.elapsed().as_secs_f64();
    figures
        .notes
        .push(format!("the county was made in {made:.0} s"));
    let program = options.programs.join("xunji-server");
    let mut server = Server::start(&program, &county.data, now_ms()).await?;
    parts(options, &county, &server, &mut figures).await?;
    server.kill().await?;
    figures.sizes = sizes::of(&options.programs, &options.out);
    Ok(figures)
}

async fn parts(
    options: &Options,
    county: &County,
    server: &Server,
    figures: &mut Figures,
) -> Step<()> {
    let (out, programs) = (options.out.as_path(), options.programs.as_path());
    let measured = core::measure(out, programs, server, figures).await?;
    let shown = window::measure(out, programs, server, &measured.found, figures).await;
    note(figures, "window", shown);
    let shown = console::measure(server, &county.accounts, &measured.record_no, figures).await;
    note(figures, "console", shown);
    Ok(())
}

fn note(figures: &mut Figures, part: &str, done: Step<()>) {
    if let Err(stopped) = done {
        figures
            .notes
            .push(format!("the {part} was not measured: {stopped}"));
    }
}

/// Writes the figures as JSON.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, figures: &Figures) -> Step<()> {
    let text = serde_json::to_string_pretty(figures).map_err(|e| Stopped::at("figures", e))?;
    std::fs::write(path, text).map_err(|e| Stopped::at(&path.display().to_string(), e))
}
