//! A person's decisions between the values of a field, one row per case.

use super::*;

/// A conflict about the telephone of an entry, and the words that decide it.
fn in_conflict() -> (Stage, ConflictResolved) {
    let mut s = Stage::new();
    let seen = json!("13800138000");
    let changes = vec![
        s.register(),
        s.edit("phone", seen.clone(), json!("13900000001")),
        s.edit("phone", seen, json!("13900000002")),
    ];
    let plan = s.decide(changes).plan;
    for record in &plan.records {
        match &record.derived {
            Derived::Operator(operator) => {
                s.rows.operators.insert(operator.id, (**operator).clone());
            }
            Derived::Conflict(conflict) => {
                s.rows.conflicts.insert(conflict.id, (**conflict).clone());
            }
            _ => {}
        }
        s.rows.revs.insert(record.key, 1);
    }
    let head = person(&s.county, "所长甲");
    let said = ConflictResolved {
        operator: s.stall().id,
        field: "phone".to_owned(),
        conflicts: s.rows.conflicts.keys().copied().collect(),
        seen: json!("13900000002"),
        value: json!("13900000001"),
        reason: "电话里问过".to_owned(),
        resolver: head.id,
        resolver_name: head.name,
        at: Millis(sample::MORNING),
    };
    s.phone.author = head.id;
    s.rows.log.owner = Owner::Bureau;
    s.rows.log.head = s.phone.head;
    (s, said)
}

/// What a decision gets: name, and what is different about it.
type Decides = (&'static str, fn(&mut Stage, &mut ConflictResolved), Want);

#[rustfmt::skip]
const DECISIONS: &[Decides] = &[
    ("one of the two", |_, _| {}, APPLIED),
    ("a third value", |_, said| said.value = json!("13700000003"), APPLIED),
    ("the value that stands", |_, said| said.value = said.seen.clone(), APPLIED),
    ("from the county", |s, said| { said.resolver = person(&s.county, "县局科员甲").id; s.phone.author = said.resolver; }, APPLIED),
    ("from a phone", |s, _| {
        let station = sample::station(&s.county);
        s.rows.log.owner = Owner::Device { device: s.phone.device, station, active: true };
    }, NOT_ALLOWED),
    ("by the supervisor of another station", |s, said| {
        said.resolver = person(&s.county, "所长乙").id;
        s.phone.author = said.resolver;
    }, NOT_ALLOWED),
    ("by an inspector", |s, said| { said.resolver = person(&s.county, "检查员甲").id; s.phone.author = said.resolver; }, NOT_ALLOWED),
    ("in the name of another", |s, said| said.resolver = person(&s.county, "县局科员甲").id, NOT_ALLOWED),
    ("of a value that stands no more", |_, said| said.seen = json!("13900000001"), RULE),
    ("of nothing", |_, said| said.conflicts.clear(), RULE),
    ("of a conflict nobody knows", |_, said| said.conflicts.push(xunji_domain::ids::ConflictId(id(7))), RULE),
    ("of one that is decided", |s, _| s.rows.conflicts.values_mut().for_each(|c| c.resolved = true), RULE),
    ("of another field", |_, said| { said.field = "address".to_owned(); said.seen = json!("柳汀大集东头"); }, RULE),
    ("with a value that does not fit", |_, said| said.value = json!([1]), RULE),
];

#[test]
fn the_table_of_decisions_holds() {
    for (name, alter, (verdict, cause, flags)) in DECISIONS {
        let (mut s, mut said) = in_conflict();
        alter(&mut s, &mut said);
        let change = s.phone.append(CONFLICT_RESOLVED, &[said.operator.0], &said);
        let plan = s.decide(vec![change]).plan;
        let row = &plan.verdicts[0].row;
        assert_eq!(
            (row.verdict, row.cause, row.flags.as_slice()),
            (*verdict, *cause, *flags),
            "{name}: {}",
            row.detail
        );
        assert_eq!(
            plan.records.is_empty(),
            row.verdict != Verdict::Applied,
            "{name}"
        );
    }
}

#[test]
fn a_decision_writes_the_value_and_closes_the_conflict() {
    let (mut s, said) = in_conflict();
    let change = s.phone.append(CONFLICT_RESOLVED, &[said.operator.0], &said);
    let hash = change.hash;
    let plan = s.decide(vec![change]).plan;
    for record in &plan.records {
        match &record.derived {
            Derived::Operator(operator) => assert_eq!(operator.phone, "13900000001"),
            Derived::Conflict(conflict) => {
                let made = conflict.resolution.clone().unwrap();
                assert!(conflict.resolved);
                assert_eq!((made.value, made.change), (said.value.clone(), hash));
                assert_eq!((made.by, made.reason), (said.resolver, said.reason.clone()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((plan.records.len(), plan.verdicts[0].touches.len()), (2, 2));
}
