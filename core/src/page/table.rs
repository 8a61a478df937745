//! Rows of cells, before it is decided how they are laid out.

/// Rows of cells below a head.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// What is said below it, such as how many rows were left away.
    pub(crate) below: Option<String>,
}

/// The head of a column, and where its cells stand.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) place: Place,
}

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Text.
    Left,
    /// Figures.
    Right,
    /// Bars: a picture, which only a page has that can show one.
    Bar,
}

/// One row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) stress: Stress,
}

/// How much a row weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Stress {
    #[default]
    Plain,
    /// What others belong to, or add up to.
    Strong,
    /// A step between them.
    Quiet,
}

/// One cell.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Further lines, of less weight.
    pub(crate) more: Vec<String>,
    /// A bar of so many thousandths of the cell.
    pub(crate) bar: Option<u16>,
    /// How deep it stands below what it belongs to.
    pub(crate) depth: usize,
    /// How many columns it takes; 0 and 1 are one.
    pub(crate) span: usize,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl Cell {
    pub(crate) fn bar(thousandths: Option<u16>) -> Self {
        Self { bar: thousandths, ..Self::default() }
    }
}

impl Row {
    pub(crate) fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self { cells: cells.into_iter().collect(), stress: Stress::Plain }
    }

    pub(crate) fn strong(self) -> Self {
        Self { stress: Stress::Strong, ..self }
    }

    pub(crate) fn quiet(self) -> Self {
        Self { stress: Stress::Quiet, ..self }
    }
}

impl Table {
    /// A column more: the first of a table to the left, the others, which are figures, to the right.
    pub(crate) fn head(&mut self, head: String) {
        let place = if self.columns.is_empty() { Place::Left } else { Place::Right };
        self.columns.push(Column { head, place });
    }

    /// A column of text more.
    pub(crate) fn text(&mut self, head: String) {
        self.columns.push(Column { head, place: Place::Left });
    }

    /// A column of bars more.
    pub(crate) fn bars(&mut self) {
        self.columns.push(Column { head: String::new(), place: Place::Bar });
    }

    pub(crate) fn row(&mut self, row: Vec<String>) {
        self.rows.push(Row::of(row.into_iter().map(Cell::from)));
    }

    pub(crate) const fn columns(&self) -> usize {
        self.columns.len()
    }

    /// How many columns at its end a row has no cell for.
    pub(crate) fn rest(&self, row: &Row) -> usize {
        let taken = row.cells.iter().map(|cell| cell.span.max(1)).fold(0, usize::saturating_add);
        self.columns().saturating_sub(taken)
    }

    /// Each cell of a row with where it stands; a cell over several columns stands as the first of them.
    pub(crate) fn placed<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = (&'t Cell, Place)> {
        let mut at = 0_usize;
        row.cells.iter().map(move |cell| {
            let place = self.columns.get(at).map_or(Place::Left, |column| column.place);
            at = at.saturating_add(cell.span.max(1));
            (cell, place)
        })
    }
}
