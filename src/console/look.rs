//! How things look: the terminal's own sixteen colours, no background, and
//! never a colour alone, so that NO_COLOR and monochrome lose nothing.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr as _;

use super::paper::Role;

/// What the terminal can show and the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are wanted.
    pub colour: bool,
    /// Whether only ASCII can be shown.
    pub ascii: bool,
    /// Whether frames go out as synchronized updates.
    pub sync: bool,
}

impl Look {
    /// What the environment asks for: `NO_COLOR`, `NINETY_ASCII`,
    /// `NINETY_SYNC=0`, `TERM`, and the locale.
    pub fn from_environment() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Self {
        let locale = get("LC_ALL").or_else(|| get("LC_CTYPE")).or_else(|| get("LANG"));
        // Without a locale the terminal is most likely UTF-8 all the same; POSIX says otherwise aloud.
        let is_utf8 = locale.is_none_or(|name| {
            let name = name.to_lowercase();
            name.contains("utf-8") || name.contains("utf8")
        });
        Self {
            colour: get("NO_COLOR").is_none() && get("TERM").as_deref() != Some("dumb"),
            ascii: get("NINETY_ASCII").is_some_and(|value| value != "0") || !is_utf8,
            sync: get("NINETY_SYNC").as_deref() != Some("0"),
        }
    }

    /// The style of a role.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Plain => Style::new(),
            Role::Faint | Role::Quote => Style::new().add_modifier(Modifier::DIM),
            Role::Label => self.tinted(Color::Cyan),
            Role::Strong => Style::new().add_modifier(Modifier::BOLD),
            Role::Heading => self.tinted(Color::Blue),
            Role::Good => self.tinted(Color::Green),
            Role::Warn => self.tinted(Color::Yellow),
            Role::Bad => self.tinted(Color::Red).add_modifier(Modifier::BOLD),
        }
    }

    /// The rule with a pane's title.
    pub fn rule(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The title of the pane that has the focus.
    pub fn focused(&self) -> Style {
        self.tinted(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The identifier under the cursor.
    pub fn chosen(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A key in a hint.
    pub fn key(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    fn tinted(&self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// Replaces what an ASCII terminal cannot show.
    pub fn plain(&self, buffer: &mut Buffer) {
        if !self.ascii {
            return;
        }
        for cell in &mut buffer.content {
            if cell.symbol().is_ascii() {
                continue;
            }
            let stand_in = match cell.symbol() {
                "─" => "-",
                "│" => "|",
                "┌" | "┐" | "└" | "┘" => "+",
                "·" => "-",
                "…" => "~",
                "→" => ">",
                "▁" | "▂" | "▃" => "_",
                "▄" | "▅" => "=",
                "▆" | "▇" | "█" => "#",
                other if other.width() == 0 => " ",
                _ => "?",
            };
            cell.set_symbol(stand_in);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(pairs: &[(&str, &str)]) -> Look {
        Look::from_lookup(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_decides() {
        assert_eq!(look(&[]), Look { colour: true, ascii: false, sync: true });
        assert!(!look(&[("NO_COLOR", "1")]).colour);
        assert!(look(&[("LANG", "C")]).ascii);
        assert!(!look(&[("LANG", "de_DE.UTF-8")]).ascii);
        assert!(look(&[("LANG", "de_DE.UTF-8"), ("NINETY_ASCII", "1")]).ascii);
        assert!(!look(&[("NINETY_SYNC", "0")]).sync);
    }

    #[test]
    fn without_colour_no_style_has_one() {
        let look = Look { colour: false, ascii: false, sync: true };
        for role in [Role::Label, Role::Heading, Role::Good, Role::Warn, Role::Bad] {
            assert_eq!(look.role(role).fg, None);
        }
    }
}
