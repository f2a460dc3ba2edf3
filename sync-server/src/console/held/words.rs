//! Why a change was held back, in words: codes are for ever, these sentences are not.

use crate::storage::console::held::HeldBack;
use xunji_protocol::kinds::{
    CHANGE_SETTLED, CONFLICT_RESOLVED, DRAFT_TAKEN_OVER, INSPECTION_AMENDED, INSPECTION_REVIEWED,
    INSPECTION_SIGNED, LOG_OPENED, OPERATOR_EDITED, OPERATOR_REGISTERED,
};
use xunji_protocol::verdict::{Cause, VerdictRow};

/// What kind of change it is.
pub(super) fn kind(code: &str) -> &'static str {
    match code {
        OPERATOR_REGISTERED => "新登记主体",
        OPERATOR_EDITED => "修改登记",
        INSPECTION_SIGNED => "检查记录",
        INSPECTION_AMENDED => "补正",
        INSPECTION_REVIEWED => "审核",
        CONFLICT_RESOLVED => "裁定",
        CHANGE_SETTLED => "处理",
        LOG_OPENED => "换用新的记录册",
        DRAFT_TAKEN_OVER => "接续草稿",
        _ => "较新版本程序的内容",
    }
}

/// What exactly stands against it.
pub(super) fn reason(last: &VerdictRow) -> String {
    let detail = last.detail.as_str();
    match (last.cause, detail) {
        (Some(Cause::BodyMissing), _) => "正文另走文件，文件还没有收到".to_owned(),
        (Some(Cause::RecordMissing), _) => "所改的主体或记录还没有收到".to_owned(),
        (Some(Cause::TooNew), _) => format!("这台服务器的程序不认识（{detail}）"),
        (Some(Cause::NotAllowed), "device") => "交来的手机已停用".to_owned(),
        (Some(Cause::NotAllowed), "author") => "名册里没有写这一条的人".to_owned(),
        (Some(Cause::NotAllowed), _) => "写这一条的人没有这项权限".to_owned(),
        (Some(Cause::Malformed), _) => format!("正文读不出来（{detail}）"),
        (Some(Cause::RuleBroken), rule) => broken(rule),
        (None, _) => String::new(),
    }
}

fn broken(rule: &str) -> String {
    let known = match rule {
        "signed_twice" => "同一份记录签了两次；先收到的一份在册，这一份留着备查",
        "signature_document" => "签名签的不是这份内容",
        "station" => "名册里没有这个监管所",
        "records" => "内容与信封上写的主体、记录不一致",
        "unfinished" => "记录没有做完就签了字",
        "inspector_signatures" => "检查员签名的个数不对",
        "too_few_inspectors" => "检查员不足两人，或执法证不在有效期",
        "unanswered" => "有检查项没有作答",
        "unchecked_reason" => "选了未检查的项没有写原因",
        "finding_incomplete" => "不符合的项没有写全",
        "notice_missing" => "没有确认已出示执法证件并告知",
        "party_missing" => "当事人没有签字，也没有记录拒签",
        "refusal_incomplete" => "拒签没有写全",
        "conclusion_reason" => "结论与建议不同，没有写理由",
        "started_at" => "检查开始的时间不对",
        _ => return format!("不符合登记或签字的规则（{rule}）"),
    };
    known.to_owned()
}

/// What a held change waits for, and where that is.
pub(super) fn waits(waits_for: &str, row: &HeldBack) -> String {
    let where_from = row
        .phone
        .as_ref()
        .map_or_else(String::new, |phone| format!("，在 {phone} 号手机上"));
    match waits_for.split_once(':') {
        Some(("body", _)) => format!("正文文件{where_from}；手机有信号时自己交来，到了自动入账"),
        Some(("record", _)) => "它所改的主体或记录；多半还在另一部手机上，到了自动入账".to_owned(),
        _ => "服务器升级；升级后第一次启动时自动入账".to_owned(),
    }
}
