//! A table for people: as much of it as the terminal has room for, Chinese characters two wide.

use comfy_table::{Cell, CellAlignment, Table, presets};
use console::Term;
use kaohe_grammar::{Message, say};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Kind, OutputCell, OutputTable};
use crate::{language::Language, table::listed};

/// The widest a column gets when not all fit.
const WIDEST: usize = 40;

/// Where and how a table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The columns of the terminal; nothing when the output is no terminal, and then nothing is cut.
    pub width: Option<usize>,
    /// The rows that are shown at most.
    pub rows: usize,
    /// Whether the header is bold.
    pub colour: bool,
    /// The language of notes and of yes and no.
    pub language: Language,
}

impl View {
    /// The view that standard output gives: all of the table, plain, unless it is a terminal.
    ///
    /// `NO_COLOR` is honoured.
    #[must_use]
    pub fn of_stdout(language: Language) -> Self {
        let terminal = Term::stdout();
        if !terminal.is_term() {
            return Self { width: None, rows: usize::MAX, colour: false, language };
        }
        let width = terminal.size_checked().map_or(80, |(_, columns)| usize::from(columns));
        Self { width: Some(width.max(20)), rows: 40, colour: allows_colour(), language }
    }
}

/// Whether the environment allows colours on standard output, which the caller knows to be a terminal.
fn allows_colour() -> bool {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !no_colour && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// The table as text, with a line that says what is not shown.
///
/// When not all columns fit, the first and the last ones are kept: who it is, and what came out.
///
/// # Example
///
/// ```
/// use kaohe_cli::{
///     language::Language,
///     output::{Kind, OutputCell, OutputColumn, OutputTable, terminal},
/// };
///
/// let table = OutputTable {
///     columns: vec![OutputColumn::new("姓名", Kind::Text), OutputColumn::new("得分", Kind::Number { places: Some(2) })],
///     rows: vec![vec![OutputCell::Text("张三".into()), OutputCell::Number("86.40".into())]],
/// };
/// let view = terminal::View { width: None, rows: 10, colour: false, language: Language::English };
/// let expected = "\
/// +------+-------+
/// | 姓名 |  得分 |
/// +==============+
/// | 张三 | 86.40 |
/// +------+-------+
/// ";
/// assert_eq!(terminal::render(&table, view), expected);
/// ```
#[must_use]
pub fn render(table: &OutputTable, view: View) -> String {
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .take(view.rows)
        .map(|row| table.cells(row).map(|cell| shown(cell, view.language)).collect())
        .collect();
    let names: Vec<String> = table.columns.iter().map(|column| harmless(&column.name)).collect();
    let kept = columns_that_fit(&names, &rows, view.width);

    let mut drawn = Table::new();
    drawn.load_style(if view.width.is_some() { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_FULL_CONDENSED });
    let limit = if view.width.is_some() { WIDEST } else { usize::MAX };
    let line = |texts: &[String], gap: &str, right: &dyn Fn(usize) -> bool| -> Vec<Cell> {
        kept.iter()
            .map(|&place| {
                let text = place.and_then(|at| texts.get(at)).map_or(gap, String::as_str);
                let side = if place.is_some_and(right) { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(cut(text, limit)).set_alignment(side)
            })
            .collect()
    };
    let is_number = |at: usize| matches!(table.columns.get(at).map(|column| column.kind), Some(Kind::Number { .. }));
    drawn.set_header(line(&names, "…", &is_number));
    for row in &rows {
        drawn.add_row(line(row, "…", &is_number));
    }
    let mut out = drawn.trim_fmt();
    if view.colour {
        out = with_bold_header(&out);
    }
    out.push('\n');
    if let Some(note) = not_shown(table, &names, &kept, view.rows) {
        out.push_str(view.language.of(&note));
        out.push('\n');
    }
    out
}

/// The columns to show, in order; nothing stands for the gap of the ones left out.
fn columns_that_fit(names: &[String], rows: &[Vec<String>], width: Option<usize>) -> Vec<Option<usize>> {
    let all = || (0..names.len()).map(Some).collect();
    let Some(width) = width else { return all() };
    // Each column has a border and a space at either side.
    let needs = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        let widest = names.get(at).into_iter().chain(cells).map(|text| text.width()).max().unwrap_or(0);
        widest.min(WIDEST) + 3
    };
    let needed: Vec<usize> = (0..names.len()).map(needs).collect();
    if needed.iter().sum::<usize>() < width {
        return all();
    }
    const GAP: usize = 4;
    let (mut first, mut last) = (0, names.len());
    let mut left = width.saturating_sub(1 + GAP);
    let mut from_the_front = true;
    while first < last {
        let at = if from_the_front { first } else { last - 1 };
        let need = needed.get(at).copied().unwrap_or(0);
        // The first column says who it is; without it the others say nothing.
        if need > left && first > 0 {
            break;
        }
        left = left.saturating_sub(need);
        if from_the_front {
            first += 1;
        } else {
            last -= 1;
        }
        from_the_front = !from_the_front;
    }
    let gap = (first < last).then_some(None);
    (0..first).map(Some).chain(gap).chain((last..names.len()).map(Some)).collect()
}

fn not_shown(table: &OutputTable, names: &[String], kept: &[Option<usize>], rows: usize) -> Option<Message> {
    let hidden: Vec<String> =
        names.iter().enumerate().filter(|(at, _)| !kept.contains(&Some(*at))).map(|(_, name)| name.clone()).collect();
    let more_rows = table.rows.len().saturating_sub(rows);
    let columns = (!hidden.is_empty()).then(|| {
        let count = hidden.len();
        Message::new(
            format!("{count} columns: {}", listed(&hidden, Language::English)),
            format!("{count} 列：{}", listed(&hidden, Language::Chinese)),
        )
    });
    let lines = (more_rows > 0).then(|| say!("{more_rows} rows", "{more_rows} 行"));
    let (first, second) = match (lines, columns) {
        (None, None) => return None,
        (Some(one), None) | (None, Some(one)) => (one, None),
        (Some(one), Some(other)) => (one, Some(other)),
    };
    let (en, zh) = second.map_or((String::new(), String::new()), |m| (format!(" and {}", m.en), format!("；{}", m.zh)));
    Some(Message::new(format!("not shown: {}{en}", first.en), format!("未显示：{}{zh}", first.zh)))
}

fn shown(cell: &OutputCell, language: Language) -> String {
    match cell {
        OutputCell::Empty => String::new(),
        OutputCell::Number(text) | OutputCell::Text(text) => harmless(text),
        OutputCell::Truth(truth) => match (truth, language) {
            (true, Language::English) => "yes".to_owned(),
            (false, Language::English) => "no".to_owned(),
            (true, Language::Chinese) => "是".to_owned(),
            (false, Language::Chinese) => "否".to_owned(),
        },
        OutputCell::Date(date) => date.to_string(),
    }
}

/// The text on one line, without characters that could steer the terminal or turn the writing round.
fn harmless(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

/// The text cut to a width, with a mark where it is cut.
fn cut(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > limit {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// The drawn table with its second line, the header, in bold.
fn with_bold_header(drawn: &str) -> String {
    let lines = drawn.lines().enumerate().map(|(number, line)| match number {
        1 => format!("\u{1b}[1m{line}\u{1b}[0m"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::OutputColumn;

    fn wide() -> OutputTable {
        let names = ["工号", "姓名", "备注", "日均存款", "存款完成率", "收息率", "综合得分", "档次"];
        let kind = |at| if (3..7).contains(&at) { Kind::Number { places: Some(2) } } else { Kind::Text };
        OutputTable {
            columns: names.iter().enumerate().map(|(at, name)| OutputColumn::new(*name, kind(at))).collect(),
            rows: (0..5)
                .map(|row| {
                    vec![
                        OutputCell::Text(format!("00{row}")),
                        OutputCell::Text("欧阳张三".into()),
                        OutputCell::Text("很长的备注".repeat(20)),
                        OutputCell::Number("1234567.89".into()),
                        OutputCell::Number("0.85".into()),
                        OutputCell::Empty,
                        OutputCell::Number("86.40".into()),
                        OutputCell::Text("A".into()),
                    ]
                })
                .collect(),
        }
    }

    fn view(width: usize) -> View {
        View { width: Some(width), rows: 3, colour: false, language: Language::Chinese }
    }

    #[test]
    fn every_line_is_as_wide_as_the_others_and_fits() {
        for width in [20, 30, 40, 60, 80, 100, 120, 200] {
            let out = render(&wide(), view(width));
            let lines: Vec<&str> = out.lines().filter(|line| !line.contains("未显示")).collect();
            let drawn = lines[0].width();
            assert!(drawn <= width, "{width}\n{out}");
            assert!(lines.iter().all(|line| line.width() == drawn), "{width}\n{out}");
            assert!(out.contains("工号"), "{width}\n{out}");
        }
    }

    #[test]
    fn the_last_columns_stay_and_the_hidden_ones_are_named() {
        let out = render(&wide(), view(60));
        assert!(out.contains("工号") && out.contains("档次") && out.contains('…'), "{out}");
        let note = out.lines().last().unwrap();
        assert!(note.starts_with("未显示：2 行；"), "{note}");
        assert!(note.contains("备注"), "{note}");
    }

    #[test]
    fn nothing_is_cut_when_it_is_no_terminal() {
        let all = View { width: None, rows: usize::MAX, colour: false, language: Language::English };
        let out = render(&wide(), all);
        assert!(out.contains(&"很长的备注".repeat(20)) && out.contains("004") && !out.contains("not shown"), "{out}");
        assert!(out.is_ascii() || !out.contains('│'));
        // numbers to the right
        assert!(out.contains("|  综合得分 |") || out.contains("| 综合得分 |"), "{out}");
        assert!(out.contains("|    86.40 |"), "{out}");
    }

    #[test]
    fn a_cell_cannot_steer_the_terminal() {
        let table = OutputTable {
            columns: vec![OutputColumn::new("a\u{1b}[31m", Kind::Text)],
            rows: vec![vec![OutputCell::Text("x\u{7}\r\n\u{202E}y".into())]],
        };
        let out = render(&table, view(80));
        assert!(out.chars().all(|c| !c.is_control() || c == '\n') && !out.contains('\u{202E}'), "{out:?}");
    }

    #[test]
    fn an_empty_table_is_drawn() {
        for width in [None, Some(80)] {
            let view = View { width, ..view(80) };
            assert!(!render(&OutputTable::default(), view).contains("未显示"));
            let columns = vec![OutputColumn::new("a", Kind::Text)];
            assert!(render(&OutputTable { columns, rows: vec![] }, view).contains('a'));
        }
    }
}
