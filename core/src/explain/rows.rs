//! Detail rows: which of them went into a figure, and what is in them.

use std::collections::HashSet;
use std::sync::Arc;

use super::ColumnExplanation;
use super::step::Fact;
use super::teller::{Teller, one_line};
use crate::outcome::Figure;
use crate::plan::{Aggregate, AggregateFunction, ColumnId, Detail, DetailId, DetailKind, NodeId, Role};

/// The detail rows that went into one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsRead {
    /// The detail table.
    pub table: Arc<str>,
    /// The figure as it is written.
    pub written: String,
    /// What is computed over the rows: `sum`, `count`, …; `only` for the value of the only row.
    pub function: &'static str,
    /// Which rows count, as it is written; nothing when all do.
    pub filter: Option<String>,
    /// How many rows of the table the person has.
    pub of: usize,
    /// The rows that counted: the line of the file, or the number of the row from 1, and the value.
    pub rows: Vec<(u32, Fact)>,
    /// What the figure came to.
    pub value: Fact,
    /// Whether the value is the one stated for no rows at all.
    pub when_empty: bool,
}

/// The person's rows of one detail table.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailRows {
    /// The detail table.
    pub table: Arc<str>,
    /// What the rows bring, and the computed columns that have a part in what was asked, by their names in the table.
    pub columns: Vec<Arc<str>>,
    /// The rows in the order of the table.
    pub rows: Vec<DetailRow>,
}

/// One detail row.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailRow {
    /// The line of the file, or the number of the row from 1.
    pub line: u32,
    /// A figure for each of the columns.
    pub cells: Vec<Figure>,
}

impl Teller<'_> {
    /// The rows that went into a figure; nothing when there is no figure.
    pub(super) fn rows_read(&self, node: NodeId, aggregate: &Aggregate) -> Option<RowsRead> {
        let value = self.fact(node)?;
        let text = |node: NodeId| {
            let text = one_line(self.plan.node(node).span?.of(self.scheme.source()));
            (!text.is_empty()).then_some(text)
        };
        let counted = self.trace.rows(node);
        let rows = counted.iter().filter_map(|(row, value)| {
            let fact = aggregate.value.map_or(Some(Fact::Missing), |of| self.fact_of(of, value))?;
            Some((self.line(aggregate.table, *row), fact))
        });
        let rows: Vec<(u32, Fact)> = rows.collect();
        Some(RowsRead {
            table: Arc::clone(&self.plan.detail(aggregate.table).name),
            written: text(node).unwrap_or_default(),
            function: aggregate.function.name(),
            filter: aggregate.filter.and_then(text),
            of: self.trace.rows_of(aggregate.table).map_or(rows.len(), <[u32]>::len),
            when_empty: rows.is_empty() && aggregate.when_empty.is_some(),
            rows,
            value,
        })
    }

    /// The person's rows of the detail tables that were read; `told`: the columns that have a part.
    pub(super) fn detail_rows(&self, columns: &[ColumnExplanation], told: &HashSet<ColumnId>) -> Vec<DetailRows> {
        let tables_read: HashSet<&Arc<str>> =
            columns.iter().flat_map(|column| &column.rows).map(|read| &read.table).collect();
        // a rater's marks are nobody's business, whatever is wrong with them
        let open = |(_, table): &(DetailId, &Detail)| table.kind != DetailKind::Sheets;
        let tables = (0..).map(DetailId).zip(&self.plan.details).filter(open);
        let found = tables.filter_map(|(id, table)| {
            let read = tables_read.contains(&table.name) || table.columns.iter().any(|column| told.contains(column));
            let rows = self.trace.rows_of(id).filter(|_| read)?;
            // a reason or a date beside a value belongs to it, read or not
            let is_part = |id: &ColumnId| told.contains(id) || matches!(self.plan.column(*id).role, Role::Input(_));
            let columns: Vec<ColumnId> = table.columns.iter().copied().filter(is_part).collect();
            let cells = |at: usize| {
                let cell = |column: &ColumnId| match self.trace.cells(*column).get(at) {
                    Some((_, cell)) => Figure::publish(self.plan, *column, cell),
                    None => Figure::Missing,
                };
                columns.iter().map(cell).collect()
            };
            let own_name = |column: &ColumnId| {
                let name = &self.plan.column(*column).name;
                name.strip_prefix(&*table.name).and_then(|name| name.strip_prefix('.')).unwrap_or(name).into()
            };
            Some(DetailRows {
                table: Arc::clone(&table.name),
                columns: columns.iter().map(own_name).collect(),
                rows: rows
                    .iter()
                    .enumerate()
                    .map(|(at, row)| DetailRow { line: self.line(id, *row), cells: cells(at) })
                    .collect(),
            })
        });
        found.collect()
    }

    /// What people call a detail row.
    fn line(&self, table: DetailId, row: u32) -> u32 {
        let found = self.run.and_then(|(run, _)| run.details().get(table.index()));
        found.map_or(row.saturating_add(1), |found| found.line(row))
    }
}

impl RowsRead {
    /// Whether rows were counted, and had no value of their own.
    pub(super) fn is_count(&self) -> bool {
        self.function == AggregateFunction::Count.name()
    }
}
