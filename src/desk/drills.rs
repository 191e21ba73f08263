//! The history of fire drills: the only thing that a drill leaves in the
//! team's store, and only when somebody asks for it.

use super::{Desk, Error, Result};
use crate::triage::drills::DrillRecord;

impl Desk {
    /// Keeps a drill in the history, at the present of this desk; `record.at` is not read.
    ///
    /// # Errors
    /// When this store is itself a drill, or the disk does not take it.
    pub fn keep_drill(&mut self, record: DrillRecord) -> Result<()> {
        if self.is_drill() {
            return Err(Error::Refused(
                "this store is itself a drill, which goes when it ends; keep its result in the team's store"
                    .into(),
            ));
        }
        let record = DrillRecord { at: self.now(), ..record };
        Ok(self.store.write(|writer| writer.keep_drill(&record))?)
    }

    /// The drills that were kept, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drills(&self) -> Result<Vec<DrillRecord>> {
        Ok(self.store.drills()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Clock, Order, Password, Place, Readers, Team};
    use crate::store::kept_drill;
    use crate::triage::{Decision, Query};

    const NOW: &str = "2026-11-23T12:00:00Z";

    fn desk() -> (tempfile::TempDir, Desk) {
        let directory = tempfile::tempdir().unwrap();
        let team = Team { name: "Test".into(), address: "security@example.org".into(), prefix: "SEC".into() };
        let place = Place::new(directory.path().join("store"));
        let clock = Clock::Frozen(NOW.parse().unwrap());
        let desk =
            place.create(&Password::from("t"), &team, "ann", clock, Readers::in_this_process()).unwrap();
        (directory, desk)
    }

    /// A desk with a case that was decided on.
    fn desk_with_work() -> (tempfile::TempDir, Desk) {
        let (directory, mut desk) = desk();
        let mail = "From: mara@lindt.example\nTo: security@example.org\nSubject: Heap overflow\n\
            Date: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <1@lindt.example>\n\nA crafted image.\n";
        let taken = desk.receive("test", mail.as_bytes()).unwrap();
        let case = desk.key_of(taken.case.as_deref().unwrap()).unwrap();
        let decision = Decision::Note("seen".into());
        assert_eq!(desk.decide(&[Order { case, seen: None, decision }]).unwrap().refused, []);
        (directory, desk)
    }

    #[test]
    fn a_drill_leaves_its_record_and_nothing_else() {
        let (_directory, mut desk) = desk_with_work();
        let before = desk.store.all_but_drills();
        for table in ["cases", "message", "event", "batch", "intake", "cert", "setting"] {
            assert!(before.contains_key(table), "{table} among {:?}", before.keys());
        }
        assert!(!before["cases"].is_empty() && !before["event"].is_empty() && !before["intake"].is_empty());
        let figures = |desk: &mut Desk| desk.statistics(None, None, &Query::default()).unwrap();
        let counted = figures(&mut desk);
        let record = kept_drill("2031-05-05T05:05:05Z");
        desk.keep_drill(record.clone()).unwrap();
        assert_eq!(desk.store.all_but_drills(), before);
        assert_eq!(figures(&mut desk), counted);
        // Kept by the clock of the desk, whatever the drill thought of the time.
        assert_eq!(desk.drills().unwrap(), [DrillRecord { at: NOW.parse().unwrap(), ..record }]);
    }

    #[test]
    fn a_store_that_is_a_drill_keeps_none() {
        let (_directory, mut desk) = desk();
        desk.set_aside("drill", "leaked-report").unwrap();
        let refused = desk.keep_drill(kept_drill(NOW)).unwrap_err();
        assert!(matches!(refused, Error::Refused(_)) && refused.to_string().contains("itself a drill"));
        assert_eq!(desk.drills().unwrap(), []);
    }
}
