//! 出发前检查: what this phone can say about itself before it leaves the signal. It warns, it refuses nothing.

use super::standing::Tone;
use super::{acting, record_list, records};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{Readiness, ReadyLine};
use crate::photos::space;
use crate::store::local::{contact, contact::Contact};
use crate::store::mirror;
use crate::store::mirror::Read;
use chrono::NaiveDate;
use xunji_domain::checklist;
use xunji_domain::org::Person;
use xunji_domain::time::Millis;
use xunji_protocol::state::InspectionSummary;

/// Bytes that a photo takes with its sealed original, working copy and thumbnail: the mean of phones' 12
/// megapixel pictures.
const PHOTO_BYTES: u64 = 4 * 1024 * 1024;
/// Fewer photos than this may not last a market day: fourteen stalls with six photos each.
const PHOTOS_ENOUGH: u64 = 100;
/// A register older than this may lack yesterday's visits of colleagues.
const FRESH_HOURS: i64 = 24;
/// A clock this far off puts records on the wrong minute; beyond a day on the wrong day.
const CLOCK_TOLERANCE_MS: i64 = 2 * 60_000;
/// A card with fewer days left is named.
const CARD_SOON_DAYS: i64 = 30;

/// Everything that can be said.
///
/// # Errors
/// Those of the files.
pub fn readiness(device: &Device) -> Result<Readiness, ApiError> {
    let day = acting::today(device);
    let heard = device.local()?.read(contact::get)?;
    let operators = device.mirror().read(mirror::operators::count)?;
    let lines = vec![
        register(
            operators,
            heard.as_ref(),
            acting::now(device),
            device.zone(),
        ),
        checklists(device)?,
        clock(heard.as_ref().map(|heard| offset(device, heard))),
        storage(device),
        unsent(device, day)?,
        cards(
            &device.local()?.read(|read| {
                acting::inspectors(device, read).or_else(|_| Ok::<_, ApiError>(Vec::new()))
            })?,
            day,
        ),
    ];
    let doubts = lines.iter().filter(|l| l.tone != Tone::Pass).count();
    Ok(Readiness { lines, doubts })
}

/// One line.
fn line(key: &str, tone: Tone, text: impl Into<String>, detail: impl Into<String>) -> ReadyLine {
    ReadyLine {
        key: key.to_owned(),
        tone,
        text: text.into(),
        detail: detail.into(),
    }
}

fn register(operators: u64, heard: Option<&Contact>, now: Millis, zone: i32) -> ReadyLine {
    let Some(heard) = heard else {
        return line(
            "register",
            Tone::Warn,
            "名单还没有更新过",
            "连上服务器后会自己下载",
        );
    };
    let at = format!("上次联系 {}", heard.server_time().minute_text(zone));
    if operators == 0 {
        return line("register", Tone::Warn, "名单是空的", at);
    }
    let hours = (now.0 - heard.server_time().0).max(0) / 3_600_000;
    let text = format!("名单 {operators} 户");
    if hours < FRESH_HOURS {
        return line("register", Tone::Pass, text, at);
    }
    line(
        "register",
        Tone::Warn,
        format!("{text}，{} 天没有更新", hours / 24),
        at,
    )
}

