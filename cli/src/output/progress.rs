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
    language: Language,
}

impl Progress {
    /// Work that has not begun.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { bar: ProgressBar::hidden(), language }
    }

    /// Says how much of the work is done, in rows; a row that is gone through several times counts as often.
    pub fn reach(&mut self, done: usize, total: usize) {
        if self.bar.length().is_none() {
            self.bar = drawn(total, self.language);
        }
        self.bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

fn drawn(rows: usize, language: Language) -> ProgressBar {
    let length = u64::try_from(rows).ok();
    if rows < LONG || !Term::stderr().is_term() {
        return ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
    }
    let template = match language {
        Language::English => "{bar:40} {percent}%  {eta} left",
        Language::Chinese => "{bar:40} {percent}%  剩余 {eta}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    bar.set_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_work_shows_no_bar() {
        let mut progress = Progress::new(Language::English);
        progress.reach(5, 10);
        assert!(progress.bar.is_hidden());
        assert_eq!((progress.bar.position(), progress.bar.length()), (5, Some(10)));
        progress.finish();
    }
}
