//! Of several errors that one mistake causes, only the mistake is told.

use kaohe_grammar::Span;

use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// Leaves out errors that another one causes.
pub(crate) fn keep(problems: &mut Vec<Diagnostic>, source: &str) {
    let causes: Vec<Cause> = problems.iter().filter_map(Cause::of).collect();
    problems.retain(|found| !causes.iter().any(|cause| cause.brings(found, source)));
}

/// A mistake that brings others with it.
enum Cause {
    /// YAML has cut this text, so it is no formula.
    Cut(Span),
    /// The part of that path has a key that is none.
    Key(String),
    /// The part of that path has lost keys that stand somewhere else.
    Merged(String),
    /// This key is a part of the value before it.
    Torn(Span),
}

impl Cause {
    fn of(found: &Diagnostic) -> Option<Self> {
        match found.code {
            Code::QuoteTheFormula => found.span.map(Self::Cut),
            Code::UnknownKey => Some(Self::Key(found.path.clone())),
            Code::NotAllowed => Some(Self::Merged(found.path.clone())),
            Code::EmptyValue => found.span.map(Self::Torn),
            _ => None,
        }
    }

    fn brings(&self, found: &Diagnostic, source: &str) -> bool {
        match self {
            Self::Cut(cut) => {
                let inside = |span: Span| cut.start <= span.start && span.end <= cut.end;
                matches!(found.code, Code::Syntax(_)) && found.span.is_some_and(inside)
            }
            // what the key was meant for is told missing at the name of the part, or in the part it belongs to
            Self::Key(path) => {
                let absent = matches!(found.code, Code::MissingKey | Code::NotAnItem | Code::MixedWeights);
                let name = found.span.map_or("", |span| span.of(source));
                let named = !name.is_empty() && path.ends_with(name);
                absent && named && path.starts_with(&*found.path)
            }
            Self::Merged(path) => found.code == Code::MissingKey && found.path == *path,
            Self::Torn(key) => found.code == Code::UnknownKey && found.span == Some(*key),
        }
    }
}
