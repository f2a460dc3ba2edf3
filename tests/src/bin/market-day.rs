//! Plays a whole market day and checks what is left of it. Exit code 0 when nothing is wrong.

#![allow(clippy::print_stdout)] // the result is what stdout is for

use clap::Parser;
use std::path::PathBuf;
use xunji_tests::market::day::{Options, play, write_summary};
use xunji_tests::market::summary::Summary;

/// Plays a market day with real device cores in separate processes against the real server.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for county, phones, photos, summary.json and the report.
    #[arg(long)]
    out: PathBuf,
    /// Seed of script, photos and cuts.
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// JPEG files to use instead of drawn ones; at least 60.
    #[arg(long = "photos-dir", alias = "photos")]
    photos: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let programs = std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(PathBuf::from));
    let options = Options {
        out: arguments.out.clone(),
        programs: programs.unwrap_or_default(),
        seed: arguments.seed,
        photos: arguments.photos,
    };
    if let Err(error) = std::fs::create_dir_all(&options.out) {
        eprintln!("{}: {error}", options.out.display());
        return 1.into();
    }
    let summary = match play(&options).await {
        Ok(summary) => summary,
        Err(stopped) => Summary {
            seed: options.seed,
            wrong: vec![stopped.to_string()],
            ..Summary::default()
        },
    };
    if let Err(error) = write_summary(&options.out, &summary) {
        eprintln!("{error}");
        return 1.into();
    }
    report(&summary)
}

fn report(summary: &Summary) -> std::process::ExitCode {
    if let Ok(text) = serde_json::to_string_pretty(summary) {
        println!("{text}");
    }
    if summary.wrong.is_empty() && summary.lost == 0 && summary.doubled == 0 {
        eprintln!(
            "市场日演练通过：检查 {} 份全部收齐，照片 {}/{}，丢失 0，重复 0",
            summary.synced, summary.photos_received, summary.photos_taken
        );
        return 0.into();
    }
    for wrong in &summary.wrong {
        eprintln!("不对：{wrong}");
    }
    1.into()
}
