//! What the TOML reader says of a mistake, in words for whoever wrote the
//! file: which table and setting it is about, and what to write there.

use std::fmt::Write as _;

/// From here on two names are alike, of 1 (Jaro and Winkler).
const ALIKE: f64 = 0.75;

/// How settings are written, for whoever does not know TOML.
const FORM: &str = "a setting is written as name = value, with text in quotation marks";

/// The mistake at byte `offset` of `text`, where the reader said `message`.
pub(super) fn in_words(text: &str, offset: usize, message: &str) -> String {
    if text.parse::<toml::Table>().is_err() {
        return format!("this is not TOML: {message}; {FORM}");
    }
    let place = Place::of(text, offset);
    if let Some((name, known)) = unknown_field(message) {
        return place.unknown(name, &known);
    }
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return format!("{place} says no {name}; add {name} = ...");
    }
    for start in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((given, expected)) =
            message.strip_prefix(start).and_then(|rest| rest.split_once(", expected "))
        {
            let given =
                if start.ends_with("length ") { format!("a list of {given}") } else { given.to_owned() };
            return format!("{place}: {} does not fit; write {}", given.replace('`', ""), wanted(expected));
        }
    }
    format!("{place}: {message}")
}

/// Where a mistake is.
struct Place {
    /// The table, as its head is written; empty before the first one.
    table: String,
    /// The setting in it, where the mistake is in one.
    setting: Option<String>,
}

impl Place {
    /// The last head and the last setting that begin no later than the line of `offset`.
    fn of(text: &str, offset: usize) -> Self {
        let mut place = Self { table: String::new(), setting: None };
        let mut begins = 0;
        for line in text.split_inclusive('\n') {
            if begins > offset {
                break;
            }
            begins += line.len();
            let line = line.trim();
            if line.starts_with('[') && !line.contains('=') && line.contains(']') {
                let head = line.rfind(']').and_then(|end| line.get(..=end)).unwrap_or(line);
                // A line of a list looks like a head, but for what is in it.
                if head.chars().all(|c| !matches!(c, ',' | '{')) {
                    place = Self { table: head.to_owned(), setting: None };
                }
            } else if let Some((name, _)) = line.split_once('=').filter(|(name, _)| is_name(name)) {
                place.setting = Some(name.trim().to_owned());
            }
        }
        place
    }

    /// That there is no `name` here, and what there is.
    fn unknown(&self, name: &str, known: &[&str]) -> String {
        let alike = |known: &&str| (strsim::jaro_winkler(name, known), known.len());
        let nearest = known.iter().filter(|known| alike(known).0 >= ALIKE);
        let nearest = nearest.max_by(|one, other| alike(one).0.total_cmp(&alike(other).0));
        let mut told = match self.holder() {
            Some(holder) => format!("{holder} has no setting '{name}'"),
            None => format!("'{name}' is not a table of the configuration"),
        };
        if let Some(nearest) = nearest {
            let _ = write!(told, "; did you mean '{nearest}'?");
        }
        let list = known.join(", ");
        let _ = match (known.is_empty(), nearest) {
            (true, _) => Ok(()),
            (false, Some(_)) => write!(told, " There are {list}"),
            (false, None) => write!(told, "; there are {list}"),
        };
        told
    }

    /// What holds the setting: its table, and where it is `terms.triage`, that
    /// of them; `None` where it is the file itself.
    fn holder(&self) -> Option<String> {
        let head = self.table.trim_matches(['[', ']']);
        match self.setting.as_deref() {
            Some(setting) => {
                let before = setting.rsplit_once('.').map(|(before, _)| before.trim());
                let parts: Vec<&str> = [Some(self.table.as_str()), before]
                    .into_iter()
                    .flatten()
                    .filter(|part| !part.is_empty())
                    .collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            }
            // The mistake is the head itself: [terms.x] is wrong in [terms].
            None => head.rsplit_once('.').map(|(before, _)| format!("[{before}]")),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.table.as_str(), self.setting.as_deref()) {
            ("", None) => f.write_str("the configuration"),
            ("", Some(setting)) => f.write_str(setting),
            (table, None) => f.write_str(table),
            (table, Some(setting)) => write!(f, "{table} {setting}"),
        }
    }
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' '))
}

/// The name that is unknown, and those that are known.
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (name, rest) = rest.split_once("`, ").or_else(|| rest.split_once('`'))?;
    // Every second piece stands between backticks.
    Some((name, rest.split('`').skip(1).step_by(2).collect()))
}

/// What the reader expected, as one writes it.
fn wanted(expected: &str) -> String {
    match expected {
        "i64" | "u64" | "i32" | "u32" => "a whole number".to_owned(),
        "u16" => format!("a whole number from 0 to {}", u16::MAX),
        "a boolean" => "true or false".to_owned(),
        "a string" | "string" | "str" | "a borrowed string" => "text in quotation marks".to_owned(),
        "a character" => "one character in quotation marks".to_owned(),
        "a sequence" => "a list in [ ]".to_owned(),
        "a datetime" | "a TOML datetime" => "a date such as 2026-11-02".to_owned(),
        other => match other.strip_prefix("an array of length ") {
            Some(length) => format!("a list of {length}"),
            None if other.starts_with("struct ") || other == "a map" => "a table".to_owned(),
            None => other.replace('`', ""),
        },
    }
}
