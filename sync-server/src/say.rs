//! What `backup` and `verify` say on the terminal: how far they have come, the first bad entry of every
//! kind, and what follows from it.

use std::io::Write as _;
use std::path::Path;
use xunji_domain::time::{CHINA_OFFSET_MIN, Millis};
use xunji_server::backup::{self, Asked};
use xunji_server::cli::Backup;
use xunji_server::config::DataFolder;
use xunji_server::storage::verify::Found;
use xunji_server::verify as look;

/// `verify DIR`.
///
/// # Errors
/// What cannot be looked through, or that something does not hold.
pub fn verify(dir: &Path) -> Result<(), String> {
    let found = look::folder(&DataFolder::new(dir), &progress).map_err(|e| e.to_string())?;
    tell(&found)
}

/// `backup DIR`.
///
/// # Errors
/// Why there is none, or that the copy has what the county lacks.
pub fn backup(arguments: Backup) -> Result<(), String> {
    let dir = arguments.dir.display().to_string();
    let asked = Asked {
        data: DataFolder::new(arguments.data),
        to: arguments.dir,
        away: arguments.away,
    };
    let made = backup::make(&asked, &progress).map_err(|e| e.to_string())?;
    line(&format!(
        "{dir}: {} files, {} bytes; {} share their bytes with the county's own disk",
        made.files, made.bytes, made.linked
    ));
    tell(&made.found).map_err(|e| {
        format!("{e}; the copy was kept, phones and console are told nothing of it")
    })?;
    let through = clock(made.through);
    line(&match made.away {
        true => format!("备份完整：{through} 前收到的都在其中 (whole: all that was received before is in it; phones and console are told)"),
        false => "备份完整，但与服务器在同一块磁盘上：磁盘损坏时一起丢失，手机不据此删除任何内容。请复制到另一台机器，或加 --away \
                  (whole, but on the county's own disk: phones are told nothing; put it elsewhere, or say --away)"
            .to_owned(),
    });
    line("其中有本县的私钥，请像服务器一样保管 (it holds the county's private keys)");
    Ok(())
}

fn tell(found: &Found) -> Result<(), String> {
    for (flaw, count) in found.flaws() {
        let more = match count {
            1 => String::new(),
            n => format!(" (the first of {n})"),
        };
        line(&format!("不符 {flaw}{more}"));
    }
    if found.awaited > 0 {
        line(&format!(
            "还有 {} 张原片在手机上，未送达 (originals that have not arrived yet)",
            found.awaited
        ));
    }
    if found.witnesses > 0 {
        line(&format!(
            "手机曾出示本服务器签过、当时库里没有的签名 {} 件，原文存在 witness 表：服务器曾退回到更早的状态 (signed here, shown by phones, not here then: this server was once put back)",
            found.witnesses
        ));
    }
    if found.is_whole() {
        line(&format!(
            "全部相符：{} 项，文件 {} 字节 (everything holds)",
            found.looked_at, found.bytes
        ));
        return Ok(());
    }
    Err(
        "有内容与收下时不符，服务器什么也没有改动；手机和备份中的原件不受影响 (something does not hold; nothing was changed)"
            .to_owned(),
    )
}

fn progress(what: &str, count: u64) {
    line(&format!("{what} {count}"));
}

fn clock(at: Millis) -> String {
    at.at_offset(CHINA_OFFSET_MIN).map_or_else(
        || at.0.to_string(),
        |at| at.format("%Y-%m-%d %H:%M").to_string(),
    )
}

/// Standard output may be closed by who reads it; the exit code says the same.
fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
