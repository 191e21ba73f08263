//! What the screen shows, at every size and in every look.

use super::bench::{Bench, LOOK};
use crate::console::look::Look;
use crate::console::msg::Msg;

/// Keys that open each overlay, and its name.
const OVERLAYS: [(&str, &str); 9] = [
    ("", "none"),
    ("?", "help"),
    (":", "palette"),
    ("A", "assign"),
    ("s", "state"),
    ("d", "date"),
    ("n", "note"),
    ("/", "filter"),
    ("x x 1", "confirm"),
];

pub(super) fn snapshot(name: &str, screen: String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

#[test]
fn the_main_screen_at_each_size() {
    for (width, height) in [(80, 24), (60, 16), (40, 10), (120, 36), (200, 60)] {
        snapshot(&format!("main_{width}x{height}"), Bench::new(width, height).screen());
    }
}

#[test]
fn every_overlay_at_80x24() {
    for (keys, name) in OVERLAYS {
        let mut bench = Bench::new(80, 24);
        bench.press(keys);
        snapshot(&format!("overlay_{name}"), bench.screen());
    }
}

#[test]
fn no_command_is_hinted_at_while_something_else_takes_the_keys() {
    for keys in ["?", ":", "A", "s", "d", "n", "/", "x x 1", "E", "'", "S", "c", "x x M", "T", "e", "P"] {
        let mut bench = Bench::new(80, 24);
        bench.press(keys);
        assert!(bench.model.overlay.is_some(), "{keys}");
        let screen = bench.screen();
        assert!(!screen.contains("a take") && !screen.contains("? help"), "{keys}: {screen}");
        bench.press("Esc");
    }
    assert!(Bench::new(80, 24).screen().contains("a take"));
}

#[test]
fn the_help_says_everything_and_where_one_is_in_it() {
    for (width, height) in [(80, 24), (60, 16), (200, 50), (40, 10)] {
        let mut bench = Bench::new(width, height);
        bench.press("?");
        let mut seen = bench.screen();
        let mut before = String::new();
        while before != bench.screen() {
            before = bench.screen();
            bench.press("j");
            seen.push_str(&bench.screen());
        }
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        for word in crate::console::commands::TABLE.iter().flat_map(|entry| entry.does.split(' ')) {
            assert!(bare(&seen).contains(&bare(word)), "{width}: {word}");
        }
        assert!(before.contains(" of ") || height >= 50, "{before}");
    }
    let mut bench = Bench::new(200, 50);
    bench.press("?");
    snapshot("overlay_help_200x50", bench.screen());
}

#[test]
fn every_pane_at_80x24() {
    let mut bench = Bench::new(80, 24);
    bench.press("Enter Tab");
    snapshot("pane_timeline", bench.screen());
    bench.press("Tab");
    snapshot("pane_pgp", bench.screen());
    bench.press("q j");
    snapshot("pane_pgp_failed", bench.screen());
}

#[test]
fn a_small_screen_shows_the_pane_with_the_focus() {
    let mut bench = Bench::new(40, 10);
    bench.press("Enter");
    snapshot("detail_40x10", bench.screen());
}

#[test]
fn an_empty_queue_says_what_to_do() {
    snapshot("empty_80x24", Bench::with(Vec::new(), 80, 24).screen());
}

#[test]
fn no_size_and_no_overlay_panics() {
    for (width, height) in [(0, 0), (1, 1), (2, 2), (5, 3), (1, 50), (200, 1), (40, 10), (60, 16), (200, 60)]
    {
        for (keys, _) in OVERLAYS {
            for look in [LOOK, Look { ascii: true, ..LOOK }, Look { colour: false, ..LOOK }] {
                let mut bench = Bench::new(width, height);
                bench.press(keys);
                bench.screen_in(&look);
                bench.send(Msg::Resized(80, 24));
                bench.send(Msg::Resized(width, height));
                bench.press("Esc Enter Tab Tab j G g PgDn f ] [ J q");
                bench.screen_in(&look);
            }
        }
    }
}

#[test]
fn an_ascii_terminal_gets_ascii_only() {
    for (keys, name) in OVERLAYS {
        let mut bench = Bench::new(120, 36);
        bench.press(keys);
        let screen = bench.screen_in(&Look { ascii: true, ..LOOK });
        assert!(screen.is_ascii(), "{name}: {screen}");
    }
    let bench = Bench::new(80, 24);
    snapshot("ascii_80x24", bench.screen_in(&Look { ascii: true, ..LOOK }));
}

#[test]
fn without_colour_the_words_are_the_same_and_no_cell_has_one() {
    let bench = Bench::new(120, 36);
    let look = Look { colour: false, ..LOOK };
    assert_eq!(bench.screen_in(&look), bench.screen());
    let (buffer, _) = bench.draw(&look);
    assert!(buffer.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
}

#[test]
fn no_cell_has_a_background_and_nothing_hostile_reaches_one() {
    let mut bench = Bench::new(200, 60);
    bench.press("G Enter");
    let (buffer, _) = bench.draw(&LOOK);
    for cell in &buffer.content {
        assert_eq!(cell.bg, ratatui::style::Color::Reset);
        assert!(!cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}'));
    }
    assert!(bench.screen().contains("Delivery <ESC>]0;report<BEL> <U+202E>fdp.exe"));
}
