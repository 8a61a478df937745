//! Turns with another build of this bench, as one for processors without vector units: each is a process that scores when
//! it is told to, so that both are timed in the same minutes.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::way::Way;
use crate::{Batches, median};

/// The option that makes this bench a process that is told its turns.
pub(crate) const TURNS: &str = "--turns";

/// Runs the way that is named by each line, and answers with the nanoseconds a row took.
pub(crate) fn answer(ways: &[Way], batches: &Batches) {
    for name in std::io::stdin().lines() {
        let name = name.unwrap();
        let way = ways.iter().find(|way| way.name == name).unwrap();
        println!("{}", way.time(batches.of_way(way)));
    }
}

/// A build that is told its turns.
struct Build {
    process: Child,
    turns: ChildStdin,
    times: Lines<BufReader<ChildStdout>>,
}

impl Build {
    fn start(file: &str) -> Self {
        let mut command = Command::new(file);
        let mut process = command.arg(TURNS).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (turns, times) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, turns, times: BufReader::new(times).lines() }
    }

    /// The nanoseconds a row took; the first answer comes when the build has checked all of its own.
    fn time(&mut self, way: &Way) -> f64 {
        writeln!(self.turns, "{}", way.name).unwrap();
        self.times.next().unwrap().unwrap().parse().unwrap()
    }

    fn end(mut self) {
        drop(self.turns);
        assert!(self.process.wait().unwrap().success());
    }
}

/// Times the ways of one thread in this build and in that file, turn by turn.
pub(crate) fn report(ways: &[Way], other: &str, rounds: usize) {
    let own = std::env::current_exe().unwrap();
    let (mut own, mut other) = (Build::start(own.to_str().unwrap()), Build::start(other));
    let ways: Vec<&Way> = ways.iter().filter(|way| way.threads == 1).collect();
    let mut times = vec![(Vec::new(), Vec::new()); ways.len()];
    // one round for warmth
    for round in 0..=rounds {
        for (way, (owns, others)) in ways.iter().zip(&mut times) {
            let (own, other) = (own.time(way), other.time(way));
            if round > 0 {
                owns.push(own);
                others.push(other);
            }
        }
    }
    own.end();
    other.end();
    println!("{:<45} {:>10} {:>12} {:>8}", "from columns to columns", "native ns", "portable ns", "× native");
    for (way, (owns, others)) in ways.iter().zip(&mut times) {
        let ((own, _), (other, _)) = (median(owns), median(others));
        println!("{:<45} {own:>10.1} {other:>12.1} {:>8.2}", way.name, other / own);
    }
}
