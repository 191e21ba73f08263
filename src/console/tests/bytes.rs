//! What a key costs on the wire.

use super::bench::{Bench, LOOK};
use crate::console::look::Look;
use crate::console::shell::TestPainter as Painter;

struct Wire {
    painter: Painter,
}

impl Wire {
    fn to(bench: &Bench) -> Self {
        let mut wire = Self { painter: Painter::new(true) };
        wire.frame(bench, &LOOK);
        wire
    }

    fn frame(&mut self, bench: &Bench, look: &Look) -> usize {
        let (buffer, cursor) = bench.draw(look);
        let mut out = Vec::new();
        self.painter.paint(&buffer, cursor, &mut out);
        out.len()
    }
}

#[test]
fn a_frame_without_a_change_sends_nothing() {
    let bench = Bench::new(80, 24);
    assert_eq!(Wire::to(&bench).frame(&bench, &LOOK), 0);
}

#[test]
fn a_cursor_move_costs_less_than_a_hundred_bytes() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        for (there, back) in [("j", "k"), ("J", "K")] {
            let mut bench = Bench::crowd(40, width, height);
            let mut wire = Wire::to(&bench);
            for _ in 0..5 {
                bench.hold(there);
                let down = wire.frame(&bench, &LOOK);
                assert!((1..=100).contains(&down), "{there} at {width}x{height}: {down} bytes");
            }
            bench.hold(back);
            let up = wire.frame(&bench, &LOOK);
            assert!((1..=100).contains(&up), "{back} at {width}x{height}: {up} bytes");
            println!("{width}x{height}: {there} then {back}: {up} bytes");
        }
    }
}

#[test]
fn held_keys_cost_one_page_at_most() {
    let mut bench = Bench::crowd(200, 80, 24);
    let mut wire = Wire::to(&bench);
    bench.hold(&"j ".repeat(50));
    let bytes = wire.frame(&bench, &LOOK);
    println!("50 held j: {bytes} bytes");
    assert!(bytes < 1_750, "{bytes} bytes");
}

#[test]
fn a_page_costs_less_than_the_best_peer() {
    for ((width, height), most) in [((80, 24), 1_750), ((200, 50), 4_200)] {
        let mut bench = Bench::crowd(200, width, height);
        let mut wire = Wire::to(&bench);
        bench.hold("PgDn");
        let bytes = wire.frame(&bench, &LOOK);
        println!("page at {width}x{height}: {bytes} bytes");
        assert!((1..=most).contains(&bytes), "{bytes} bytes at {width}x{height}");
    }
}
