//! From a command to its use case. Nothing is decided here.

use super::{ApiError, Command, Until};
use crate::Device;
use crate::runner;
use crate::store::quarantine;
use crate::sync::plan::Goal;
use crate::usecases::{
    amendments, answering, answers, bundle, checklists, drafts, findings, licences, notices,
    operators, people, photos, position, readiness, record_list, records, register, returning,
    sections, signing, status, takeover, today, visit,
};
use serde::Serialize;
use serde_json::{Value, json};
use xunji_domain::ids::PersonId;

impl Device {
    /// Runs a command. Blocks; to be called from a worker thread. An answer means that what the command
    /// did is durable; an error means that nothing was done.
    ///
    /// # Errors
    /// [`ApiError`] with a sentence for people.
    pub fn call(&self, command: Command) -> Result<Value, ApiError> {
        let answer = run(self, command);
        if answer.as_ref().is_err_and(|e| e.code == "store_damaged") {
            // Whichever file it was: the next start checks both.
            quarantine::doubt(self.mirror().path());
            if let Ok(local) = self.local() {
                quarantine::doubt(local.path());
            }
        }
        answer
    }
}

fn run(device: &Device, command: Command) -> Result<Value, ApiError> {
    use Command as C;
    match command {
        C::Status {} => ok(status::status(device)),
        C::Enrol { server_url, code } => {
            runner::enrol(device, &server_url, &code)?;
            ok(status::status(device))
        }
        C::Roster {} => ok(people::roster(device)),
        C::SetInspectors { ids } => ok(people::set_inspectors(device, &ids)),
        C::Today {} => ok(today::today(device)),
        C::Readiness {} => ok(readiness::readiness(device)),
        C::Operators(search) => ok(operators::operators(device, &search)),
        C::Operator { id } => ok(operators::operator(device, id)),
        C::RegisterOperator(typed) => ok(register::register(device, &typed)),
        C::EditOperator { id, writes } => ok(register::edit(device, id, &writes)),
        C::Markets {} => ok(operators::markets(device)),
        C::Checklist { id } => ok(checklists::checklist(&id)),
        C::CheckNumber { kind, number } => ok(Ok(checklists::check_number(kind, &number))),
        C::SetAnswerWay { way } => done(answering::set_way(device, way)),
        C::SetHand { hand } => done(answering::set_hand(device, hand)),
        C::SavePage { route } => done(status::save_page(device, &route)),
        C::EnterKey { .. } => Err(ApiError::new(
            "key_here",
            "这台手机的密钥在，数据已经打开，没有改动任何内容；不用再输恢复码",
        )),
        C::BeginNewLocal {} => {
            device.begin_new_local()?;
            ok(status::status(device))
        }
        other => inspect(device, other),
    }
}

/// The visit: draft, answers, photos, certificates, signatures.
fn inspect(device: &Device, command: Command) -> Result<Value, ApiError> {
    use Command as C;
    match command {
        C::StartInspection { operator, position } => ok(drafts::start(device, operator, position)),
        C::Position { inspection, told } => ok(position::told(device, inspection, &told)),
        C::Draft { id } => ok(drafts::draft(device, id)),
        C::OfferedDrafts {} => ok(takeover::offered(device)),
        C::TakeOverDraft { inspection, log } => ok(takeover::take_over(device, inspection, log)),
        C::Answer(tap) => ok(answers::answer(device, &tap)),
        C::VisitRules { inspection } => ok(visit::rules(device, inspection)),
        C::ConfirmSection(press) => ok(sections::confirm(device, &press)),
        C::TakeBack { inspection, items } => ok(sections::take_back(device, inspection, &items)),
        C::Note {
            inspection,
            item,
            text,
        } => ok(answers::note(device, inspection, &item, &text)),
        C::Reading(read) => ok(answers::reading(device, &read)),
        C::Finding {
            inspection,
            item,
            parts,
        } => ok(findings::finding(device, inspection, &item, &parts)),
        C::Notice { inspection, given } => ok(notices::notice(device, inspection, given)),
        C::NotInspected { inspection, reason } => ok(notices::not_inspected(
            device,
            inspection,
            reason.as_deref(),
        )),
        C::Conclusion {
            inspection,
            conclusion,
            reason,
        } => ok(notices::conclusion(device, inspection, conclusion, &reason)),
        C::PartyOpinion { inspection, text } => {
            ok(notices::party_opinion(device, inspection, &text))
        }
        C::ExpectPhoto {
            inspection,
            purpose,
        } => ok(photos::expect(device, inspection, &purpose)),
        C::CancelPhoto { photo } => ok(photos::cancel(device, photo)),
        C::RestorePhoto { photo } => ok(photos::restore(device, photo)),
        C::TakeOver {
            photo,
            path,
            origin,
        } => ok(photos::take_over(device, photo, &path, origin)),
        C::TakeNamed { photo, name, size } => ok(photos::take_named(device, photo, &name, size)),
        C::AssignPhoto {
            photo,
            purpose,
            inspection,
        } => ok(photos::assign(device, photo, inspection, &purpose)),
        C::Tray {} => ok(photos::tray(device)),
        C::LicenceSame { inspection, kind } => ok(licences::same(device, inspection, kind)),
        C::LicenceTyped {
            inspection,
            licence,
        } => ok(licences::typed(device, inspection, &licence)),
        other => close(device, other),
    }
}

