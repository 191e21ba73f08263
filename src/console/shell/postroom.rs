//! What the mail worker does: answers, passphrases, keys. Everything here may
//! take its time, and nothing here holds up the queue.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::console::msg::{Card, Reply, Task};
use crate::desk::answer::{OUR_KEY, Wish, own_directory};
use crate::desk::{self, Desk, Password, kept_for};
use crate::text;
use crate::triage::CaseKey;

/// Does one task for mail and keys.
pub(super) fn attempt(desk: &mut Desk, task: Task) -> Result<Option<Reply>, desk::Error> {
    Ok(Some(match task {
        Task::Plan(case, wish) => plan(desk, case, &wish)?,
        Task::KeepDraft(case, written) => {
            desk.keep_draft(case, Some(&written))?;
            Reply::Kept
        }
        Task::Answer(plan, draft) => {
            let answered = desk.answer(&plan, &draft, &[])?;
            let told = format!("answered {}, {}", plan.to_words(), plan.how());
            Reply::Answered { case: plan.case, id: plan.id, told, bytes: answered.bytes }
        }
        Task::Templates => Reply::Templates(desk.templates(own_directory().as_deref())),
        Task::PlanFarewell(farewell) => {
            let leave = desk.plan_farewell(&farewell, own_directory().as_deref())?;
            Reply::FarewellPlanned(Box::new(leave))
        }
        Task::SayFarewell(leave, in_the_clear) => {
            Reply::Decided(desk.say_farewell(&leave, in_the_clear, own_directory().as_deref())?)
        }
        Task::Split(case, messages) if messages.is_empty() => Reply::Decided(desk.split(case)?),
        Task::Split(case, messages) => Reply::Decided(desk.detach(case, &messages)?),
        Task::Save { path, bytes } => {
            let path = expanded(&path);
            write_new(&path, &bytes)?;
            Reply::Done(format!("written to {}", text::line(&path.to_string_lossy())))
        }
        Task::WriteFile { case, message, number, path } => {
            let dossier = desk.dossier(case)?;
            let gone = || desk::Error::Refused("the message is no longer there".to_owned());
            let message = dossier.messages.iter().find(|one| one.id == message).ok_or_else(gone)?;
            let (attachment, bytes) = desk.attachment(message, number)?;
            let path = expanded(&path);
            write_new(&path, &bytes)?;
            let (name, place) = (text::line(&attachment.name), text::line(&path.to_string_lossy()));
            Reply::Done(format!("{name} written in the clear to {place}"))
        }
        Task::Unlock(passphrase) => Reply::Unlocked(unlock(desk, &passphrase)),
        Task::LookAtOwnKeys => Reply::Warned(desk.key_warnings()?),
        Task::Keys => Reply::Keys(desk.keys()?),
        Task::Card(fingerprint) => Reply::Card(Box::new(card(desk, &fingerprint)?)),
        Task::Verify(fingerprint, how) => {
            desk.verify_key(&fingerprint, None, &how)?;
            Reply::Done("verified; its signatures count from now on".to_owned())
        }
        Task::Retire(fingerprint) => {
            desk.retire_key(&fingerprint, "in the console")?;
            Reply::Done("retired; it is no longer used".to_owned())
        }
        Task::ImportKeys(path) => {
            let done = desk.import_keys(&[expanded(&path)], None)?;
            let locked = if done.held.iter().any(|key| key.is_locked) { ", locked (o opens)" } else { "" };
            let kept = done.held.len() + done.identities.len();
            Reply::Done(format!("{kept} keys taken in{locked}, {} messages opened", done.opened))
        }
        Task::ExportKey(fingerprint, path) => {
            let path = expanded(&path);
            write_new(&path, &desk.export_key(&fingerprint)?)?;
            Reply::Done(format!("written to {}", text::line(&path.to_string_lossy())))
        }
        _ => return Ok(None),
    }))
}

/// The plan, or why there is none and what could be done instead.
fn plan(desk: &mut Desk, case: CaseKey, wish: &Wish) -> Result<Reply, desk::Error> {
    match desk.plan(case, wish) {
        Ok(plan) => {
            let begun = if plan.needs_passphrase {
                String::new()
            } else if plan.asks_for_key {
                desk.begin(&plan, None, None, false)?
            } else {
                desk.draft(&plan, None, None, true)?
            };
            Ok(Reply::Planned(Box::new(plan), begun))
        }
        Err(desk::Error::Refused(why)) => {
            let asked = Wish { to: wish.to.clone(), ..Wish::default() };
            let is_first = *wish == asked;
            let others = [Wish { in_the_clear: true, ..asked.clone() }, Wish { asks_for_key: true, ..asked }];
            // Another key than before is for a person to look at, not to go around.
            let is_ours = why.starts_with(OUR_KEY);
            let may_offer = is_first
                && !is_ours
                && !why.starts_with("CHANGED KEY")
                && !why.contains("certificates claim");
            let instead = others.into_iter().find(|other| may_offer && desk.plan(case, other).is_ok());
            Ok(Reply::NotPlanned { case, why: text::line(&why), instead })
        }
        Err(other) => Err(other),
    }
}

fn unlock(desk: &mut Desk, passphrase: &Password) -> Result<String, String> {
    let setting = std::env::var("NINETY_UNLOCK_MINUTES").ok();
    let time = kept_for(setting.as_deref())?;
    let (keys, done) = desk.unlock(passphrase, time).map_err(|error| text::line(&error.to_string()))?;
    Ok(format!(
        "{} keys open for {} minutes, {} messages opened",
        keys.len(),
        time.num_minutes(),
        done.opened
    ))
}

fn card(desk: &Desk, fingerprint: &str) -> Result<Card, desk::Error> {
    let history = desk.key_history(fingerprint)?;
    let key = &history.listing;
    let name = key.user_ids.first().map_or_else(|| key.fingerprint.clone(), |id| text::line(id));
    Ok(Card {
        fingerprint: key.fingerprint.clone(),
        is_ours: key.secret,
        name,
        lines: history.told(desk.now()),
    })
}

/// A path as people type it: `~` is their home.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// Writes a new file that only its owner reads. Never over another one.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), desk::Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|source| desk::Error::file(path, source))
}
