//! The lines that come out: indentation, padding, comments at their columns.

use crate::diagnostic::width;

use super::WIDTH;

/// One line of the formatted text.
#[derive(Debug)]
pub(super) struct Line {
    /// Spaces before it.
    pub(super) indent: usize,
    /// What stands on it; a comment on a line of its own, too.
    pub(super) text: String,
    /// The comment behind it, and the column it has in the source.
    pub(super) comment: Option<(String, usize)>,
    /// Whether an empty line goes before it.
    pub(super) blank_before: bool,
    /// Whether it is nothing but a comment.
    pub(super) is_comment: bool,
}

/// An entry of a map that may be aligned with its neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Which line, or nothing when the entry has several.
    pub(super) line: Option<usize>,
    /// The first of its lines, its comments included.
    pub(super) first: usize,
    /// Bytes of the key with its colon.
    pub(super) key: usize,
    /// How many columns after its key the value began, when its author has put more than one space behind the colon.
    pub(super) wide: Option<usize>,
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Aligns the values of neighbouring entries of one map where their author has.
pub(super) fn align(lines: &mut [Line], cells: &[Cell]) {
    let mut run: Vec<Cell> = Vec::new();
    for cell in cells {
        let apart = lines.get(cell.first..=cell.line.unwrap_or(cell.first));
        let apart = cell.line.is_none() || apart.is_some_and(|lines| lines.iter().any(|line| line.blank_before));
        if apart {
            align_run(lines, &run);
            run.clear();
        }
        if cell.line.is_some() {
            run.push(*cell);
        }
    }
    align_run(lines, &run);
}

fn align_run(lines: &mut [Line], run: &[Cell]) {
    let key_columns = |lines: &[Line], cell: &Cell| {
        let line = cell.line.and_then(|at| lines.get(at));
        line.and_then(|line| line.text.get(..cell.key)).map_or(0, columns)
    };
    let widest = run.iter().map(|cell| key_columns(lines, cell)).max().unwrap_or(0);
    let Some(wanted) = wanted_column(run) else { return };
    // Behind the column that most values have, or closer where no key needs so much room.
    let column = wanted.min(widest + 1);
    for cell in run {
        // A key that reaches beyond it has its value one space behind.
        let pad = column.saturating_sub(key_columns(lines, cell) + 1);
        if let Some(line) = cell.line.and_then(|at| lines.get_mut(at))
            && line.indent + columns(&line.text) + pad <= WIDTH
        {
            line.text.insert_str(cell.key, &" ".repeat(pad));
        }
    }
}

/// The column most of the aligned values have; of several the largest.
fn wanted_column(run: &[Cell]) -> Option<usize> {
    let wide: Vec<usize> = run.iter().filter_map(|cell| cell.wide).collect();
    wide.iter().copied().max_by_key(|column| (wide.iter().filter(|other| *other == column).count(), *column))
}

/// All lines as one text.
pub(super) fn join(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        if line.blank_before && !out.is_empty() {
            out.push('\n');
        }
        let mut end = 0;
        if !line.text.is_empty() {
            out.extend(std::iter::repeat_n(' ', line.indent));
            out.push_str(&line.text);
            end = line.indent + columns(&line.text);
        }
        if let Some((comment, column)) = &line.comment {
            let pad = column.saturating_sub(end).max(2);
            out.extend(std::iter::repeat_n(' ', pad));
            out.push_str(comment);
        }
        out.push('\n');
    }
    out
}
