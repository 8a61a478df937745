//! A page for a terminal: indented, columns aligned as a terminal shows them, no colours.

use kaohe_grammar::say;

use super::{Block, DEEPEST, Figure, Page, Table};
use crate::diagnostic::{Language, width};

impl Page {
    /// The page as text.
    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            match block {
                Block::Gap => out.push('\n'),
                Block::Title(text) | Block::Under(text) | Block::Heading(_, text) | Block::Paragraph(_, text) => {
                    line(&mut out, 0, text);
                }
                Block::Pairs(pairs) | Block::Foot(pairs) => {
                    for pair in pairs {
                        line(&mut out, 0, &format!("{} {}", pair.name, pair.value));
                    }
                }
                Block::Marks(marks) => {
                    for mark in marks {
                        line(&mut out, 0, &format!("{} {} {}", mark.name, mark.value, mark.of));
                    }
                }
                Block::Figure(depth, figure) => line(&mut out, *depth, &figure.to_text(self.language)),
                Block::Note(depth, _, text) => line(&mut out, *depth, &format!("  - {text}")),
                Block::Table(depth, table) => {
                    for text in aligned(table) {
                        line(&mut out, depth.unwrap_or(0), &format!("    {text}"));
                    }
                    if let Some(below) = &table.below {
                        line(&mut out, depth.unwrap_or(0), &format!("    {below}"));
                    }
                }
            }
        }
        out
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    let line = format!("{:indent$}{text}", "", indent = depth.min(DEEPEST) * 2);
    out.push_str(line.trim_end());
    out.push('\n');
}

impl Figure {
    /// The figure with its name in one line.
    pub(super) fn to_text(&self, language: Language) -> String {
        let mut text = self.name.clone();
        if let Some(label) = &self.label {
            text.push_str(language.of(&say!(" ({label})", "（{label}）")));
        }
        for part in self.value.iter().chain(&self.unit) {
            text.push(' ');
            text.push_str(part);
        }
        if self.again {
            return language.of(&say!("{text} (see above)", "{text}（见上）")).to_owned();
        }
        if !self.notes.is_empty() {
            text.push_str(&bracketed(&self.notes, language));
        }
        text
    }
}

/// What is said of a figure, behind it.
pub(super) fn bracketed(notes: &[String], language: Language) -> String {
    let (en, zh) = (notes.join(", "), notes.join("，"));
    language.of(&say!(" ({en})", "（{zh}）")).to_owned()
}

/// The first column to the left, the others to the right.
fn aligned(table: &Table) -> Vec<String> {
    let wide = |text: &str| text.chars().map(width).sum::<usize>();
    let head: Vec<&str> = table.columns.iter().map(|column| &*column.head).collect();
    let rows = table.rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect());
    let rows: Vec<Vec<&str>> = std::iter::once(head).chain(rows).collect();
    let widths: Vec<usize> = (0..table.columns())
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| wide(cell)).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<&str>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, most))| {
            let gap = " ".repeat(most.saturating_sub(wide(cell)));
            if at == 0 { format!("{cell}{gap}") } else { format!("{gap}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect()
}
