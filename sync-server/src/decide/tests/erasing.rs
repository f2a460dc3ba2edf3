//! Who may say that a record was erased, of what, and what comes to it afterwards.

use super::*;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::InspectionEvent;

/// A signed record, and the words that erase it.
fn stands() -> (Stage, RecordErased) {
    let mut s = Stage::new();
    let signed = s.sign(20, &[FAILED]);
    let hash = signed.hash;
    let plan = s.decide(vec![signed]).plan;
    for record in &plan.records {
        if let Derived::Inspection(summary, content) = &record.derived {
            let event = InspectionEvent::Signed {
                version: hash.to_hex(),
            };
            let stored = Record {
                summary: (**summary).clone(),
                content: (**content).clone(),
                events: vec![event],
                reviews: BTreeMap::new(),
                amendments: std::collections::BTreeSet::new(),
            };
            s.rows.inspections.insert(summary.id, stored);
            s.rows.revs.insert(record.key, 1);
        }
    }
    let orderer = person(&s.county, "管理员甲");
    let said = RecordErased {
        record: InspectionId(id(20)),
        rule: "inspection".to_owned(),
        rule_text: "五年".to_owned(),
        order: "鉴定〔2032〕1号".to_owned(),
        changes: vec![hash],
        files: Vec::new(),
        reports: Vec::new(),
        orderer: orderer.id,
        orderer_name: orderer.name,
        at: Millis(sample::MORNING),
    };
    s.phone.author = orderer.id;
    s.rows.log.owner = Owner::Bureau;
    s.rows.log.head = s.phone.head;
    (s, said)
}

/// What it says: name, and what is different about it.
type Erases = (&'static str, fn(&mut Stage, &mut RecordErased), Want);

#[rustfmt::skip]
const TABLE: &[Erases] = &[
    ("by the administrator", |_, _| {}, APPLIED),
    ("from the county", |s, said| { said.orderer = person(&s.county, "县局科员甲").id; s.phone.author = said.orderer; }, APPLIED),
    ("from a phone", |s, _| {
        let station = sample::station(&s.county);
        s.rows.log.owner = Owner::Device { device: s.phone.device, station, active: true };
    }, NOT_ALLOWED),
    ("by a supervisor", |s, said| { said.orderer = person(&s.county, "所长甲").id; s.phone.author = said.orderer; }, NOT_ALLOWED),
    ("in the name of another", |s, said| said.orderer = person(&s.county, "县局科员甲").id, NOT_ALLOWED),
    ("of a record nobody knows", |s, _| s.rows.inspections.clear(), RULE),
    ("without an order", |_, said| said.order.clear(), RULE),
    ("of nothing", |_, said| said.changes.clear(), RULE),
];

#[test]
fn the_table_of_erasing_holds() {
    for (name, alter, (verdict, cause, flags)) in TABLE {
        let (mut s, mut said) = stands();
        alter(&mut s, &mut said);
        let change = s.phone.append(RECORD_ERASED, &[said.record.0], &said);
        let plan = s.decide(vec![change]).plan;
        let row = &plan.verdicts[0].row;
        assert_eq!(
            (row.verdict, row.cause, row.flags.as_slice()),
            (*verdict, *cause, *flags),
            "{name}: {}",
            row.detail
        );
        let applied = row.verdict == Verdict::Applied;
        assert_eq!(plan.records.is_empty(), !applied, "{name}");
        assert_eq!(plan.rows.is_empty(), !applied, "{name}");
    }
}

#[test]
fn what_comes_to_an_erased_record_waits_for_a_person() {
    let (mut s, said) = stands();
    let parent = said.changes[0];
    let change = s.phone.append(RECORD_ERASED, &[said.record.0], &said);
    let plan = s.decide(vec![change]).plan;
    let Derived::Inspection(summary, content) = &plan.records[0].derived else {
        panic!("a record")
    };
    assert_eq!(summary.erased.as_ref().unwrap().order, said.order);
    assert_eq!(**content, content.erased());
    let record = s.rows.inspections.get_mut(&said.record).unwrap();
    (record.summary, record.content) = ((**summary).clone(), (**content).clone());
    s.rows.log.head = s.phone.head;
    s.phone.author = person(&s.county, "检查员甲").id;
    let late = [s.amend(20, parent, 30, None), s.sign(20, &[])];
    for change in late {
        let verdict = s.last(vec![change.clone()]);
        assert_eq!(
            verdict.row.cause,
            Some(Cause::RuleBroken),
            "{}",
            change.envelope.kind
        );
        assert_eq!(verdict.row.detail, "erased");
        s.rows.log.head.seq = change.envelope.seq;
        s.rows.log.head.hash = change.hash;
    }
}
