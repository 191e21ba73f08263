//! The one table of commands. The enum, the keys, the help overlay, the
//! footer, the palette and the key reference all come from it.

use super::drill::Drill;
use super::key::Key;
use super::layout::Pane;
use super::model::Model;

/// Where a command's keys work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In every pane.
    Everywhere,
    /// In the queue.
    Queue,
    /// In the panes about one case.
    Case,
}

impl Scope {
    /// Whether its keys work in `pane`.
    pub fn holds_in(self, pane: Pane) -> bool {
        match self {
            Scope::Everywhere => true,
            Scope::Queue => pane == Pane::Queue,
            Scope::Case => pane != Pane::Queue,
        }
    }
}

/// Everything about a command but what it does.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its name in the palette.
    pub name: &'static str,
    /// The heading that it stands under in the help.
    pub group: &'static str,
    /// Where its keys work.
    pub scope: Scope,
    /// Its keys, as `Key` names them; the first is the one that hints show.
    pub keys: &'static [&'static str],
    /// One word for the footer; empty where it is not hinted at.
    pub hint: &'static str,
    /// One line about it.
    pub does: &'static str,
    /// Why it cannot be used now, if it cannot.
    pub refusal: fn(&Model) -> Option<&'static str>,
}

macro_rules! commands {
    ($($group:literal { $($command:ident $name:literal $scope:ident [$($key:literal)*] $hint:literal $does:literal $refusal:ident;)+ })+) => {
        /// Everything that a key or the palette can start.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command { $($(#[doc = $does] $command,)+)+ }

        /// The table.
        pub const TABLE: &[Entry] = &[$($(Entry {
            command: Command::$command,
            name: $name,
            group: $group,
            scope: Scope::$scope,
            keys: &[$($key),*],
            hint: $hint,
            does: $does,
            refusal: $refusal,
        },)+)+];
    };
}

