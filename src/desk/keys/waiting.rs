//! Messages that wait for a key: read again when one comes that may open them
//! or tell who signed them.

use super::{KeyImport, meeting};
use crate::desk::{Desk, Result, envelope, noise};
use crate::store::{Role, Writer};
use crate::triage::event::What;
use crate::triage::message::{Encryption, SignatureStatus};
use crate::triage::similar::Signature;
use crate::triage::{Case, Change, case, demand};

impl Desk {
    /// Reads again what waits for a key, without a new one: the agent may have one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open_again(&mut self) -> Result<KeyImport> {
        let mut import = KeyImport::default();
        self.open_waiting(&mut import)?;
        Ok(import)
    }

    /// Reads again what could not be opened or whose signer was unknown.
    pub(in crate::desk) fn open_waiting(&mut self, import: &mut KeyImport) -> Result<()> {
        let keys = self.at_hand()?;
        let readers = self.readers.clone();
        let mut reader = readers.reader(&keys);
        for message in self.store.waiting_for_key()? {
            let Some(raw) = self.store.raw(message)? else { continue };
            let mut reading = reader.read(&raw, self.now())?;
            if self.is_drill {
                reading.leave_out_mark();
            }
            self.replace_reading(message, reading, import)?;
        }
        Ok(())
    }

    fn replace_reading(
        &mut self,
        message: i64,
        mut reading: envelope::Reading,
        import: &mut KeyImport,
    ) -> Result<()> {
        let (actor, now, rules) = (self.actor.clone(), self.now(), self.rules());
        self.store.write(|writer| {
            let key = writer.case_of(message)?;
            let before = writer.protection(message)?;
            let verdict = &reading.content.verdict;
            let opened = before.0 == Encryption::Failed && verdict.encryption != Encryption::Failed;
            let recognised = before.1 == SignatureStatus::UnknownKey
                && verdict.signature.status != SignatureStatus::UnknownKey;
            if !opened && !recognised {
                return Ok(());
            }
            import.opened += usize::from(opened);
            import.recognised += usize::from(recognised && !opened);
            meeting::meet(writer, &mut reading, &actor, now)?;
            for fingerprint in meeting::bearers(&reading) {
                writer.note_bearer(&fingerprint, message)?;
            }
            let mut case = writer.case(key)?;
            case.version += 1;
            let batch = writer.begin_batch(&actor, now, Role::Quiet)?;
            let what = if opened { What::Opened { message } } else { What::Recognised { message } };
            writer.append(batch, &case, &what)?;
            if opened {
                case.unread = true;
                let text = &reading.content.text;
                let asked = demand::surest(text, writer.received_at(message)?, &rules.calendar);
                case.demand = asked.or(case.demand);
                if let Some(retitled) = retitled(&case, &writer.subject_of(message)?, &reading) {
                    writer.append(batch, &case, &retitled)?;
                    case.title = case::title_of(&reading.content.subject);
                }
            }
            writer.set_content(message, &reading.content)?;
            if let Some((_, subject, text)) = writer.opening(key)?.filter(|(first, ..)| *first == message) {
                writer.set_signature(key, &Signature::of(&format!("{subject}\n{text}")))?;
                // What it looked like was a guess about a text that nobody had read.
                let look = noise::look(&reading.content, &rules);
                case.noise = noise::of_opened(writer, &case, &reading.content, look)?.unwrap_or(case.noise);
            }
            case.encryption = worst_in(writer, &case)?;
            Ok(writer.save_case(&case)?)
        })
    }
}

/// The new title, where the case still has the one that the unopened message gave it.
fn retitled(case: &Case, old_subject: &str, reading: &envelope::Reading) -> Option<What> {
    let after = Change::Title(case::title_of(&reading.content.subject));
    let before = after.current_in(case);
    (case.title == case::title_of(old_subject) && before != after).then_some(What::Changed { before, after })
}

/// The protection of the messages that came in for a case, the worst of them;
/// what it was where none is left.
pub(in crate::desk) fn worst_in(writer: &Writer<'_>, case: &Case) -> Result<Encryption> {
    let all = writer.encryptions_in(case.key)?;
    Ok(all.into_iter().reduce(Encryption::worst).unwrap_or(case.encryption))
}
