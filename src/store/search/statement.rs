//! A query as one SQL statement: what the fields decide stands in it, with every
//! value bound; what words have a part in is left for the rows that it finds.

use chrono::{DateTime, TimeZone};
use rusqlite::types::Value;

use super::super::Result;
use super::super::cases::NEVER;
use super::super::column::to_json;
use super::remainder::Remainder;
use crate::triage::query::{Absent, Condition, Expr, Field, Kind, Pattern, Query, SortKey, Test, Window};

/// The order of the queue, in which equals of every other order stand too.
const QUEUE_ORDER: &str = "rank, id";

/// The cases that stand in the queue.
const LISTED: &str = "listed = 1";

/// The same without its index. That leads through the table in the order of what
/// is due: 100,000 open cases in an order of their own took 0.5 s to look through,
/// in the order in which they are kept 0.05 s. Of mostly closed ones the index
/// would save 0.02 s.
const LISTED_IN_SCAN: &str = "+listed = 1";

/// The cases that a reader may see.
const OPEN_TO: &str = "(is_restricted = 0 OR EXISTS \
    (SELECT 1 FROM json_each(readers) WHERE value = ? COLLATE NOCASE))";

/// A query, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// Selects the number of each case, and behind it the columns of the remainder.
    pub sql: String,
    /// Its parameters, in their order.
    pub values: Vec<Value>,
    /// The words that the remainder speaks of, each once.
    pub words: Vec<String>,
    /// What is left to decide for each row; nothing where there are no words.
    pub remainder: Option<Remainder>,
    /// How many columns stand behind the number of the case.
    pub columns: usize,
}

impl Statement {
    /// A statement without parameters.
    pub(super) fn fixed(sql: &str) -> Self {
        Self { sql: sql.to_owned(), ..Self::default() }
    }

    /// The statement of `query` at the present `now`, in the zone of its dates,
    /// over what `reader` may see. Whoever asks for nothing sees that there are
    /// other cases too; no condition is ever decided on them.
    pub(super) fn of<Z: TimeZone>(query: &Query, now: &DateTime<Z>, reader: &str) -> Result<Self> {
        let mut compiler = Compiler { now, words: Vec::new(), columns: Vec::new() };
        let mut conditions = Vec::new();
        let mut remainder = Vec::new();
        for part in query.filter.iter().flat_map(conjuncts) {
            if part.has_text() {
                remainder.push(compiler.remainder(part)?);
            } else if !matches!(part, Expr::Is(Condition::Everything)) {
                conditions.push(compiler.sql(part)?);
            }
        }
        // Where only words are asked for, the hits are held against what is hidden.
        let decides = !conditions.is_empty() || !compiler.columns.is_empty() || !query.sort.is_empty();
        if decides || query.wants_closed() {
            conditions.push(Sql::bound(OPEN_TO, Value::Text(reader.to_owned())));
        }
        if !query.wants_closed() {
            let is_plain = conditions.is_empty() && compiler.columns.is_empty() && query.sort.is_empty();
            conditions.insert(0, Sql::fixed(if is_plain { LISTED } else { LISTED_IN_SCAN }));
        }
        let count = compiler.columns.len();
        let order = query.sort.iter().map(order_by).chain([Sql::fixed(QUEUE_ORDER)]).collect();
        let columns = std::iter::once(Sql::fixed("id")).chain(compiler.columns).collect();
        let mut sql = Sql::fixed("SELECT ").with(Sql::joined(columns, ", ")).and("FROM cases");
        if !conditions.is_empty() {
            sql = sql.and("WHERE ").with(Sql::joined(conditions, " AND "));
        }
        let Sql { text, values } = sql.and("ORDER BY ").with(Sql::joined(order, ", "));
        let remainder = if remainder.len() > 1 { Some(Remainder::All(remainder)) } else { remainder.pop() };
        Ok(Self { sql: text, values, words: compiler.words, remainder, columns: count })
    }
}

/// What must hold together, whatever parentheses stand around it.
fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

