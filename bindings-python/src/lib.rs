//! The compiled part of the Python package `kaohe`, which `import kaohe` wraps: values in, one call of the library,
//! values out. Nothing here decides what a rule means.
#![forbid(unsafe_code)]

mod batches;
mod capsule;
mod cell;
mod decimal;
mod error;
mod explanation;
mod figure;
mod formula;
mod outcome;
mod quick;
mod ratings;
mod report;
mod round;
mod row;
mod run;
mod scheme;
mod stream;
mod table;
mod time;

/// The compiled part of kaohe; `import kaohe` instead.
#[pyo3::pymodule(gil_used = false)]
mod _kaohe {
    #[pymodule_export]
    use super::batches::Batches;
    #[pymodule_export]
    use super::explanation::Explanation;
    #[pymodule_export]
    use super::formula::Formula;
    #[pymodule_export]
    use super::outcome::Outcome;
    #[pymodule_export]
    use super::ratings::Agreement;
    #[pymodule_export]
    use super::ratings::Severity;
    #[pymodule_export]
    use super::report::Report;
    #[pymodule_export]
    use super::round::RatingRound;
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::scheme::Scheme;
    #[pymodule_export]
    use super::stream::Stream;
}
