//! The server's own rows beside each other: what one table says, the others that must say it too.

use rusqlite::Connection;
use std::collections::BTreeMap;

/// What must never be found: the sentence, and a query that gives a line for each case.
const NEVER: &[(&str, &str)] = &[
    (
        "变更没有裁定",
        "SELECT hex(c.hash) FROM change c LEFT JOIN verdict v ON v.hash = c.hash WHERE v.hash IS NULL",
    ),
    (
        "裁定没有变更",
        "SELECT hex(v.hash) FROM verdict v LEFT JOIN change c ON c.hash = v.hash WHERE c.hash IS NULL",
    ),
    (
        "链头与最后一条变更不符",
        "SELECT hex(c.log) FROM change c LEFT JOIN log l ON l.log = c.log
         WHERE c.main = 1 AND c.seq = (SELECT max(x.seq) FROM change x WHERE x.log = c.log AND x.main = 1)
           AND (l.head_seq IS NULL OR l.head_seq <> c.seq OR l.head_hash <> c.hash)",
    ),
    (
        "链头没有签名",
        "SELECT hex(l.log) FROM log l LEFT JOIN head_signature h ON h.log = l.log AND h.hash = l.head_hash
         WHERE l.head_seq > 0 AND h.hash IS NULL",
    ),
    (
        "检查记录的变更没有事件",
        "SELECT hex(c.hash) FROM change c JOIN verdict v ON v.hash = c.hash AND v.verdict = 'applied'
         LEFT JOIN inspection_event e ON e.change = c.hash WHERE c.kind LIKE 'inspection.%' AND e.change IS NULL",
    ),
    (
        "审核的变更没有登记",
        "SELECT hex(c.hash) FROM change c LEFT JOIN review r ON r.change = c.hash
         WHERE c.kind = 'inspection.reviewed' AND r.change IS NULL
           AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.what = 'change' AND e.digest = c.hash)",
    ),
    (
        "补正的变更没有登记",
        "SELECT hex(c.hash) FROM change c JOIN verdict v ON v.hash = c.hash AND v.verdict = 'applied'
         LEFT JOIN amendment a ON a.change = c.hash WHERE c.kind = 'inspection.amended' AND a.change IS NULL",
    ),
    (
        "签字的变更没有记录",
        "SELECT hex(c.hash) FROM change c JOIN verdict v ON v.hash = c.hash AND v.verdict = 'applied'
         LEFT JOIN inspection i ON i.signed_change = c.hash WHERE c.kind = 'inspection.signed' AND i.signed_change IS NULL",
    ),
    (
        "记录没有编号",
        "SELECT i.record_no FROM inspection i
         LEFT JOIN record_no n ON n.inspection = i.inspection AND n.record_no = i.record_no WHERE n.inspection IS NULL",
    ),
    (
        "记录没有两名检查员",
        "SELECT i.record_no FROM inspection i
         WHERE (SELECT count(*) FROM inspector x WHERE x.inspection = i.inspection) < 2
           AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.what = 'change' AND e.digest = i.signed_change)",
    ),
    (
        "登记表里没有经营主体",
        "SELECT hex(s.id) FROM state s LEFT JOIN operator o ON o.operator = s.id
         WHERE s.kind = 'operator' AND s.gone = 0 AND o.operator IS NULL",
    ),
    (
        "文件没有收据",
        "SELECT hex(f.sha256) FROM file f LEFT JOIN file_receipt r ON r.log = f.log AND r.sha256 = f.sha256
         WHERE r.sha256 IS NULL",
    ),
    (
        "收据没有文件",
        "SELECT hex(r.sha256) FROM file_receipt r LEFT JOIN file f ON f.log = r.log AND f.sha256 = r.sha256
         WHERE f.sha256 IS NULL AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.what = 'file' AND e.digest = r.sha256)",
    ),
    (
        "按规定删除的正文还在",
        "SELECT hex(c.hash) FROM erased e JOIN change c ON c.hash = e.digest
         WHERE e.what = 'change' AND c.body IS NOT NULL",
    ),
    (
        "按规定删除的文件又收下了",
        "SELECT lower(hex(f.sha256)) FROM erased e JOIN file f ON e.digest IN (f.sha256, f.original)
         WHERE e.what = 'file' AND NOT EXISTS
           (SELECT 1 FROM photo_ref p WHERE p.sha256 IN (lower(hex(f.sha256)), lower(hex(f.original))))",
    ),
    (
        "按规定删除而没有写入本局的链",
        "SELECT hex(e.digest) FROM erased e LEFT JOIN change c ON c.hash = e.change AND c.kind = 'record.erased'
         LEFT JOIN verdict v ON v.hash = c.hash AND v.verdict = 'applied' WHERE v.hash IS NULL",
    ),
];

/// Every line that must not be there.
///
/// # Errors
/// When a table cannot be read.
pub fn flaws(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    for (sentence, sql) in NEVER {
        let mut query = db.prepare(sql)?;
        let rows = query.query_map([], |row| row.get::<_, String>(0))?;
        for row in rows {
            found.push(format!("{sentence}：{}", row?));
        }
    }
    Ok(found)
}

/// Receipts by the subject a phone keeps them under, `log:<log>:<seq, 20 digits>` and `file:<sha256>`.
/// A file that several logs delivered has several.
///
/// # Errors
/// When a table cannot be read.
pub fn receipts(db: &Connection) -> rusqlite::Result<BTreeMap<String, Vec<String>>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut query = db.prepare("SELECT log, up_to_seq, token FROM receipt UNION ALL SELECT log, up_to_seq, token FROM branch_receipt")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (log, seq): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
        let log = uuid::Uuid::from_slice(&log)
            .map(|u| u.to_string())
            .unwrap_or_default();
        all.entry(format!("log:{log}:{seq:020}"))
            .or_default()
            .push(row.get(2)?);
    }
    let mut query = db.prepare("SELECT lower(hex(sha256)), token FROM file_receipt")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let sha256: String = row.get(0)?;
        all.entry(format!("file:{sha256}"))
            .or_default()
            .push(row.get(1)?);
    }
    Ok(all)
}
