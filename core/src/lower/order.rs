//! In which order columns are computed: each after those it reads. A circle is an error with its path.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Span};

/// A column to be ordered.
pub(crate) struct Vertex {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// Where it is defined.
    pub(crate) span: Span,
    /// Where it is defined, as keys.
    pub(crate) path: Arc<str>,
    /// The names it reads; those that are no columns are passed over.
    pub(crate) reads: Vec<Arc<str>>,
}

/// The positions of the columns in an order in which each stands after those it reads, as near to the written order
/// as that allows. Columns in a circle, and those that read them, are left out; each circle is reported once.
pub(crate) fn order(vertices: &[Vertex], problems: &mut Vec<Diagnostic>) -> Vec<usize> {
    let positions: HashMap<&str, usize> = vertices.iter().enumerate().map(|(at, vertex)| (&*vertex.name, at)).collect();
    let reads: Vec<Vec<usize>> = vertices
        .iter()
        .map(|vertex| vertex.reads.iter().filter_map(|name| positions.get(&**name).copied()).collect())
        .collect();
    let mut walk =
        Walk { reads: &reads, state: vec![State::New; vertices.len()], order: Vec::new(), circles: Vec::new() };
    for at in 0..vertices.len() {
        walk.visit(at);
    }
    let Walk { order, circles, .. } = walk;
    for circle in circles {
        let found: Vec<&Vertex> = circle.iter().filter_map(|at| vertices.get(*at)).collect();
        let Some(first) = found.first() else { continue };
        let path = told(found.iter().map(|vertex| &*vertex.name).collect());
        let message: Message = if found.len() == 1 {
            let name = &first.name;
            say!("`{name}` reads itself", "`{name}` 引用了自己")
        } else {
            say!("columns read each other in a circle: {path}", "列之间循环引用：{path}")
        };
        problems.push(Diagnostic::error(Code::Cycle, first.span, message).at(&*first.path).help(if found.len() == 1 {
            say!("compute it from other columns", "请改为由别的列计算")
        } else {
            say!("one of them must be computed from something else", "其中一列须改为由别的列计算")
        }));
    }
    order
}

/// A circle of names as people read it: back to where it began, a long one with its middle left out.
fn told(names: Vec<&str>) -> String {
    const BEGINNING: usize = 8;
    const END: usize = 3;
    let count = names.len();
    let mut path: Vec<&str> = names.iter().take(BEGINNING).copied().collect();
    if count > BEGINNING + END {
        path.push("…");
        path.extend(names.iter().skip(count - END));
    } else {
        path.extend(names.iter().skip(BEGINNING));
    }
    path.extend(names.first());
    path.join(" → ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
    InCircle,
}

struct Walk<'r> {
    reads: &'r [Vec<usize>],
    state: Vec<State>,
    order: Vec<usize>,
    circles: Vec<Vec<usize>>,
}

impl Walk<'_> {
    /// Depth first without recursion: a chain of columns may be as long as there are columns.
    fn visit(&mut self, start: usize) {
        if self.get(start) != State::New {
            return;
        }
        self.set(start, State::Open);
        let mut open: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((at, next)) = open.last().copied() {
            let child = self.reads.get(at).and_then(|reads| reads.get(next)).copied();
            if let Some(last) = open.last_mut() {
                last.1 += 1;
            }
            match child {
                Some(child) => match self.get(child) {
                    State::New => {
                        self.set(child, State::Open);
                        open.push((child, 0));
                    }
                    State::Open => {
                        let from = open.iter().position(|(each, _)| *each == child).unwrap_or(0);
                        let circle: Vec<usize> = open.iter().skip(from).map(|(each, _)| *each).collect();
                        for each in &circle {
                            self.set(*each, State::InCircle);
                        }
                        self.circles.push(circle);
                    }
                    State::Done | State::InCircle => {}
                },
                None => {
                    open.pop();
                    let blocked = self
                        .reads
                        .get(at)
                        .is_some_and(|reads| reads.iter().any(|read| self.get(*read) == State::InCircle));
                    if self.get(at) == State::Open && !blocked {
                        self.set(at, State::Done);
                        self.order.push(at);
                    } else {
                        self.set(at, State::InCircle);
                    }
                }
            }
        }
    }

    fn get(&self, at: usize) -> State {
        self.state.get(at).copied().unwrap_or(State::Done)
    }

    fn set(&mut self, at: usize, state: State) {
        if let Some(slot) = self.state.get_mut(at) {
            *slot = state;
        }
    }
}