/// SQL and the values of its question marks, in their order.
#[derive(Debug)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn fixed(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    fn bound(text: &str, value: Value) -> Self {
        Self { text: text.to_owned(), values: vec![value] }
    }

    /// With more text behind it, after a blank.
    fn and(mut self, text: &str) -> Self {
        self.text.push(' ');
        self.text.push_str(text);
        self
    }

    fn with(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
        self
    }

    fn joined(parts: Vec<Self>, between: &str) -> Self {
        let text = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(between);
        Self { text, values: parts.into_iter().flat_map(|part| part.values).collect() }
    }

    fn within(self, before: &str, behind: &str) -> Self {
        Self { text: format!("{before}{}{behind}", self.text), ..self }
    }
}

struct Compiler<'a, Z: TimeZone> {
    now: &'a DateTime<Z>,
    words: Vec<String>,
    columns: Vec<Sql>,
}

impl<Z: TimeZone> Compiler<'_, Z> {
    /// What is left of an expression with words in it: its largest parts
    /// without any become columns.
    fn remainder(&mut self, expr: &Expr) -> Result<Remainder> {
        if let Expr::Is(Condition::Text(words)) = expr {
            let known = self.words.iter().position(|known| known == words);
            return Ok(Remainder::Words(known.unwrap_or_else(|| {
                self.words.push(words.clone());
                self.words.len() - 1
            })));
        }
        if !expr.has_text() {
            let column = self.sql(expr)?;
            self.columns.push(column);
            return Ok(Remainder::Column(self.columns.len() - 1));
        }
        let mut all = |parts: &[Expr]| parts.iter().map(|part| self.remainder(part)).collect::<Result<_>>();
        Ok(match expr {
            Expr::And(parts) => Remainder::All(all(parts)?),
            Expr::Or(parts) => Remainder::Any(all(parts)?),
            Expr::Not(inner) => Remainder::Not(Box::new(self.remainder(inner)?)),
            Expr::Is(_) => Remainder::All(Vec::new()),
        })
    }

    /// An expression without words. It is never NULL, so that NOT is its opposite.
    fn sql(&self, expr: &Expr) -> Result<Sql> {
        let all = |parts: &[Expr]| parts.iter().map(|part| self.sql(part)).collect::<Result<Vec<_>>>();
        Ok(match expr {
            Expr::And(parts) => Sql::joined(all(parts)?, " AND ").within("(", ")"),
            Expr::Or(parts) => Sql::joined(all(parts)?, " OR ").within("(", ")"),
            Expr::Not(inner) => self.sql(inner)?.within("NOT ", ""),
            Expr::Is(Condition::Field { field, any }) => self.field(field, any)?,
            Expr::Is(Condition::Everything | Condition::Text(_)) => Sql::fixed("1"),
        })
    }

    fn field(&self, field: &Field, any: &[Test]) -> Result<Sql> {
        let mut parts = Vec::new();
        for column in field.columns {
            for test in any {
                parts.push(self.test(field, column, test)?);
            }
        }
        let sql = Sql::joined(parts, " OR ");
        Ok(if field.absent == Absent::Null { sql.within("ifnull(", ", 0)") } else { sql.within("(", ")") })
    }

    /// Whether one column has one value; NULL only where the column is.
    fn test(&self, field: &Field, column: &str, test: &Test) -> Result<Sql> {
        Ok(match (test, field.kind) {
            (Test::Absent, Kind::List) => Sql::fixed(&format!("{column} = '[]'")),
            (Test::Absent, Kind::Time(_)) if field.absent == Absent::EndOfTime => {
                Sql::bound(&format!("{column} = ?"), NEVER.into())
            }
            (Test::Absent, _) => Sql::fixed(&format!("{column} IS NULL")),
            (Test::Flag(yes), _) => Sql::bound(&format!("{column} = ?"), Value::from(*yes)),
            (Test::Word(code), _) => Sql::bound(&format!("{column} = ?"), Value::Text(code.clone())),
            (Test::Like(pattern), kind) => like(column, kind, pattern)?,
            (Test::Number(span), Kind::Tenths(_)) => {
                within(column, span.window(), |tenths| Value::Real(tenths as f64 / 10.0))
            }
            (Test::Number(span), _) => within(column, span.window(), Value::from),
            (Test::Time(span), kind) => {
                let Kind::Time(way) = kind else { return Ok(Sql::fixed("0")) };
                let Window { from, before } = span.window(way, self.now);
                let end = if field.absent == Absent::EndOfTime { Some(NEVER) } else { None };
                within(column, Window { from, before: before.or(end) }, Value::from)
            }
        })
    }
}