commands! {
    "Move" {
        Down "down" Everywhere ["j" "Down"] "" "next case, or scroll down" always;
        Up "up" Everywhere ["k" "Up"] "" "previous case, or scroll up" always;
        PageDown "page down" Everywhere ["PgDn" "Ctrl-f" "Ctrl-d"] "" "next page" always;
        PageUp "page up" Everywhere ["PgUp" "Ctrl-b"] "" "previous page" always;
        Top "top" Everywhere ["g" "Home"] "" "first case or line" always;
        Bottom "bottom" Everywhere ["G" "End"] "" "last case or line; with a count, that one" always;
        Open "open" Queue ["Enter" "Right" "l"] "open" "read the case; marks it as read" with_readable;
        Back "back" Case ["q" "Esc" "Left" "h"] "back" "back to the queue" always;
        NextPane "next pane" Everywhere ["Tab"] "pane" "go to the next pane" always;
        PreviousPane "previous pane" Everywhere ["S-Tab"] "" "go to the previous pane" always;
        Turn "turn" Everywhere ["v"] "" "show the next pane about the case, stay where you are" always;
        NextCase "next case" Everywhere ["J"] "" "next case, from any pane" with_case;
        PreviousCase "previous case" Everywhere ["K"] "" "previous case, from any pane" with_case;
        NextMail "next mail" Everywhere ["]"] "" "next message of the case" when_read;
        PreviousMail "previous mail" Everywhere ["["] "" "previous message of the case" when_read;
        Unfold "unfold" Everywhere ["f"] "" "show quoted text in full, or fold it" when_read;
    }
    "Decide" {
        Take "take" Everywhere ["a"] "take" "assign to me" with_case;
        Assign "assign" Everywhere ["A"] "" "assign to somebody" with_case;
        Priority0 "priority 0" Everywhere ["0"] "priority" "priority P0: now, by everybody" with_case;
        Priority1 "priority 1" Everywhere ["1"] "" "priority P1" with_case;
        Priority2 "priority 2" Everywhere ["2"] "" "priority P2" with_case;
        Priority3 "priority 3" Everywhere ["3"] "" "priority P3" with_case;
        Priority4 "priority 4" Everywhere ["4"] "" "priority P4" with_case;
        NoPriority "no priority" Everywhere ["-"] "" "take the priority away" with_case;
        State "state" Everywhere ["s"] "state" "set the state" with_case;
        Date "date" Everywhere ["d"] "date" "change the disclosure date" with_case;
        Exploited "exploited" Everywhere ["e" "!"] "" "exploited in the wild, or not after all" with_row;
        AsProposed "as proposed" Everywhere ["="] "" "take the proposed priority, with its reasons" with_case;
        Reason "reason" Everywhere [";"] "" "say why the priority is what it is" with_case;
        Cvss "cvss" Everywhere ["c"] "" "CVSS: edit or paste a vector, with its score" with_case;
        Ssvc "ssvc" Everywhere ["S"] "" "SSVC: answer the supplier's questions" with_case;
        FoundIn "found in" Everywhere ["F"] "" "say in which phase it was found, and see what that costs" with_case;
        Kind "kind" Everywhere ["C"] "" "say whether it is a bug or a design flaw" with_case;
        Weakness "weakness" Everywhere ["W"] "" "choose the class of weakness (CWE)" with_case;
        Affected "affected" Everywhere ["<"] "" "say which versions are affected" with_case;
        FixedIn "fixed in" Everywhere [">"] "" "say which version has the fix" with_case;
        Workaround "workaround" Everywhere ["H"] "" "say what users can do until the fix" with_case;
        Explain "explain" Everywhere ["E"] "" "why the case stands here: its place, clocks and proposal" with_case;
        Note "note" Everywhere ["n"] "note" "add a note of one line" with_case;
        LongNote "long note" Everywhere ["N"] "" "add a note in your editor" with_case;
        Reply "reply" Everywhere ["r"] "reply" "answer the reporter, signed and encrypted" with_readable;
        Title "title" Everywhere ["t"] "" "change the title" with_row;
        Product "product" Everywhere ["p"] "" "say which product it is in" with_case;
        Lanes "lanes" Everywhere ["L"] "" "ask a lane, accept, be done, drop it; who has which" with_readable;
        Wait "wait" Everywhere ["w"] "" "wait for the reporter, or not any more" with_readable;
        Demand "reporter's date" Everywhere ["D"] "" "take the date that the reporter asks for, or drop it" with_readable;
        Variants "variants" Everywhere ["V"] "" "the hunt for variants is over, or waived" with_readable;
        Restrict "restrict" Everywhere ["R"] "" "only these people may see the case; nobody named opens it" with_readable;
        Farewell "close with answer" Everywhere ["m"] "" "mail an answer from a template and close: all marked cases" with_readable;
        MarkUnread "unread" Everywhere ["U"] "" "mark as unread" with_case;
        Merge "merge" Everywhere ["M"] "" "merge the marked cases into the oldest of them" with_case;
        Split "split" Everywhere ["B"] "" "take a duplicate out again, or the message on screen into a case of its own" with_readable;
        Undo "undo" Everywhere ["u"] "undo" "take back my last decision" always;
        Redo "redo" Everywhere ["Ctrl-r"] "" "do it again" always;
    }
    "Choose" {
        Filter "filter" Everywhere ["/"] "filter" "narrow the queue while you type" always;
        Mark "mark" Everywhere ["x" "Space"] "mark" "mark the case; decisions go to all marked" with_case;
        MarkAll "mark all" Everywhere ["X"] "" "mark all cases of the queue, or none" with_case;
        Invert "invert marks" Everywhere ["i"] "" "mark what is not marked among what is shown, and the other way round" with_case;
        Range "mark range" Everywhere ["Z"] "" "mark from the case marked last to this one" with_case;
        Views "views" Everywhere ["'"] "views" "choose a saved view by its key" always;
        Clear "clear" Queue ["Esc"] "" "drop the marks, then the filter" always;
        CopyId "copy id" Everywhere ["y"] "" "copy the identifier" with_row;
        WriteFile "write attachment" Everywhere ["O"] "" "write an attachment of the case to a file" when_read;
        CopyText "copy text" Everywhere ["Y"] "" "copy the text of the messages" when_read;
    }
    "Keys" {
        Keys "keys" Everywhere ["P"] "" "all keys; in the PGP pane those of the reporter: show, verify, retire" always;
        Unlock "unlock" Everywhere ["o"] "" "open a locked key of the team, and what waits for it" always;
        ImportKeys "import keys" Everywhere ["I"] "" "take keys in from a file" always;
    }
    "Console" {
        Help "help" Everywhere ["?"] "help" "all commands and their keys" always;
        Statistics "statistics" Everywhere ["T"] "" "figures over a quarter of a year: times, clocks, backlog, causes" always;
        Palette "palette" Everywhere [":" "Ctrl-p"] "" "find a command by its name" always;
        Repaint "repaint" Everywhere ["Ctrl-l"] "" "draw the screen anew" always;
        Suspend "suspend" Everywhere ["Ctrl-z"] "" "stop; fg brings it back" always;
        Quit "quit" Queue ["q"] "quit" "leave; everything decided is kept" always;
        QuitNow "quit now" Everywhere ["Ctrl-c"] "" "leave from anywhere" always;
    }
    "Drill" {
        Drill "drill" Everywhere ["Ctrl-t"] "" "the drill: briefing, clock, hints, result" in_drill;
        Pause "pause" Everywhere ["z"] "" "stop the drill's clock, or let it run" with_pace;
        NextHint "next hint" Everywhere ["."] "" "in a drill: a hint; in a tour: go past this step" with_hint;
    }
}

