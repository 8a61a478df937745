//! What the row evaluator tells on its way: to nobody, or to a trace that keeps it.

use std::collections::HashMap;

use super::ops;
use super::row::CellResult;
use crate::plan::{ColumnId, DetailId, NodeId, Op, Plan, Step};
use crate::value::Value;

/// Is told the value of each node that is evaluated. The evaluation is the same whether anything is kept.
pub(crate) trait Sink {
    /// `node` came out as `value`; inside a detail row the last row's value stays.
    fn record(&mut self, node: NodeId, value: &CellResult);

    /// A row of a detail table went into the figure at `aggregate` with this value.
    fn row(&mut self, aggregate: NodeId, row: u32, value: &Value);

    /// The person has these rows of a detail table.
    fn rows_of(&mut self, _table: DetailId, _rows: &[u32]) {}

    /// A column of a detail table has this cell in a row.
    fn cell(&mut self, _column: ColumnId, _row: u32, _cell: &CellResult) {}
}

/// Keeps nothing.
pub(crate) struct Silent;

impl Sink for Silent {
    fn record(&mut self, _: NodeId, _: &CellResult) {}
    fn row(&mut self, _: NodeId, _: u32, _: &Value) {}
}

/// Keeps the value of every node that was evaluated.
#[derive(Debug, Clone)]
pub struct Trace {
    values: Vec<Option<CellResult>>,
    /// For figures over detail rows the rows that went into them, each with its value.
    rows: HashMap<NodeId, Vec<(u32, Value)>>,
    /// The person's rows of the detail tables that were looked at.
    of_person: HashMap<DetailId, Vec<u32>>,
    /// The columns of detail tables, a cell for each of the person's rows.
    cells: HashMap<ColumnId, Vec<(u32, CellResult)>>,
    /// For parameters by key the nodes of their keys.
    keyed: HashMap<NodeId, Box<[NodeId]>>,
    /// The values of parameters by key that were read, each once.
    looked_up: HashMap<NodeId, Vec<LookedUp>>,
}

/// A value of a parameter by key that was read; detail rows can read several.
#[derive(Debug, Clone)]
pub struct LookedUp {
    /// The keys.
    pub keys: Vec<Value>,
    /// The value.
    pub value: Value,
}

impl Trace {
    pub(crate) fn new(plan: &Plan) -> Self {
        let keyed = (0..).map(NodeId).zip(&plan.nodes).filter_map(|(id, node)| match &node.op {
            Op::Tell(Step::Parameter { .. }, inner) => match &plan.node(*inner).op {
                Op::Lookup { keys, .. } => Some((id, keys.clone())),
                _ => None,
            },
            _ => None,
        });
        Self {
            values: vec![None; plan.nodes.len()],
            rows: HashMap::new(),
            of_person: HashMap::new(),
            cells: HashMap::new(),
            keyed: keyed.collect(),
            looked_up: HashMap::new(),
        }
    }

    /// The value of `node`, or nothing when it was not evaluated: the branch that was not taken, the band not reached.
    #[must_use]
    pub fn value(&self, node: NodeId) -> Option<&CellResult> {
        self.values.get(node.index()).and_then(Option::as_ref)
    }

    /// The detail rows that went into the figure at `node`, each with its value.
    #[must_use]
    pub fn rows(&self, node: NodeId) -> &[(u32, Value)] {
        self.rows.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The person's rows of a detail table, when they were looked at.
    #[must_use]
    pub fn rows_of(&self, table: DetailId) -> Option<&[u32]> {
        self.of_person.get(&table).map(Vec::as_slice)
    }

    /// The cells of a detail table's column, one for each of the person's rows.
    pub fn cells(&self, column: ColumnId) -> &[(u32, CellResult)] {
        self.cells.get(&column).map_or(&[], Vec::as_slice)
    }

    /// The values of a parameter by key that were read, each once.
    #[must_use]
    pub fn looked_up(&self, node: NodeId) -> &[LookedUp] {
        self.looked_up.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Keeps which value of a parameter by key was read.
    fn look_up(&mut self, node: NodeId, value: &CellResult) {
        let (Some(keys), Ok(value)) = (self.keyed.get(&node), value) else { return };
        let key = |key: &NodeId| self.value(*key).and_then(|key| key.as_ref().ok()).cloned();
        let Some(keys) = keys.iter().map(key).collect::<Option<Vec<_>>>() else { return };
        let known = self.looked_up.entry(node).or_default();
        let same = |other: &LookedUp| {
            other.keys.iter().zip(&keys).all(|(a, b)| ops::order(a, b).is_some_and(|order| order.is_eq()))
        };
        if !known.iter().any(same) {
            known.push(LookedUp { keys, value: value.clone() });
        }
    }
}

impl Sink for Trace {
    fn record(&mut self, node: NodeId, value: &CellResult) {
        if let Some(slot) = self.values.get_mut(node.index()) {
            *slot = Some(value.clone());
        }
        self.look_up(node, value);
    }

    fn row(&mut self, aggregate: NodeId, row: u32, value: &Value) {
        self.rows.entry(aggregate).or_default().push((row, value.clone()));
    }

    fn rows_of(&mut self, table: DetailId, rows: &[u32]) {
        self.of_person.insert(table, rows.to_vec());
    }

    fn cell(&mut self, column: ColumnId, row: u32, cell: &CellResult) {
        self.cells.entry(column).or_default().push((row, cell.clone()));
    }
}
