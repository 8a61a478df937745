//! Refusals of membership, sheets and rounds, made in one way.

use kaohe_grammar::Message;

use crate::code::Code;
use crate::error::DataError;
use crate::run::listed;

/// A refusal that names its offenders, when there are any.
pub(super) fn named(code: Code, offenders: &[String], message: impl Fn(Message) -> Message) -> Result<(), DataError> {
    if offenders.is_empty() {
        return Ok(());
    }
    Err(DataError { code, message: message(listed(offenders)), help: None, offenders: offenders.to_vec() })
}

/// A refusal of one thing.
pub(super) fn refuse(code: Code, offender: &str, message: Message, help: Option<Message>) -> DataError {
    DataError { code, message, help, offenders: vec![offender.to_owned()] }
}
