//! Every figure as a row of CSV (RFC 4180), tidy: one value a row.

use super::Told;
use crate::text::line;
use crate::triage::mark::MARK;
use crate::triage::statistics::{Amount, Figure};

/// All figures with a head row. Those of a drill have one column more, in
/// front, which says so in every row.
pub(super) fn rows(told: &Told) -> String {
    let (head, mark) = if told.is_drill { ("drill,", format!("{MARK},")) } else { Default::default() };
    let head = format!("{head}metric,group,week,value,unit,definition\r\n");
    told.statistics.figures().iter().fold(head, |rows, figure| rows + &mark + &row(figure))
}

fn row(figure: &Figure) -> String {
    let (value, unit) = match figure.amount {
        Amount::Count(count) => (count.to_string(), "count"),
        Amount::Share(share) => (share.map_or(String::new(), |share| format!("{share:.4}")), "share"),
        Amount::Time(time) => {
            let hours = |time: chrono::TimeDelta| format!("{:.2}", time.num_seconds() as f64 / 3_600.0);
            (time.map_or(String::new(), hours), "hours")
        }
    };
    let cells = [
        figure.code(),
        foreign(&figure.group),
        figure.week.clone(),
        value,
        unit.to_owned(),
        figure.metric.definition().to_owned(),
    ];
    cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
}

/// Foreign text that no spreadsheet takes for a formula.
fn foreign(text: &str) -> String {
    let safe = line(text);
    let is_formula = safe.trim_start().starts_with(['=', '+', '-', '@']);
    if is_formula { format!("'{safe}") } else { safe }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_gets_through() {
        for (given, cell) in [
            ("portal / login", "portal / login"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1,2", "\"'-1,2\""),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1+1", "'  =1+1"),
            ("two\nlines", "two<LF>lines"),
        ] {
            assert_eq!(quoted(&foreign(given)), cell);
        }
    }
}