/// Whether this program knows the newest edition that colleagues already use.
fn checklists(device: &Device) -> Result<ReadyLine, ApiError> {
    let built: Vec<(String, u32)> = checklist::all()
        .map(|all| all.iter().map(|c| (c.id.clone(), c.version)).collect())
        .unwrap_or_default();
    let seen = device
        .mirror()
        .read(|m: &Read<'_>| mirror::inspections::latest(m, 200))?;
    let newer = seen.iter().filter_map(edition).find(|(id, version)| {
        let ours = built
            .iter()
            .filter(|(built, _)| built == id)
            .map(|(_, v)| *v)
            .max();
        ours.is_none_or(|ours| ours < *version)
    });
    let names = format!("本机有 {} 张检查表", built.len());
    Ok(match newer {
        None => line("checklists", Tone::Pass, "检查表是本机已知的最新版", names),
        Some((id, version)) => line(
            "checklists",
            Tone::Warn,
            "同事已在用更新的检查表",
            format!("{id} 第 {version} 版，升级程序后才有"),
        ),
    })
}

/// `XCY-6/1` as it stands in a record.
fn edition(summary: &InspectionSummary) -> Option<(String, u32)> {
    let (id, version) = summary.checklist.split_once('/')?;
    Some((id.to_owned(), version.parse().ok()?))
}

/// How far the clock is off by now, also where it was set since.
fn offset(device: &Device, heard: &Contact) -> i64 {
    let boot = device.clock.boot_id();
    heard.offset_now(device.now(), device.clock.boottime_ms(), &boot)
}

fn clock(offset: Option<i64>) -> ReadyLine {
    let Some(offset) = offset else {
        return line(
            "clock",
            Tone::Warn,
            "时钟还没有核对过",
            "连上服务器时会核对",
        );
    };
    let seconds = offset.abs() / 1000;
    let way = if offset > 0 { "慢" } else { "快" };
    let apart = if seconds < 120 {
        format!("比服务器{way} {seconds} 秒")
    } else {
        format!("比服务器{way} {} 分钟", seconds / 60)
    };
    if offset.abs() <= CLOCK_TOLERANCE_MS {
        return line("clock", Tone::Pass, "时钟准", apart);
    }
    line(
        "clock",
        Tone::Warn,
        format!("时钟{apart}"),
        "请在系统设置里改为自动确定时间",
    )
}

fn storage(device: &Device) -> ReadyLine {
    let Ok(free) = space::free(device.folder()) else {
        return line("storage", Tone::Warn, "看不到剩余空间", "拍照前会再看一次");
    };
    let photos = free.saturating_sub(space::NEEDED) / PHOTO_BYTES;
    let size = format!(
        "剩余 {}.{} GB",
        free / 1_000_000_000,
        free % 1_000_000_000 / 100_000_000
    );
    if photos >= PHOTOS_ENOUGH {
        let shown = if photos > 2000 {
            " 2000 张以上".to_owned()
        } else {
            format!("约 {photos} 张")
        };
        return line("storage", Tone::Pass, format!("够拍{shown}"), size);
    }
    line(
        "storage",
        Tone::Warn,
        format!("只够拍约 {photos} 张"),
        format!("{size}，请先清理手机"),
    )
}

/// What earlier days left unsent; today's is not late.
fn unsent(device: &Device, day: NaiveDate) -> Result<ReadyLine, ApiError> {
    let rows = record_list::all(device, record_list::Filter::Unsent, None)?;
    let today = day.to_string();
    let old = rows
        .iter()
        .filter(|row| row.day_text < today && row.mine)
        .count();
    let sync = records::unsent(device)?;
    let photos = sync.photos.total - sync.photos.received.min(sync.photos.total);
    if old > 0 {
        let text = format!("以前还有 {old} 份没有交完");
        return Ok(line(
            "unsent",
            Tone::Warn,
            text,
            format!("照片 {photos} 张待交，都在本机，有信号先交"),
        ));
    }
    Ok(line("unsent", Tone::Pass, "以前的都交完了", ""))
}

fn cards(inspectors: &[Person], day: NaiveDate) -> ReadyLine {
    if inspectors.len() < 2 {
        return line(
            "cards",
            Tone::Warn,
            "今天的检查员还不足两名",
            "在“今日”顶部选人",
        );
    }
    let left = |p: &Person| p.card_valid_to.map(|to| (to - day).num_days());
    let soonest = inspectors
        .iter()
        .filter_map(|p| Some((left(p)?, p)))
        .min_by_key(|(days, _)| *days);
    match soonest {
        Some((days, p)) if days < 0 => line(
            "cards",
            Tone::Fail,
            format!("{}执法证已过期 {} 天", p.name, -days),
            "过期不能签字，请换人",
        ),
        Some((days, p)) if days < CARD_SOON_DAYS => line(
            "cards",
            Tone::Warn,
            format!("{}执法证剩 {days} 天", p.name),
            "到期前仍可签字",
        ),
        _ => line(
            "cards",
            Tone::Pass,
            "两名检查员证件有效",
            inspectors
                .iter()
                .map(|p| p.name.as_str())
                .collect::<Vec<_>>()
                .join("、"),
        ),
    }
}
