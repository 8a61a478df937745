//! Rows of cells, aligned as a terminal shows them.

use crate::diagnostic::width;

/// Rows of cells: the first column to the left, the others, which are figures, to the right.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn head(&mut self, cell: String) {
        match self.rows.first_mut() {
            Some(head) => head.push(cell),
            None => self.rows.push(vec![cell]),
        }
    }

    pub(super) fn row(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(super) fn columns(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let wide = |text: &str| text.chars().map(width).sum::<usize>();
        let widths: Vec<usize> = (0..self.columns())
            .map(|at| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| wide(cell)).max().unwrap_or(0))
            .collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, most))| {
                let gap = " ".repeat(most.saturating_sub(wide(cell)));
                if at == 0 { format!("{cell}{gap}") } else { format!("{gap}{cell}") }
            });
            cells.collect::<Vec<_>>().join("  ")
        };
        self.rows.iter().map(line).collect()
    }
}
