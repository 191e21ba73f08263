//! What the agent's passphrase prompt has to know to appear where the person
//! sits: the same that `gpg` tells it, from the environment.

use std::env::var;

/// Bytes of one value that is passed on.
const MAX_VALUE: usize = 500;

/// Variables that the prompt gets as they are.
const PASSED: [&str; 5] = [
    "WAYLAND_DISPLAY",
    "XDG_SESSION_TYPE",
    "DBUS_SESSION_BUS_ADDRESS",
    "GTK_IM_MODULE",
    "PINENTRY_USER_DATA",
];

/// The agent's options for a prompt at the terminal or display of this process.
pub(super) fn options() -> Vec<String> {
    let variable = |name: &str| var(name).ok().filter(|value| !value.is_empty());
    options_of(&variable, terminal())
}

/// The terminal that this process reads from.
fn terminal() -> Option<String> {
    rustix::termios::ttyname(std::io::stdin(), Vec::new()).ok()?.into_string().ok()
}

fn options_of(variable: &dyn Fn(&str) -> Option<String>, terminal: Option<String>) -> Vec<String> {
    let locale =
        |category: &str| variable("LC_ALL").or_else(|| variable(category)).or_else(|| variable("LANG"));
    let values = [
        ("ttyname", variable("GPG_TTY").or(terminal)),
        ("ttytype", variable("TERM")),
        ("display", variable("DISPLAY")),
        ("xauthority", variable("XAUTHORITY")),
        ("lc-ctype", locale("LC_CTYPE")),
        ("lc-messages", locale("LC_MESSAGES")),
    ];
    let named = values.into_iter().filter_map(|(name, value)| Some((format!("{name}="), value?)));
    let passed = PASSED.iter().filter_map(|name| Some((format!("putenv={name}="), variable(name)?)));
    let whole = |value: &str| value.len() <= MAX_VALUE && !value.contains(char::is_control);
    named.chain(passed).filter(|(_, value)| whole(value)).map(|(name, value)| name + &value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prompt_learns_terminal_and_language_and_no_second_line() {
        let environment = |name: &str| match name {
            "TERM" => Some("xterm".to_owned()),
            "LANG" => Some("de_DE.UTF-8".to_owned()),
            "LC_MESSAGES" => Some("C".to_owned()),
            "DISPLAY" => Some(":0\nRESET".to_owned()),
            "XAUTHORITY" => Some("x".repeat(MAX_VALUE + 1)),
            "WAYLAND_DISPLAY" => Some("wayland-0".to_owned()),
            _ => None,
        };
        assert_eq!(
            options_of(&environment, Some("/dev/pts/3".to_owned())),
            [
                "ttyname=/dev/pts/3",
                "ttytype=xterm",
                "lc-ctype=de_DE.UTF-8",
                "lc-messages=C",
                "putenv=WAYLAND_DISPLAY=wayland-0"
            ]
        );
    }
}
