//! `erase`: a list of what a rule reaches, and with `--yes` the erasing itself. Progress on standard error, one
//! JSON line at the end.

use super::plan::{Plan, plan, reason};
use super::run::{Order, run};
use crate::app::{App, OpenError};
use crate::config::DataFolder;
use crate::problem::Refusal;
use crate::storage::console::accounts;
use crate::storage::due::Due;
use crate::storage::{StoreError, meta};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use xunji_domain::retention::{BUILT_IN, RetentionError, RetentionRule, RetentionRules};
use xunji_domain::time::CHINA_OFFSET_MIN;
use xunji_domain::words::Role;

/// Records between two lines of progress.
const EVERY: u64 = 20;
/// The county's own table in its data folder.
const OWN: &str = "retention.toml";

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The county's folder; a server may be running on it.
    pub data: DataFolder,
    /// Id of the rule.
    pub rule: String,
    /// Completed before this day; without it, as far as the rule reaches.
    pub before: Option<NaiveDate>,
    /// Erase, and not only list: account of who ordered it, and the paper.
    pub order: Option<(String, String)>,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The county's table.
    #[error("{OWN}: {0}")]
    Rules(#[from] RetentionError),
    /// The county's table does not read.
    #[error("{OWN}: {0}")]
    Io(#[from] std::io::Error),
    /// No such rule.
    #[error("没有编号为 {0} 的规则，可用的有：{1}；什么都没有删除")]
    NoRule(String, String),
    /// Too early.
    #[error("按规则今天最多删到 {0} 以前办结的，不能删到 {1}；什么都没有删除")]
    TooEarly(NaiveDate, NaiveDate),
    /// The time of the county is beyond the calendar.
    #[error("服务器的时间不对；什么都没有删除")]
    Clock,
    /// Nobody who may order it.
    #[error("账号 {0} 不存在，或不是管理员、县局人员；什么都没有删除")]
    NotAllowed(String),
    /// An erasing without a paper.
    #[error("请用 --order 写明鉴定意见或批准文件的名称和文号；什么都没有删除")]
    NoOrder,
    /// The run ended before its end.
    #[error("{}；已删除的都有记载，其余没有动，再执行一次即可接着做", .0.0.title)]
    Stopped(Refusal),
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        Self::Stopped(refusal)
    }
}

/// Lists, and erases when it was ordered.
///
/// # Errors
/// [`CommandError`].
pub fn erase(asked: &Asked, say: &mut dyn FnMut(&str)) -> Result<Value, CommandError> {
    let app = open(&asked.data)?;
    let rules = rules(&asked.data)?;
    let rule = rules.rule(&asked.rule).ok_or_else(|| {
        let known: Vec<&str> = rules.all().iter().map(|rule| rule.id.as_str()).collect();
        CommandError::NoRule(asked.rule.clone(), known.join("、"))
    })?;
    let reaches = reaches(&app, rule)?;
    let before = asked.before.unwrap_or(reaches);
    if before > reaches {
        return Err(CommandError::TooEarly(reaches, before));
    }
    let order = match &asked.order {
        Some((account, paper)) => Some(order(&app, account, paper)?),
        None => None,
    };
    let plan = plan(&app, rule, before)?;
    list(rule, before, &plan, say);
    let mut line = line(rule, before, &plan);
    if let Some(order) = order {
        let mut told = 0;
        let done = run(&app, rule, &plan, &order, &mut |n, of| {
            if n == of || n >= told + EVERY {
                told = n;
                say(&format!("已删除 {n}/{of} 份"));
            }
        })?;
        said(&done, say);
        if let (Value::Object(line), Ok(done)) = (&mut line, serde_json::to_value(&done)) {
            line.insert("erased".to_owned(), done);
        }
    } else {
        say("以上只是清单，什么都没有删除；经鉴定后加 --yes --by 账号 --order 文号 执行");
    }
    Ok(line)
}

/// Rules that reach something today, with how many records each reaches: after a restore the erasings that
/// the backup does not know are among them.
///
/// # Errors
/// [`CommandError`].
pub fn due_now(app: &App) -> Result<Vec<(String, NaiveDate, usize)>, CommandError> {
    let mut found = Vec::new();
    for rule in rules(&app.data)?.all() {
        let before = reaches(app, rule)?;
        let due = plan(app, rule, before)?.go.len();
        if due > 0 {
            found.push((rule.id.clone(), before, due));
        }
    }
    Ok(found)
}

