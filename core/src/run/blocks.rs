//! Rows in blocks, on as many threads as asked for: what comes out depends on neither.

use std::ops::{ControlFlow, Range};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use super::Run;
use super::data::{Options, Progress, Stop};
use crate::column::{Figures, FiguresPart};
use crate::outcome::Figure;
use crate::plan::ColumnId;

/// Rows between two looks at whoever asked for the run.
const BLOCK: usize = 16_384;
/// Fewer rows than this are not worth a thread of their own.
pub(super) const THREAD_ROWS: usize = 1024;

/// Rows in blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks {
    rows: usize,
    pub(super) size: usize,
    pub(super) count: usize,
}

impl Blocks {
    /// Small enough that all threads have work to the end, large enough to be worth handing out.
    pub(super) fn of(rows: usize, threads: usize) -> Self {
        let size = rows.div_ceil(threads.max(1)).clamp(THREAD_ROWS, BLOCK);
        Self { rows, size, count: rows.div_ceil(size) }
    }

    /// The rows of a block.
    fn rows(self, at: usize) -> Range<usize> {
        let start = at.saturating_mul(self.size);
        start..start.saturating_add(self.size).min(self.rows)
    }
}

/// What came of some rows that follow each other, beside the figures that fit their columns.
pub(super) struct Part<T> {
    /// The first of them.
    start: usize,
    /// For each column the figures that do not fit.
    odd: Vec<Vec<(u32, Figure)>>,
    found: T,
}

impl<T> Part<T> {
    pub(super) fn of(start: usize, figures: Vec<FiguresPart<'_>>, found: T) -> Self {
        Self { start, odd: figures.into_iter().map(FiguresPart::into_odd).collect(), found }
    }
}

impl Run {
    /// The figures of some columns, by blocks of rows; and what else came of each block, in their order.
    pub(super) fn in_columns<'r, S, T: Send>(
        &'r self,
        columns: &[ColumnId],
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
        evaluator: impl Fn(&'r Self) -> S + Sync,
        work: impl Fn(&mut S, Range<usize>, Vec<FiguresPart<'_>>) -> Part<T> + Sync,
    ) -> Result<(Vec<Figures>, Vec<T>), Stop> {
        let (plan, rows) = (self.scheme.plan(), self.people.rows);
        let mut all: Vec<Figures> = columns.iter().map(|id| Figures::of(plan, plan.column(*id), rows)).collect();
        let blocks = Blocks::of(rows, options.threads);
        let mut pieces: Vec<Vec<FiguresPart<'_>>> = (0..blocks.count).map(|_| Vec::with_capacity(all.len())).collect();
        for figures in &mut all {
            for (piece, part) in pieces.iter_mut().zip(figures.parts(blocks.size)) {
                piece.push(part);
            }
        }
        let parts = self.in_pieces(blocks, pieces, options, progress, evaluator, work)?;
        let mut found = Vec::with_capacity(parts.len());
        for part in parts {
            for (figures, odd) in all.iter_mut().zip(part.odd) {
                figures.add_odd(part.start, odd);
            }
            found.push(part.found);
        }
        Ok((all, found))
    }

    /// Does something with all of so many rows, block by block; what comes out is in the order of the rows.
    pub(super) fn in_blocks<'r, S, T: Send>(
        &'r self,
        rows: usize,
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
        evaluator: impl Fn(&'r Self) -> S + Sync,
        work: impl Fn(&mut S, Range<usize>) -> T + Sync,
    ) -> Result<Vec<T>, Stop> {
        let blocks = Blocks::of(rows, options.threads);
        let nothing = vec![(); blocks.count];
        self.in_pieces(blocks, nothing, options, progress, evaluator, |state, rows, ()| work(state, rows))
    }

    /// The same, where each block has something of its own to be done it with. The threads take the next block each.
    pub(super) fn in_pieces<'r, S, P: Send, T: Send>(
        &'r self,
        blocks: Blocks,
        pieces: Vec<P>,
        options: &mut Options<'_>,
        (done, total): (&mut usize, usize),
        evaluator: impl Fn(&'r Self) -> S + Sync,
        work: impl Fn(&mut S, Range<usize>, P) -> T + Sync,
    ) -> Result<Vec<T>, Stop> {
        let threads = options.threads.max(1);
        let mut told = |count: usize| {
            *done = done.saturating_add(count);
            match &mut options.progress {
                Some(progress) => progress(Progress { done: *done, total }),
                None => ControlFlow::Continue(()),
            }
        };
        let mut all: Vec<Option<T>> = pieces.iter().map(|_| None).collect();
        if threads == 1 || blocks.count <= 1 {
            let mut evaluator = evaluator(self);
            for ((at, place), piece) in all.iter_mut().enumerate().zip(pieces) {
                *place = Some(work(&mut evaluator, blocks.rows(at), piece));
                if told(blocks.rows(at).len()).is_break() {
                    return Err(Stop::Stopped);
                }
            }
            return Ok(all.into_iter().flatten().collect());
        }
        let (next, stopped) = (Mutex::new(pieces.into_iter().enumerate()), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            let (work, evaluator, next, stopped) = (&work, &evaluator, &next, &stopped);
            // a thread that panicked has taken its piece with it, and is seen to below
            let take = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let working: Vec<_> = (0..threads.min(blocks.count))
                .map(|_| {
                    let sender = sender.clone();
                    scope.spawn(move || {
                        let mut evaluator = evaluator(self);
                        while !stopped.load(Ordering::Relaxed) {
                            let Some((at, piece)) = take() else { break };
                            if sender.send((at, work(&mut evaluator, blocks.rows(at), piece))).is_err() {
                                break;
                            }
                        }
                    })
                })
                .collect();
            drop(sender);
            for (at, found) in &receiver {
                if let Some(place) = all.get_mut(at) {
                    *place = Some(found);
                }
                if told(blocks.rows(at).len()).is_break() {
                    stopped.store(true, Ordering::Relaxed);
                    break;
                }
            }
            for each in working {
                each.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
        if stopped.load(Ordering::Relaxed) { Err(Stop::Stopped) } else { Ok(all.into_iter().flatten().collect()) }
    }
}
