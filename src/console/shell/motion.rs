//! The ways of the cursor from one cell to another, and which is shortest.

use ratatui::layout::Position;

/// The shortest sequence that puts the cursor on `to`; `at` is `None` where
/// nobody can be sure where it stands.
pub fn shortest(at: Option<Position>, to: Position) -> String {
    let relative = at.into_iter().flat_map(|at| [relative(at, to, false), relative(at, to, true)]);
    relative.flatten().chain([absolute(to)]).min_by_key(String::len).unwrap_or_default()
}

fn absolute(to: Position) -> String {
    match (to.x, to.y) {
        (0, 0) => "\x1b[H".to_owned(),
        (0, y) => format!("\x1b[{}H", y + 1),
        (x, y) => format!("\x1b[{};{}H", y + 1, x + 1),
    }
}

/// Down by line feeds and across, with or without a carriage return first.
/// In raw mode a line feed keeps the column. Up costs as much as anywhere.
fn relative(at: Position, to: Position, with_return: bool) -> Option<String> {
    let down = to.y.checked_sub(at.y).filter(|down| *down <= 3)?;
    let mut way = if with_return { "\r".to_owned() } else { String::new() };
    way.push_str(&"\n".repeat(usize::from(down)));
    let from = if with_return { 0 } else { at.x };
    match i32::from(to.x) - i32::from(from) {
        0 => {}
        1 => way.push_str("\x1b[C"),
        ahead @ 2.. => way.push_str(&format!("\x1b[{ahead}C")),
        back @ -3..=-1 => way.push_str(&"\x08".repeat(back.unsigned_abs() as usize)),
        back => way.push_str(&format!("\x1b[{}D", -back)),
    }
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_short() {
        let at = |x, y| Position { x, y };
        assert_eq!(shortest(None, at(0, 0)), "\x1b[H");
        assert_eq!(shortest(Some(at(15, 4)), at(0, 5)), "\r\n");
        assert_eq!(shortest(Some(at(15, 4)), at(15, 5)), "\n");
        assert_eq!(shortest(Some(at(15, 4)), at(13, 4)), "\x08\x08");
        assert_eq!(shortest(Some(at(15, 4)), at(40, 4)), "\x1b[25C");
        assert_eq!(shortest(Some(at(15, 4)), at(2, 1)), "\x1b[2;3H");
    }
}
