//! The only place where an error of the core becomes a JavaScript one.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kaohe::boundary::{data_error_json, problems_json, scheme_error_json};
use kaohe::code::Code;
use kaohe::diagnostic::{Language, Message};
use kaohe::{DataError, Problem, SchemeError, Stop};
use kaohe_grammar::say;
use serde_json::json;

/// Which of the public error classes the JavaScript side makes of it; it crosses as the error's `code`, and the error's
/// message is the JSON of the error.
#[derive(Debug, Clone, Copy)]
pub enum ErrorClass {
    /// A scheme or formula that cannot be used.
    Scheme,
    /// A table or row that does not have what the scheme reads.
    Data,
    /// A formula without a value.
    Cell,
}

impl AsRef<str> for ErrorClass {
    fn as_ref(&self) -> &str {
        match self {
            Self::Scheme => "scheme",
            Self::Data => "data",
            Self::Cell => "cell",
        }
    }
}

/// What a function of this crate gives JavaScript.
pub type Result<T> = std::result::Result<T, napi::Error<ErrorClass>>;

/// Work off the event loop: a mistake of ours must not take the host's process with it, and says `what` could not be done.
pub(crate) fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(internal(&what)))
}

/// A refused scheme, with its diagnostics as text in both languages: `file` is named there when it is known.
pub(crate) fn scheme(error: &SchemeError, file: Option<&str>) -> napi::Error<ErrorClass> {
    let (en, zh) = (error.render(file, Language::English), error.render(file, Language::Chinese));
    let rendered = json!({ "en": en, "zh": zh });
    napi::Error::new(ErrorClass::Scheme, format!("{{\"error\":{},\"rendered\":{rendered}}}", scheme_error_json(error)))
}

/// A refused table or row.
pub(crate) fn data(error: &DataError) -> napi::Error<ErrorClass> {
    napi::Error::new(ErrorClass::Data, data_error_json(error))
}

/// A run that came to nothing.
pub(crate) fn stop(stop: &Stop) -> napi::Error<ErrorClass> {
    match stop {
        Stop::Data(refused) => data(refused),
        // whoever stopped it does not ask what came of it
        Stop::Stopped => internal(stop),
    }
}

/// A formula without a value for these facts.
pub(crate) fn cell(problem: Problem) -> napi::Error<ErrorClass> {
    napi::Error::new(ErrorClass::Cell, problems_json(&[problem]))
}

/// Something refused before the core sees it.
pub(crate) fn refused(code: Code, message: Message, help: Option<Message>) -> napi::Error<ErrorClass> {
    data(&DataError { code, message, help, offenders: Vec::new() })
}

/// The two halves of this package do not understand each other, which is no fault of the caller.
pub(crate) fn internal(why: &impl std::fmt::Display) -> napi::Error<ErrorClass> {
    refused(Code::Internal, say!("a mistake of the library itself: {why}", "程序内部错误：{why}"), None)
}
