//! A progress bar: on standard error, on a terminal, and only when the work is long.

use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::language::Language;

/// Fewer rows than these are done before anyone could read a bar.
const LONG: usize = 50_000;

/// How far the work is.
///
/// Nothing is drawn when there is little to do, or when standard error is no terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins work on so many rows.
    #[must_use]
    pub fn new(rows: usize, language: Language) -> Self {
        if rows < LONG || !Term::stderr().is_term() {
            return Self { bar: ProgressBar::hidden() };
        }
        let template = match language {
            Language::English => "{bar:40} {percent}%  {human_pos} of {human_len} rows, {eta} left",
            Language::Chinese => "{bar:40} {percent}%  {human_pos}/{human_len} 行，剩余 {eta}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(u64::try_from(rows).ok(), ProgressDrawTarget::stderr());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// Says that so many more rows are done.
    pub fn advance(&self, rows: usize) {
        self.bar.inc(u64::try_from(rows).unwrap_or(u64::MAX));
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_work_shows_no_bar() {
        let progress = Progress::new(10, Language::English);
        assert!(progress.bar.is_hidden());
        progress.advance(10);
        progress.finish();
    }
}
