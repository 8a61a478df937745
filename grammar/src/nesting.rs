//! What is open at a place in the formula: brackets, `if` and `case`.
//!
//! Counting them before anything is read in depth is what keeps deep nesting from exhausting the stack.

use crate::lexeme::Lexeme;
use crate::{Span, SyntaxCode, SyntaxError, say};

/// How many brackets, `if`s and `case`s may be open at once.
pub const MAX_NESTING: usize = 128;

/// Something open, that what follows belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    /// `(` or `[`
    Bracket {
        square: bool,
        span: Span,
        commas: usize,
        /// Whether it is the bracket of `if(c, a, b)` or of `if (c) then …`.
        after_if: bool,
        /// Whether it holds the arguments of a function or the keys of a parameter.
        after_name: bool,
        /// Whether a clause word has come.
        clause: bool,
    },
    /// `if`
    If { span: Span, stage: IfStage },
    /// `case`
    Case { span: Span, stage: CaseStage },
}

/// How far an `if` has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfStage {
    Condition,
    Then,
    Else,
}

/// How far a `case` has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseStage {
    Start,
    When,
    Then,
    Else,
}

/// Everything open, the innermost last.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    pub(crate) open: Vec<Open>,
    /// Closing brackets that closed nothing.
    unmatched: Vec<SyntaxError>,
}

impl Nesting {
    /// What is open after these pieces, or where they nest too deep.
    pub(crate) fn after(lexemes: &[Lexeme<'_>]) -> Result<Self, SyntaxError> {
        let mut nesting = Self::default();
        let mut before: Option<&Lexeme<'_>> = None;
        for lexeme in lexemes {
            nesting.step(before, lexeme);
            if nesting.open.len() > MAX_NESTING {
                return Err(too_deep(lexeme.span));
            }
            before = Some(lexeme);
        }
        Ok(nesting)
    }

    /// Every bracket that is not closed, or closes nothing.
    pub(crate) fn bracket_errors(self) -> Vec<SyntaxError> {
        let mut errors = self.unmatched;
        for open in self.open {
            if let Open::Bracket { square, span, .. } = open {
                let (opened, closing) = if square { ("[", "]") } else { ("(", ")") };
                let message = say!("the bracket `{opened}` is not closed", "括号 `{opened}` 没有闭合");
                let help = say!("close it with `{closing}`", "请用 `{closing}` 闭合");
                errors.push(SyntaxError::new(SyntaxCode::UnclosedBracket, span, message).help(help));
            }
        }
        errors.truncate(MAX_NESTING);
        errors
    }

    fn step(&mut self, before: Option<&Lexeme<'_>>, lexeme: &Lexeme<'_>) {
        let is = |word: &str| lexeme.is_word(word);
        let span = lexeme.span;
        if lexeme.is_sign("(") || lexeme.is_sign("[") {
            self.open.push(Open::Bracket {
                square: lexeme.text == "[",
                span,
                commas: 0,
                after_if: before.is_some_and(|before| before.is_word("if")),
                after_name: before.is_some_and(|before| before.ends_value() && !before.is_keyword()),
                clause: false,
            });
        } else if lexeme.is_sign(")") || lexeme.is_sign("]") {
            self.close(lexeme);
        } else if lexeme.is_sign(",") {
            self.leave_complete_ifs();
            if let Some(Open::Bracket { commas, .. }) = self.open.last_mut() {
                *commas += 1;
            }
        } else if is("if") {
            self.open.push(Open::If { span, stage: IfStage::Condition });
        } else if is("case") {
            self.open.push(Open::Case { span, stage: CaseStage::Start });
        } else if is("then") || is("else") || is("when") || is("end") {
            self.leave_complete_ifs();
            self.advance(lexeme);
        } else if lexeme.is_clause_word() && before.is_some_and(Lexeme::ends_value) {
            self.leave_complete_ifs();
            if let Some(Open::Bracket { clause, .. }) = self.open.last_mut() {
                *clause = true;
            }
        }
    }

    /// An `if` that has its `else` ends where the expression round it goes on.
    fn leave_complete_ifs(&mut self) {
        while matches!(self.open.last(), Some(Open::If { stage: IfStage::Else, .. })) {
            self.open.pop();
        }
    }

    fn advance(&mut self, lexeme: &Lexeme<'_>) {
        match self.open.last_mut() {
            Some(Open::If { stage, .. }) if lexeme.is_word("then") => *stage = IfStage::Then,
            Some(Open::If { stage, .. }) if lexeme.is_word("else") => *stage = IfStage::Else,
            Some(Open::Case { stage, .. }) if lexeme.is_word("when") => *stage = CaseStage::When,
            Some(Open::Case { stage, .. }) if lexeme.is_word("then") => *stage = CaseStage::Then,
            Some(Open::Case { stage, .. }) if lexeme.is_word("else") => *stage = CaseStage::Else,
            Some(Open::Case { .. }) if lexeme.is_word("end") => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn close(&mut self, lexeme: &Lexeme<'_>) {
        let Some(place) = self.open.iter().rposition(|open| matches!(open, Open::Bracket { .. })) else {
            let shown = lexeme.text;
            let message = say!("`{shown}` closes a bracket that is not open", "`{shown}` 之前没有对应的左括号");
            let help = say!("delete it, or open the bracket before", "请删去，或在前面补上左括号");
            self.unmatched.push(SyntaxError::new(SyntaxCode::UnmatchedBracket, lexeme.span, message).help(help));
            self.unmatched.truncate(MAX_NESTING);
            return;
        };
        self.open.truncate(place + 1);
        let Some(Open::Bracket { square, commas, after_if, .. }) = self.open.pop() else {
            return;
        };
        let (opened, closing) = if square { ("[", "]") } else { ("(", ")") };
        if lexeme.text != closing {
            let shown = lexeme.text;
            let message = say!("`{opened}` is closed by `{shown}`", "`{opened}` 用 `{shown}` 闭合，括号不配对");
            let help = say!("write `{closing}`", "请写作 `{closing}`");
            self.unmatched.push(SyntaxError::new(SyntaxCode::UnmatchedBracket, lexeme.span, message).help(help));
            self.unmatched.truncate(MAX_NESTING);
        }
        if after_if && commas > 0 {
            self.open.pop();
        }
    }
}

/// The error of whatever nests too deep.
pub(crate) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(SyntaxCode::TooDeep, span, say!("the formula is nested too deep here", "公式在此处嵌套过深"))
        .help(say!("compute a part of it in a column of its own", "请把其中一部分写成单独的列"))
}