fn within(column: &str, window: Window, value: impl Fn(i64) -> Value) -> Sql {
    let bound = |sign: &str, end: i64| Sql::bound(&format!("{column} {sign} ?"), value(end));
    let ends = [window.from.map(|end| bound(">=", end)), window.before.map(|end| bound("<", end))];
    Sql::joined(ends.into_iter().flatten().collect(), " AND ").within("(", ")")
}

/// A text with gaps. Letters of ASCII match whatever their case.
fn like(column: &str, kind: Kind, Pattern { pieces }: &Pattern) -> Result<Sql> {
    let whole = match pieces.as_slice() {
        [whole] => Some(Value::Text(whole.clone())),
        _ => None,
    };
    Ok(match (kind, whole) {
        (Kind::Identifier, Some(whole)) => Sql::bound(&format!("{column} = ?"), whole),
        (Kind::Identifier, None) => Sql::bound(&format!("{column} GLOB ?"), Value::Text(glob(pieces))),
        (Kind::Part, _) => Sql::bound(&like_in(column), Value::Text(format!("%{}%", like_pattern(pieces)))),
        (Kind::List, whole) => {
            // The list as it is written rules out nearly all of them, without reading it.
            let written = pieces.iter().map(written).collect::<Result<Vec<_>>>()?;
            let (one, value) = match whole {
                Some(whole) => ("value = ? COLLATE NOCASE".to_owned(), whole),
                None => (like_in("value"), Value::Text(like_pattern(pieces))),
            };
            let exactly = format!(" AND EXISTS (SELECT 1 FROM json_each({column}) WHERE {one}))");
            let about = Value::Text(format!("%\"{}\"%", like_pattern(&written)));
            Sql::bound(&format!("({}", like_in(column)), about).with(Sql::bound(&exactly, value))
        }
        (_, Some(whole)) => Sql::bound(&format!("{column} = ? COLLATE NOCASE"), whole),
        (_, None) => Sql::bound(&like_in(column), Value::Text(like_pattern(pieces))),
    })
}

fn like_in(column: &str) -> String {
    format!("{column} LIKE ? ESCAPE '\\'")
}

fn like_pattern(pieces: &[String]) -> String {
    let escaped = |piece: &String| piece.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    pieces.iter().map(escaped).collect::<Vec<_>>().join("%")
}

fn glob(pieces: &[String]) -> String {
    let sign = |sign: char| if "*?[".contains(sign) { format!("[{sign}]") } else { sign.to_string() };
    pieces.iter().map(|piece| piece.chars().map(sign).collect()).collect::<Vec<String>>().join("*")
}

/// A piece of a name as it stands in JSON.
fn written(piece: &String) -> Result<String> {
    let json = to_json(piece)?;
    Ok(json.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned())
}

/// One step of the order: cases without the value last, words as their process goes.
fn order_by(SortKey { field, descending }: &SortKey) -> Sql {
    let turn = if *descending { " DESC" } else { "" };
    let step = |column: &&str| {
        let value = match field.kind {
            Kind::Words(_) => {
                let known = field.values().into_iter().map(|word| format!(" {word} "));
                Sql::bound(&format!("instr(?, ' ' || {column} || ' ')"), Value::Text(known.collect()))
            }
            Kind::Name | Kind::Person | Kind::Part => Sql::fixed(&format!("{column} COLLATE NOCASE")),
            _ => Sql::fixed(column),
        };
        let value = value.within("", turn);
        match field.absent {
            Absent::Never => value,
            Absent::Null => Sql::fixed(&format!("{column} IS NULL, ")).with(value),
            Absent::EndOfTime => Sql::bound(&format!("{column} = ?, "), NEVER.into()).with(value),
        }
    };
    Sql::joined(field.columns.iter().map(step).collect(), ", ")
}
