//! A page as Markdown, as GitHub reads it: tables with pipes, and nothing in a name or cell ever a mark.

use kaohe_grammar::say;

use super::text::bracketed;
use super::{Block, Cell, DEEPEST, Figure, Mark, Page, Pair, Place, Span, Stress, Table, Tone, spans};
use crate::diagnostic::Language;

impl Page {
    /// The page as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let mut out = Lines { text: String::new(), apart: true };
        for block in &self.blocks {
            put(block, self.language, &mut out);
        }
        out.text
    }
}

fn put(block: &Block, language: Language, out: &mut Lines) {
    match block {
        Block::Gap => out.gap(),
        Block::Title(text) => out.alone(&format!("# {}", inline(text))),
        Block::Under(text) => out.alone(&at_start(&inline(text))),
        Block::Heading(level, text) => {
            let marks = "#".repeat(usize::from(*level).saturating_add(1).min(6));
            out.alone(&format!("{marks} {}", inline(text)));
        }
        Block::Paragraph(tone, text) => {
            let quote = if *tone == Tone::Warning { "> " } else { "" };
            out.alone(&format!("{quote}{}", at_start(&inline(text))));
        }
        Block::Pairs(pairs) => put_pairs(pairs, language, out),
        Block::Foot(pairs) => {
            out.alone("---");
            put_pairs(pairs, language, out);
        }
        Block::Marks(marks) => {
            out.gap();
            for mark in marks {
                out.line(0, &format!("- {}", marked(mark)));
            }
            out.gap();
        }
        Block::Figure(depth, figure) => out.line(*depth, &format!("- {}", titled(figure, language))),
        Block::Note(depth, tone, text) => {
            let text = inline(text);
            let text = if *tone == Tone::Warning { strong(&text) } else { at_start(&text) };
            out.line(depth.saturating_add(1), &format!("- {text}"));
        }
        Block::Table(depth, table) => {
            let indent = depth.map_or(0, |depth| depth.saturating_add(1));
            out.gap();
            for text in piped(table) {
                out.line(indent, &text);
            }
            out.gap();
            if let Some(below) = &table.below {
                out.line(indent, &at_start(&inline(below)));
                out.gap();
            }
        }
    }
}

fn put_pairs(pairs: &[Pair], language: Language, out: &mut Lines) {
    out.gap();
    for Pair { name, value, note } in pairs {
        let (name, value) = (inline(name), inline(value));
        let note = note.iter().map(|note| inline(note)).collect::<Vec<_>>();
        let note = if note.is_empty() { String::new() } else { bracketed(&note, language) };
        let text = say!("- {name}: {value}{note}", "- {name}：{value}{note}");
        out.line(0, language.of(&text));
    }
    out.gap();
}

fn titled(figure: &Figure, language: Language) -> String {
    let escaped = |text: &String| inline(text);
    let escaped = Figure {
        name: strong(&inline(&figure.name)),
        label: figure.label.as_ref().map(escaped),
        value: figure.value.as_ref().map(escaped),
        unit: figure.unit.as_ref().map(escaped),
        notes: figure.notes.iter().map(escaped).collect(),
        again: figure.again,
    };
    escaped.to_text(language)
}

/// Lines of Markdown, with one empty line where blocks must stand apart.
struct Lines {
    text: String,
    apart: bool,
}

impl Lines {
    fn line(&mut self, depth: usize, text: &str) {
        let line = format!("{:indent$}{text}", "", indent = depth.min(DEEPEST + 1) * 2);
        self.text.push_str(line.trim_end());
        self.text.push('\n');
        self.apart = false;
    }

    fn gap(&mut self) {
        if !self.apart {
            self.text.push('\n');
            self.apart = true;
        }
    }

    fn alone(&mut self, text: &str) {
        self.gap();
        self.line(0, text);
        self.gap();
    }
}

fn marked(mark: &Mark) -> String {
    let of = if mark.of.is_empty() { String::new() } else { format!(" {}", inline(&mark.of)) };
    format!("{} {}{of}", inline(&mark.name), strong(&inline(&mark.value)))
}

fn strong(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("**{text}**") }
}

fn piped(table: &Table) -> Vec<String> {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let columns = || table.columns.iter().filter(|column| column.place != Place::Bar);
    let heads: Vec<String> = columns().map(|column| inline(&column.head)).collect();
    let places = columns().map(|column| if column.place == Place::Right { "--:" } else { "---" }.to_owned());
    let mut lines = vec![line(&heads), line(&places.collect::<Vec<_>>())];
    for row in &table.rows {
        let mut cells = Vec::new();
        for (cell, _) in table.placed(row).filter(|(_, place)| *place != Place::Bar) {
            cells.push(in_table(cell, row.stress));
            // what one cell takes is left empty here
            cells.resize(cells.len().saturating_add(cell.span.saturating_sub(1)), String::new());
        }
        cells.resize(heads.len(), String::new());
        lines.push(line(&cells));
    }
    lines
}

fn in_table(cell: &Cell, stress: Stress) -> String {
    let text = inline(&cell.text);
    let text = if stress == Stress::Strong { strong(&text) } else { text };
    let lines = std::iter::once(text).chain(cell.more.iter().map(|line| inline(line)));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    let indent = "　".repeat(if cell.text.is_empty() { 0 } else { cell.depth.min(DEEPEST) });
    format!("{indent}{}", lines.join("<br>"))
}

/// A text in one line in which nothing is a mark but what stands between backticks.
fn inline(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len());
    for span in spans(&text) {
        match span {
            Span::Plain(text) => {
                for sign in text.chars() {
                    let is_mark =
                        matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$');
                    if is_mark {
                        out.push('\\');
                    }
                    out.push(sign);
                }
            }
            // a table ends its cells within code, too
            Span::Code(text) => out.push_str(&format!("`{}`", text.replace('|', "\\|"))),
        }
    }
    out
}

/// The same at the start of a line, where a few signs more are marks, mostly before a space.
fn at_start(text: &str) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (head, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    let mut signs = rest.chars();
    let (first, next) = (signs.next(), signs.next());
    let is_mark = match (first, next) {
        (Some('#'), None | Some(' ' | '#')) | (Some('-'), None | Some(' ' | '-')) | (Some('+'), None | Some(' ')) => {
            digits == 0
        }
        (Some('='), None | Some(' ' | '=')) => digits == 0,
        (Some('.' | ')'), None | Some(' ')) => digits > 0,
        _ => false,
    };
    if is_mark { format!("{head}\\{rest}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_told_is_a_mark() {
        for (text, told) in [
            ("a*b_c", "a\\*b\\_c"),
            ("<b>|[x](y)", "\\<b\\>\\|\\[x\\](y)"),
            ("`a * b|c` holds", "`a * b\\|c` holds"),
            ("one ` alone", "one \\` alone"),
            ("two\n\nlines", "two lines"),
            ("A & B", "A \\& B"),
        ] {
            assert_eq!(inline(text), told);
        }
        for text in ["- a", "-", "---", "+ a", "# a", "##", "="] {
            assert_eq!(at_start(text), format!("\\{text}"));
        }
        for text in ["-3 × 2", "1.5", "a - b", "(1) a", "#1", "+2", ""] {
            assert_eq!(at_start(text), text);
        }
        assert_eq!((at_start("1. a"), at_start("12)")), ("1\\. a".to_owned(), "12\\)".to_owned()));
    }
}