/// The end of a visit and what comes after it.
fn close(device: &Device, command: Command) -> Result<Value, ApiError> {
    use Command as C;
    match command {
        C::SignInspector {
            inspection,
            person,
            strokes,
        } => ok(signing::sign_inspector(device, inspection, person, strokes)),
        C::SignParty(signs) => ok(signing::sign_party(device, signs)),
        C::RefuseParty(refuses) => ok(signing::refuse_party(device, refuses)),
        C::PartyAbsent { inspection } => ok(signing::party_absent(device, inspection)),
        C::Finish { inspection } => ok(signing::finish(device, inspection)),
        C::Records(listing) => ok(record_list::page(device, &listing)),
        C::Record { id } => ok(records::record(device, id)),
        C::StartAmendment { inspection } => ok(amendments::start(device, inspection)),
        C::Amendment { id } => ok(amendments::view(device, id)),
        C::AmendItem(write) => ok(amendments::item(device, &write)),
        C::AmendReason { amendment, reason } => ok(amendments::reason(device, amendment, &reason)),
        C::SignAmendment {
            amendment,
            person,
            strokes,
        } => ok(amendments::sign(
            device,
            amendment,
            signer(&person)?,
            strokes,
        )),
        C::FinishAmendment { amendment } => ok(amendments::finish(device, amendment)),
        C::SyncState {} => ok(runner::sync_state(device)),
        C::SyncNow { originals_now } => {
            device.sync().sync_now(originals_now);
            Ok(Value::Null)
        }
        C::CameBack {} => {
            returning::came_back(device);
            Ok(Value::Null)
        }
        C::SyncRun {
            until,
            max_ms,
            originals_now,
        } => sync_run(device, until, max_ms, originals_now),
        C::ExportBundle(ask) => ok(bundle::export(device, &ask)),
        C::BundleState {} => ok(bundle::state(device)),
        C::WriteBundle { along } => ok(bundle::write(device, along)),
        C::ImportReceipts { path } => ok(bundle::import_receipts(device, &path)),
        C::TakeReceipts { text } => ok(bundle::take_receipts(device, text.as_bytes())),
        // Every other variant is met above; a new one that is forgotten shows here.
        other => Err(
            ApiError::new("unknown_command", "程序内部错误，内容没有改动；请升级程序")
                .with(json!({ "cmd": format!("{other:?}") })),
        ),
    }
}

fn sync_run(
    device: &Device,
    until: Until,
    max_ms: u64,
    originals_now: bool,
) -> Result<Value, ApiError> {
    let goal = match until {
        Until::Records => Goal::Records,
        Until::Thumbnails => Goal::Thumbnails,
        Until::Copies => Goal::Copies,
        Until::All => Goal::All,
        Until::Pulled => Goal::Pulled,
    };
    if originals_now {
        device.sync().sync_now(true);
    }
    let report = runner::run_until(device, goal, max_ms)?;
    let mut answer = ok(runner::sync_state(device))?;
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("reached".to_owned(), report.reached.into());
        fields.insert(
            "traffic".to_owned(),
            serde_json::to_value(report.traffic).unwrap_or_default(),
        );
    }
    Ok(answer)
}

fn signer(text: &str) -> Result<Option<PersonId>, ApiError> {
    match text {
        "party" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| ApiError::not_found("这名检查员")),
    }
}

fn ok<T: Serialize>(answer: Result<T, ApiError>) -> Result<Value, ApiError> {
    serde_json::to_value(answer?).map_err(|e| {
        ApiError::new(
            "answer_failed",
            "程序内部错误，已存内容都在；请重新打开程序",
        )
        .with(json!({ "detail": e.to_string() }))
    })
}

fn done(answer: Result<(), ApiError>) -> Result<Value, ApiError> {
    answer.map(|()| Value::Null)
}
