//! Plays a whole market day and checks what is left of it. Exit code 0 when nothing is wrong.

#![allow(clippy::print_stdout)] // the result is what stdout is for

use chrono::NaiveDate;
use clap::Parser;
use std::path::PathBuf;
use xunji_tests::link::Profile;
use xunji_tests::market::crowd::{self, Crowd, Running};
use xunji_tests::market::day::{Options, play, write_summary};
use xunji_tests::market::past::{plan, play as past};
use xunji_tests::market::phone::now_ms;
use xunji_tests::market::summary::Summary;
use xunji_tests::market::{Step, Stopped, ended};

/// Plays a market day with real device cores in separate processes against the real server.
#[derive(Parser)]
struct Arguments {
    /// Empty folder for county, phones, photos, summary.json and the report.
    #[arg(long, default_value = "target/market-day")]
    out: PathBuf,
    /// Do not play a day but the visits of the ninety days before the county's first one.
    #[arg(long, conflicts_with = "photos_dir")]
    past: bool,
    /// With --past: the county's first day; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "past")]
    first_day: Option<NaiveDate>,
    /// With --past: how many visits; with --devices: how many on each phone.
    #[arg(long, value_name = "N")]
    visits: Option<usize>,
    /// Seed of script, photos and cuts.
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// Do not play a day but so many phones that all come into signal at once.
    #[arg(long, value_name = "N", conflicts_with_all = ["past", "photos_dir"])]
    devices: Option<usize>,
    /// With --devices: photos of each visit, 2 without it.
    #[arg(long, value_name = "N", requires = "devices")]
    photos: Option<usize>,
    /// With --devices: the line of every phone: 2g, edge-of-signal, village, flaky-wifi or lan.
    #[arg(long, value_name = "PROFILE", default_value = "village", requires = "devices", value_parser = profile)]
    link: String,
    /// With --devices: a server of this machine that runs already, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL", requires_all = ["devices", "county"])]
    server: Option<String>,
    /// With --server: its folder, where codes are made and what arrived is looked at.
    #[arg(long, value_name = "DIR", requires = "server")]
    county: Option<PathBuf>,
    /// JPEG files to use instead of drawn ones; at least 60.
    #[arg(long, value_name = "DIR")]
    photos_dir: Option<PathBuf>,
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
        photos: arguments.photos_dir.clone(),
    };
    if let Err(error) = std::fs::create_dir_all(&options.out) {
        eprintln!("{}: {error}", options.out.display());
        return 1.into();
    }
    if arguments.past {
        let stage = past::Stage {
            out: options.out,
            programs: options.programs,
            seed: options.seed,
            crowd: 0,
        };
        let played = tokio::select! {
            played = play_past(&stage, &arguments) => played,
            () = ended() => return 143.into(),
        };
        return report_past(played);
    }
    if let Some(devices) = arguments.devices {
        let crowd = match crowd_of(&arguments, options, devices) {
            Ok(crowd) => crowd,
            Err(wrong) => {
                eprintln!("{wrong}");
                return 2.into();
            }
        };
        let mut say = |line: String| eprintln!("{line}");
        let played = tokio::select! {
            played = crowd::play(&crowd, &mut say) => played,
            () = ended() => return 143.into(),
        };
        return report_crowd(played);
    }
    let played = tokio::select! {
        played = play(&options) => played,
        () = ended() => return 143.into(),
    };
    let summary = match played {
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

fn crowd_of(arguments: &Arguments, options: Options, devices: usize) -> Result<Crowd, String> {
    let server = arguments.server.as_ref().zip(arguments.county.clone());
    let server = server.map(|(url, county)| Running::at(url, county));
    Ok(Crowd {
        out: options.out,
        devices,
        visits: arguments.visits.unwrap_or(3),
        photos: arguments.photos.unwrap_or(2).max(1),
        link: arguments.link.clone(),
        seed: options.seed,
        server: server.transpose()?,
    })
}

async fn play_past(stage: &past::Stage, arguments: &Arguments) -> Step<past::Summary> {
    let today = xunji_domain::time::Millis(now_ms()).date(480);
    let first_day = arguments.first_day.or(today);
    let first_day = first_day.ok_or_else(|| Stopped("today".into()))?;
    let plan = plan::write(
        first_day,
        stage.seed,
        arguments.visits.unwrap_or(plan::VISITS),
    )?;
    let summary = past::play(stage, &plan).await?;
    past::write_summary(&stage.out, &summary)?;
    Ok(summary)
}

fn profile(name: &str) -> Result<String, String> {
    Profile::named(name).map(|_| name.to_owned())
}

fn report_crowd(played: Step<crowd::Summary>) -> std::process::ExitCode {
    let summary = match played {
        Ok(summary) => summary,
        Err(stopped) => {
            eprintln!("没有做完：{stopped}");
            return 1.into();
        }
    };
    if let Ok(text) = serde_json::to_string_pretty(&summary) {
        println!("{text}");
    }
    for wrong in &summary.wrong {
        eprintln!("不对：{wrong}");
    }
    let held = summary.wrong.is_empty() && summary.lost == 0 && summary.doubled == 0;
    u8::from(!held).into()
}

fn report_past(played: Step<past::Summary>) -> std::process::ExitCode {
    let summary = match played {
        Ok(summary) => summary,
        Err(stopped) => {
            eprintln!("往日检查没有做完：{stopped}");
            return 1.into();
        }
    };
    if let Ok(text) = serde_json::to_string_pretty(&summary) {
        println!("{text}");
    }
    for wrong in &summary.wrong {
        eprintln!("不对：{wrong}");
    }
    if !summary.wrong.is_empty() {
        return 1.into();
    }
    eprintln!(
        "往日检查 {} 份、照片 {} 张全部收齐；已通过 {} 份，待审 {} 份",
        summary.synced,
        summary.photos,
        summary.approved + summary.returned,
        summary.waiting
    );
    0.into()
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