/// The county, with the clock of the process that serves it.
fn open(data: &DataFolder) -> Result<App, CommandError> {
    let app = App::open(data.clone(), 0)?;
    let served = meta::get(&app.store, app.bureau, meta::CLOCK_OFFSET)?;
    match served.and_then(|text| text.parse().ok()) {
        None | Some(0) => Ok(app),
        Some(offset) => Ok(App::open(data.clone(), offset)?),
    }
}

/// The county's own table, or the built-in one.
fn rules(data: &DataFolder) -> Result<RetentionRules, CommandError> {
    let own = data.path().join(OWN);
    if own.exists() {
        return Ok(RetentionRules::parse(&std::fs::read_to_string(own)?)?);
    }
    Ok(RetentionRules::parse(BUILT_IN)?)
}

fn reaches(app: &App, rule: &RetentionRule) -> Result<NaiveDate, CommandError> {
    let today = app.clock.now().date(CHINA_OFFSET_MIN);
    today
        .and_then(|today| rule.reaches(today))
        .ok_or(CommandError::Clock)
}

/// Who orders it: known by an account, and in charge of the county or its server.
fn order(app: &App, account: &str, paper: &str) -> Result<Order, CommandError> {
    let paper = paper.trim();
    if paper.is_empty() {
        return Err(CommandError::NoOrder);
    }
    let refused = || CommandError::NotAllowed(account.to_owned());
    let row = accounts::find(&app.store, app.bureau, account.to_owned())?.ok_or_else(refused)?;
    let person = accounts::person(&app.store, app.bureau, row.person)?.ok_or_else(refused)?;
    if !matches!(person.role, Role::Administrator | Role::Bureau) {
        return Err(refused());
    }
    Ok(Order {
        paper: paper.to_owned(),
        by: person.id,
        by_name: person.name,
    })
}

fn list(rule: &RetentionRule, before: NaiveDate, plan: &Plan, say: &mut dyn FnMut(&str)) {
    say(&format!(
        "规则 {}（{}），{before} 以前办结的",
        rule.id, rule.name
    ));
    for line in rule.explained() {
        say(&format!("  {line}"));
    }
    let counts = plan.counts();
    let bodies: u64 = counts.bodies.values().sum();
    say(&format!(
        "到期可删除：记录 {} 份，正文 {bodies} 条，文件 {} 个，日报 {} 份，共 {} 字节",
        counts.records, counts.files, counts.reports, counts.bytes
    ));
    for due in &plan.go {
        say(&format!(
            "  {} {}：正文 {} 条，文件 {} 个",
            due.day,
            due.record_no,
            due.changes.len(),
            due.files.len()
        ));
    }
    if !plan.stay.is_empty() {
        say(&format!("到期但留存：{} 份", plan.stay.len()));
    }
    for due in &plan.stay {
        say(&format!("  {} {}：{}", due.day, due.record_no, why(due)));
    }
}

fn why(due: &Due) -> String {
    let reasons: Vec<&str> = due.kept.iter().map(|kept| reason(*kept)).collect();
    reasons.join("；")
}

fn line(rule: &RetentionRule, before: NaiveDate, plan: &Plan) -> Value {
    let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
    for due in &plan.stay {
        for reason in due.kept.iter().map(|kept| reason(*kept)) {
            *kept.entry(reason).or_default() += 1;
        }
    }
    let numbers: Vec<&str> = plan.go.iter().map(|due| due.record_no.as_str()).collect();
    json!({
        "rule": rule.id,
        "before": before,
        "due": plan.counts(),
        "records": numbers,
        "kept": plan.stay.len(),
        "kept_because": kept,
    })
}

fn said(done: &super::run::Done, say: &mut dyn FnMut(&str)) {
    say(&format!(
        "已按规定删除 {} 份记录，清除文件 {} 个",
        done.records, done.files
    ));
    if done.changed > 0 {
        say(&format!(
            "有 {} 份在执行中又有变化，没有删除，下次再看",
            done.changed
        ));
    }
    if !done.log_cut {
        say("服务器正忙，数据库日志没有当场清空，它会自己清空；要确认请停下服务器再执行一次");
    }
    if done.records == 0 {
        return;
    }
    say("以前的备份里还有这些内容，请按备份的保管期限一并处理；用旧备份恢复后要再执行一次本命令");
}