fn always(_: &Model) -> Option<&'static str> {
    None
}

fn with_case(model: &Model) -> Option<&'static str> {
    let nothing = model.queue.keys.is_empty() && model.queue.marked.is_empty();
    nothing.then_some("there is no case in the queue")
}

fn with_readable(model: &Model) -> Option<&'static str> {
    let is_hidden = model.queue.marked.is_empty() && model.current_row().is_some_and(|row| row.is_hidden);
    with_case(model).or_else(|| is_hidden.then_some(crate::desk::NOT_FOR_YOU))
}

fn with_row(model: &Model) -> Option<&'static str> {
    with_case(model).or_else(|| model.current_row().is_none().then_some("the case is still being read"))
}

fn when_read(model: &Model) -> Option<&'static str> {
    with_case(model).or_else(|| model.reading.dossier.is_none().then_some("the case is still being read"))
}

fn in_drill(model: &Model) -> Option<&'static str> {
    model.drill.is_none().then_some("this is no drill; 'ninety drill' shows them")
}

fn with_pace(model: &Model) -> Option<&'static str> {
    in_drill(model).or_else(|| model.drill.as_ref().and_then(Drill::no_pace))
}

fn with_hint(model: &Model) -> Option<&'static str> {
    in_drill(model).or_else(|| model.drill.as_ref().and_then(super::drill::Drill::no_hint))
}

impl Command {
    /// Its line in the table.
    pub fn entry(self) -> &'static Entry {
        const FIRST: &Entry = &TABLE[0];
        // Every variant comes from the table, so one always fits.
        TABLE.iter().find(|entry| entry.command == self).unwrap_or(FIRST)
    }

    /// Why it cannot be used now, if it cannot.
    pub fn refusal(self, model: &Model) -> Option<&'static str> {
        (self.entry().refusal)(model)
    }
}

impl Entry {
    /// Its keys as `Key`s.
    pub fn parsed_keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.keys.iter().filter_map(|name| name.parse().ok())
    }
}

/// The command that `key` starts in `pane`.
pub fn command_for(key: Key, pane: Pane) -> Option<Command> {
    TABLE
        .iter()
        .find(|entry| entry.scope.holds_in(pane) && entry.parsed_keys().any(|bound| bound == key))
        .map(|entry| entry.command)
}

/// One line of the key reference.
pub struct Reference {
    /// What the command is about.
    pub group: &'static str,
    /// Its keys, as people write them.
    pub keys: String,
    /// What it does.
    pub does: &'static str,
}

/// All commands with their keys, for the manual page.
pub fn reference() -> impl Iterator<Item = Reference> {
    TABLE.iter().map(|entry| Reference { group: entry.group, keys: entry.keys.join(", "), does: entry.does })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_known_and_means_one_thing_in_a_pane() {
        let mut wrong = Vec::new();
        for (index, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.parsed_keys().count(), entry.keys.len(), "{}: {:?}", entry.name, entry.keys);
            for other in &TABLE[index + 1..] {
                let shared = entry.keys.iter().filter(|key| other.keys.contains(key));
                let both_hold = |pane: &Pane| entry.scope.holds_in(*pane) && other.scope.holds_in(*pane);
                if Pane::ALL.iter().any(both_hold) {
                    wrong.extend(shared.map(|key| format!("{key}: {} and {}", entry.name, other.name)));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn no_key_begins_with_another() {
        // Keys are single, so a clash could only come from a name that reads as two keys.
        for key in TABLE.iter().flat_map(|entry| entry.keys) {
            assert!(key.chars().count() == 1 || key.parse::<Key>().is_ok(), "{key}");
        }
    }

    #[test]
    fn names_are_unique_and_everything_is_described() {
        for (index, entry) in TABLE.iter().enumerate() {
            assert!(TABLE[index + 1..].iter().all(|other| other.name != entry.name), "{}", entry.name);
            assert!(!entry.does.is_empty() && !entry.keys.is_empty(), "{}", entry.name);
            assert_eq!(entry.command.entry().name, entry.name);
        }
    }

    #[test]
    fn digits_that_begin_a_count_are_free() {
        for digit in '5'..='9' {
            assert_eq!(command_for(Key::char(digit), Pane::Queue), None);
        }
    }

    #[test]
    fn the_reference_names_every_command() {
        let told: Vec<&str> = reference().map(|entry| entry.does).collect();
        assert!(TABLE.iter().all(|entry| told.contains(&entry.does)));
    }
}
