//! Where pest could not read on: what a person would say is wrong there.

use crate::error::excerpt;
use crate::grammar::Rule;
use crate::lexeme::Lexeme;
use crate::literal::split_at_word;
use crate::nesting::{CaseStage, IfStage, Nesting, Open};
use crate::words::is_keyword;
use crate::{Message, Span, SyntaxCode, SyntaxError, say};

/// The place where reading stopped, with what stands round it.
struct Stuck<'a, 'text> {
    /// The pieces before the place.
    before: &'a [Lexeme<'text>],
    last: Option<&'a Lexeme<'text>>,
    /// The piece that could not be read, unless the formula ends here.
    at: Option<&'a Lexeme<'text>>,
    /// The pieces after it.
    after: &'a [Lexeme<'text>],
    nesting: Nesting,
    original: &'a str,
}

/// Says why a formula of good pieces and matching brackets could not be read past an offset of its folded text.
pub(crate) fn diagnose(lexemes: &[Lexeme<'_>], place: usize, original: &str) -> SyntaxError {
    let split = lexemes.iter().position(|lexeme| lexeme.end() > place).unwrap_or(lexemes.len());
    let (before, rest) = lexemes.split_at_checked(split).unwrap_or((lexemes, &[]));
    let stuck = Stuck {
        before,
        last: before.last(),
        at: rest.first(),
        after: rest.get(1..).unwrap_or_default(),
        nesting: Nesting::after(before).unwrap_or_default(),
        original,
    };
    stuck.dot().unwrap_or_else(|| match (stuck.value_ended(), stuck.at) {
        (true, Some(at)) => stuck.after_value(at),
        (true, None) => stuck.unfinished().unwrap_or_else(|| stuck.unexpected(stuck.place())),
        (false, Some(at)) => stuck.before_value(at),
        (false, None) => stuck.nothing_after(),
    })
}

fn error(code: SyntaxCode, span: Span, message: Message, help: Message) -> SyntaxError {
    SyntaxError::new(code, span, message).help(help)
}

impl Stuck<'_, '_> {
    /// The piece in question; at the end of the formula, the last one.
    fn place(&self) -> Span {
        self.at.or(self.last).map(|lexeme| lexeme.span).unwrap_or_default()
    }

    fn text(&self, span: Span) -> String {
        excerpt(span.of(self.original))
    }

    /// Whether a value ends just before the place. A clause word is not a value where an operator could stand.
    fn value_ended(&self) -> bool {
        let mut ended = false;
        for lexeme in self.before {
            ended = if ended && lexeme.is_clause_word() {
                lexeme.is_word("desc") || lexeme.is_word("asc")
            } else {
                lexeme.ends_value()
            };
        }
        ended
    }

    fn last_is(&self, sign: &str) -> bool {
        self.last.is_some_and(|last| last.is_sign(sign))
    }

    fn unexpected(&self, span: Span) -> SyntaxError {
        let shown = self.text(span);
        error(
            SyntaxCode::Unexpected,
            span,
            say!("`{shown}` cannot stand here", "`{shown}` 不能出现在这里"),
            say!(
                "after a value comes an operator like `+` or `and`, a closing bracket, or the end",
                "值之后应是 `+`、`and` 等运算符、右括号，或公式结束"
            ),
        )
    }

    fn dot(&self) -> Option<SyntaxError> {
        let at = self.at.filter(|at| at.text.starts_with('.'));
        let last = self.last.filter(|last| last.is_sign("."));
        let dot = at.or(last)?;
        let adjacent = at.is_some() && self.last.is_some_and(|last| last.end() == dot.start && last.ends_value());
        let help = if self.at.is_none() || at.is_some() && self.after.is_empty() && dot.text == "." {
            say!("delete it; a formula does not end with a full stop", "请删去，公式末尾不加句号")
        } else if dot.rule == Rule::number && adjacent {
            let shown = excerpt(dot.text.trim_start_matches('.'));
            say!("quote a name that begins with a digit: `.「{shown}」`", "以数字开头的名称请加引号：`.「{shown}」`")
        } else {
            say!(
                "a dot joins a table and its column without spaces, once: `贷款.余额`",
                "点号连接表和列，不加空格，只用一次：`贷款.余额`"
            )
        };
        let message = say!("the dot does not stand between two names", "点号不在两个名称之间");
        Some(error(SyntaxCode::BadDot, dot.span, message, help))
    }

    // ------------------------------------------------------------------------------------- after a value

    fn after_value(&self, at: &Lexeme<'_>) -> SyntaxError {
        if let Some(between) = self.half_between(at) {
            return between;
        }
        if at.is_sign(",") {
            return self.comma(at);
        }
        if at.is_keyword() && !at.begins_value() {
            return self.stray_word(at);
        }
        if at.is_sign(")") || at.is_sign("]") {
            return self.unfinished().unwrap_or_else(|| self.unexpected(at.span));
        }
        if at.is_clause_word() && !self.in_call() {
            return self.clause_outside(at);
        }
        if at.is_word("not") && self.after.first().is_some_and(|next| next.is_word("in") || next.is_word("between")) {
            let next = self.after.first().map(|next| excerpt(next.text)).unwrap_or_default();
            let value = self.last.map(|last| self.text(last.span)).unwrap_or_default();
            let shown = self.text(at.span);
            return error(
                SyntaxCode::Unexpected,
                at.span,
                say!("`{shown}` stands before the whole comparison, not inside it", "`{shown}` 应放在整个比较之前"),
                say!("write `not {value} {next} …`", "请写作 `not {value} {next} …`"),
            );
        }
        if self.awaits_word()
            && let Some(unfinished) = self.unfinished()
        {
            return unfinished;
        }
        self.side_by_side(at)
    }

    /// `x between 1 5`
    fn half_between(&self, at: &Lexeme<'_>) -> Option<SyntaxError> {
        let joins = |lexeme: &&Lexeme<'_>| ["between", "and", "且"].iter().any(|word| lexeme.is_word(word));
        let word = self.before.iter().rev().find(joins).filter(|word| word.is_word("between"))?;
        if !at.begins_value() && !at.is_sign(",") {
            return None;
        }
        let message = say!("`between` has no `and` with an upper end", "`between` 后缺少 `and` 和上限");
        let help = say!("write `x between low and high`", "请写作 `x between 下限 and 上限`");
        Some(error(SyntaxCode::BadBetween, word.span, message, help))
    }

    /// Whether an `if` or `case` is open whose next word never comes.
    fn awaits_word(&self) -> bool {
        let wanted = match self.nesting.open.last() {
            Some(Open::If { stage: IfStage::Condition, .. } | Open::Case { stage: CaseStage::When, .. }) => "then",
            Some(Open::If { stage: IfStage::Then, .. }) => "else",
            Some(Open::Case { .. }) => "end",
            _ => return false,
        };
        !self.after.iter().any(|lexeme| lexeme.is_word(wanted))
    }

    fn in_call(&self) -> bool {
        matches!(self.nesting.open.last(), Some(Open::Bracket { square: false, after_name: true, .. }))
    }

    fn comma(&self, at: &Lexeme<'_>) -> SyntaxError {
        let message = say!("a comma cannot stand here", "此处不能有逗号");
        if let Some(unfinished) = self.bad_if_arguments(at.span) {
            return unfinished;
        }
        if let Some(Open::Bracket { clause: true, .. }) = self.nesting.open.last() {
            return error(
                SyntaxCode::CommaAfterClause,
                at.span,
                message,
                say!(
                    "arguments come first and the words after them have no commas; several columns stand in brackets: `within [a, b]`",
                    "参数写在前面，其后的词之间不加逗号；多个列写在方括号中：`within [a, b]`"
                ),
            );
        }
        if let Some(thousands) = self.thousands(at) {
            return thousands;
        }
        let help = say!(
            "a comma separates arguments in `f(a, b)`, keys in `p[a, b]` and lists in `x in [a, b]`",
            "逗号只用于分隔 `f(a, b)` 的参数、`p[a, b]` 的键和 `x in [a, b]` 的列表"
        );
        error(SyntaxCode::Unexpected, at.span, message, help)
    }

    /// `1,200` and `1,234,567.50`
    fn thousands(&self, at: &Lexeme<'_>) -> Option<SyntaxError> {
        let first = self.last.filter(|last| last.rule == Rule::number && last.end() == at.start)?;
        let digits = |text: &str| text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
        if digits(first.text) != first.text.len() || first.text.len() > 3 {
            return None;
        }
        let (mut joined, mut plain) = (first.text.to_owned(), first.text.to_owned());
        let (mut end, mut span) = (at.start, first.span);
        let mut pieces = std::iter::once(at).chain(self.after);
        while let (Some(comma), Some(group)) = (pieces.next(), pieces.next()) {
            let grouped = comma.is_sign(",") && comma.start == end && group.start == comma.end();
            if !grouped || group.rule != Rule::number || digits(group.text) != 3 {
                break;
            }
            joined = format!("{joined}_{}", group.text);
            plain.push_str(group.text);
            (end, span) = (group.end(), span.to(group.span));
        }
        if span == first.span {
            return None;
        }
        let (shown, joined, plain) = (self.text(span), excerpt(&joined), excerpt(&plain));
        Some(error(
            SyntaxCode::ThousandsComma,
            span,
            say!("the digits of `{shown}` are separated by a comma", "`{shown}` 的数字用逗号分隔"),
            say!("write `{joined}` or `{plain}`", "请写作 `{joined}` 或 `{plain}`"),
        ))
    }

    /// `then`, `else`, `when`, `end` where no `if` or `case` waits for them, or waits for another.
    fn stray_word(&self, at: &Lexeme<'_>) -> SyntaxError {
        if let Some(unfinished) = self.unfinished() {
            return unfinished;
        }
        let shown = self.text(at.span);
        let opener = if at.is_word("when") || at.is_word("end") { "case" } else { "if" };
        error(
            SyntaxCode::ReservedWord,
            at.span,
            say!("`{shown}` belongs to no `{opener}`", "`{shown}` 没有对应的 `{opener}`"),
            say!(
                "a word of the language that names a column is quoted: `「{shown}」`",
                "与语言用词同名的列请加引号：`「{shown}」`"
            ),
        )
    }

    fn clause_outside(&self, at: &Lexeme<'_>) -> SyntaxError {
        let shown = self.text(at.span);
        let help = if at.is_word("where") {
            say!("write it inside the function: `sum(贷款.余额 where …)`", "请写在函数括号内：`sum(贷款.余额 where …)`")
        } else {
            say!("write it inside the function: `rank(得分 {shown} …)`", "请写在函数括号内：`rank(得分 {shown} …)`")
        };
        let message = say!("`{shown}` stands outside a function's brackets", "`{shown}` 不在函数的括号内");
        error(SyntaxCode::MisplacedClause, at.span, message, help)
    }

    fn side_by_side(&self, at: &Lexeme<'_>) -> SyntaxError {
        let Some(last) = self.last else {
            return self.unexpected(at.span);
        };
        if let Some(clause) = self.clause_at_argument(last) {
            return clause;
        }
        if let Some(similar) = similar_word(at).or_else(|| similar_word(last)) {
            return similar;
        }
        let (left, right) = (self.text(last.span), self.text(at.span));
        let called = self.after.first().is_some_and(|next| next.is_sign("("));
        if last.rule == Rule::number && at.rule == Rule::word && !called && !is_keyword(at.text) && !at.is_clause_word()
        {
            return error(
                SyntaxCode::UnitAfterSpace,
                last.span.to(at.span),
                say!("the unit `{right}` does not follow `{left}` directly", "单位 `{right}` 没有紧跟在 `{left}` 之后"),
                say!("write `{left}{right}` without a space", "请去掉空格，写作 `{left}{right}`"),
            );
        }
        if let Some(joined) = joined_word(at, &left, "").or_else(|| joined_word(last, "", &right)) {
            return joined;
        }
        if at.begins_value() {
            let whole = last.span.to(at.span);
            let help = if at.is_sign("(") {
                say!("to multiply, write `{left} * (…)`", "相乘请写作 `{left} * (…)`")
            } else if last.rule == Rule::word && at.rule == Rule::word {
                say!(
                    "write an operator between them; if together they are one name, quote it: `「{left} {right}」`",
                    "请在两者之间写运算符；若合为一个名称，请加引号：`「{left} {right}」`"
                )
            } else if at.rule == Rule::text && last.rule == Rule::text {
                say!(
                    "write an operator between them; a text that holds a `\"` stands in `“…”`",
                    "请在两者之间写运算符；含 `\"` 的文本请用 `“…”` 引起来"
                )
            } else {
                say!("write an operator between them: `{left} * {right}`", "请在两者之间写运算符：`{left} * {right}`")
            };
            let message =
                say!("no operator stands between `{left}` and `{right}`", "`{left}` 与 `{right}` 之间缺少运算符");
            return error(SyntaxCode::MissingOperator, whole, message, help);
        }
        if at.is_sign("[") {
            let message = say!("keys cannot follow `{left}`", "`{left}` 之后不能带键");
            let help = say!(
                "keys follow a parameter's name directly: `效益系数[级别]`",
                "键直接写在参数名之后：`效益系数[级别]`"
            );
            return error(SyntaxCode::Unexpected, at.span, message, help);
        }
        self.unexpected(at.span)
    }

    /// `rank(得分, within 网点)`, and `sum(where 不良)`
    fn clause_at_argument(&self, last: &Lexeme<'_>) -> Option<SyntaxError> {
        let before = self.before.iter().rev().nth(1)?;
        if !last.is_clause_word() || !self.in_call() {
            return None;
        }
        let shown = self.text(last.span);
        if before.is_sign(",") {
            let message = say!("no comma stands before `{shown}`", "`{shown}` 之前不加逗号");
            let help = say!("delete the comma", "请删去逗号");
            return Some(error(SyntaxCode::MisplacedClause, before.span, message, help));
        }
        if !before.is_sign("(") {
            return None;
        }
        let message =
            say!("nothing stands before `{shown}` for the function to work on", "`{shown}` 之前没有函数的参数");
        let help =
            say!("write what it works on first: `sum(贷款.余额 {shown} …)`", "请先写参数：`sum(贷款.余额 {shown} …)`");
        Some(error(SyntaxCode::MisplacedClause, last.span, message, help))
    }

    // ------------------------------------------------------------------------------- where a value should be

    fn before_value(&self, at: &Lexeme<'_>) -> SyntaxError {
        let shown = self.text(at.span);
        if self.last.is_some_and(|last| last.is_word("case")) {
            return bad_case(at.span, "when");
        }
        if self.last.is_some_and(|last| last.is_word("in")) {
            let message = say!("no list follows `in`", "`in` 之后没有列表");
            let help = say!("write the values in square brackets: `x in [a, b]`", "请用方括号列出各值：`x in [a, b]`");
            return error(SyntaxCode::Unexpected, at.span, message, help);
        }
        if self.last_is("(") && at.is_sign(")") || self.last_is("[") && at.is_sign("]") {
            let span = self.last.map_or(at.span, |last| last.span.to(at.span));
            let shown = self.text(span);
            let message = say!("nothing stands in `{shown}`", "`{shown}` 里没有内容");
            return error(SyntaxCode::EmptyBrackets, span, message, say!("write a value in it", "请在其中写一个值"));
        }
        if at.is_sign("[") {
            let message = say!("a list cannot stand here", "列表不能出现在这里");
            let help =
                say!("a list follows `in` or `within`: `x in [a, b]`", "列表写在 `in` 或 `within` 之后：`x in [a, b]`");
            return error(SyntaxCode::Unexpected, at.span, message, help);
        }
        if at.is_keyword()
            && !matches!(at.text, "非")
            && let Some(word) = self.reserved_word(at)
        {
            return word;
        }
        let Some(last) = self.last else {
            if at.is_sign("=") {
                let message = say!("a formula does not begin with `=`", "公式不以 `=` 开头");
                return error(SyntaxCode::Assignment, at.span, message, say!("delete it", "请删去"));
            }
            let message = say!("nothing stands before `{shown}`", "`{shown}` 之前没有值");
            return error(
                SyntaxCode::MissingOperand,
                at.span,
                message,
                say!("write a value before it", "请在前面写一个值"),
            );
        };
        let left = self.text(last.span);
        let message = say!("no value stands between `{left}` and `{shown}`", "`{left}` 与 `{shown}` 之间没有值");
        let help = if last.is_sign(",") {
            say!("delete the comma, or write a value after it", "请删去逗号，或在其后写一个值")
        } else {
            say!("write a value between them, or delete one of the two", "请在两者之间写一个值，或删去其一")
        };
        error(SyntaxCode::MissingOperand, last.span.to(at.span), message, help)
    }

    /// A word of the language where a value should begin: `and(a, b)`, `end + 1`.
    fn reserved_word(&self, at: &Lexeme<'_>) -> Option<SyntaxError> {
        let shown = self.text(at.span);
        let joins = ["and", "or", "且", "或"].iter().any(|word| at.is_word(word));
        if joins && self.after.first().is_some_and(|next| next.is_sign("(")) {
            let message = say!("`{shown}` is not a function", "`{shown}` 不是函数");
            let help = say!("write it between the two: `a {shown} b`", "请写在两者之间：`a {shown} b`");
            return Some(error(SyntaxCode::ReservedWord, at.span, message, help));
        }
        // After an operator or inside brackets the word itself is the surprise; between two words, the gap is.
        if self.last.is_some_and(Lexeme::is_keyword) {
            return None;
        }
        let message = say!("the word `{shown}` of the language cannot be a value", "`{shown}` 是语言用词，不能作值");
        let help = say!("if it names a column, quote it: `「{shown}」`", "若是列名，请加引号：`「{shown}」`");
        Some(error(SyntaxCode::ReservedWord, at.span, message, help))
    }

    fn nothing_after(&self) -> SyntaxError {
        let span = self.place();
        if self.last.is_some_and(|last| last.is_word("case")) {
            return bad_case(span, "when");
        }
        let shown = self.text(span);
        error(
            SyntaxCode::MissingOperand,
            span,
            say!("nothing stands after `{shown}`", "`{shown}` 之后没有值"),
            say!("write a value after it, or delete it", "请在后面写一个值，或删去它"),
        )
    }

    // --------------------------------------------------------------------------------------- if and case

    /// What the innermost open `if` or `case` still needs.
    fn unfinished(&self) -> Option<SyntaxError> {
        if let Some(at) = self.at
            && let Some(error) = self.bad_if_arguments(at.span)
        {
            return Some(error);
        }
        match self.nesting.open.last()? {
            Open::If { span, stage: IfStage::Condition } => Some(bad_if(*span, "then")),
            Open::If { span, stage: IfStage::Then } => Some(bad_if(*span, "else")),
            Open::Case { span, stage } => Some(bad_case(
                *span,
                match stage {
                    CaseStage::Start => "when",
                    CaseStage::When => "then",
                    CaseStage::Then => "else",
                    CaseStage::Else => "end",
                },
            )),
            _ => None,
        }
    }

    /// `if(a, b)` and `if(a, b, c, d)`
    fn bad_if_arguments(&self, span: Span) -> Option<SyntaxError> {
        let Some(Open::Bracket { after_if: true, commas: 1.., .. }) = self.nesting.open.last() else {
            return None;
        };
        let message = say!("`if(…)` takes three arguments", "`if(…)` 需要三个参数");
        let help = say!(
            "write `if(condition, then, else)`; for more cases, `case when … then … else … end`",
            "请写作 `if(条件, 成立时, 否则)`；更多分支用 `case when … then … else … end`"
        );
        Some(error(SyntaxCode::BadIf, span, message, help))
    }
}

fn bad_if(span: Span, lacks: &str) -> SyntaxError {
    let message = say!("this `if` has no `{lacks}`", "这个 `if` 没有 `{lacks}`");
    let help = say!("write `if … then … else …` or `if(…, …, …)`", "请写作 `if … then … else …` 或 `if(…, …, …)`");
    error(SyntaxCode::BadIf, span, message, help)
}

fn bad_case(span: Span, lacks: &str) -> SyntaxError {
    let message = say!("this `case` has no `{lacks}`", "这个 `case` 没有 `{lacks}`");
    let help = say!("write `case when … then … else … end`", "请写作 `case when … then … else … end`");
    error(SyntaxCode::BadCase, span, message, help)
}

/// `a 且b`: a Chinese word of the language that has grown into a name.
fn joined_word(lexeme: &Lexeme<'_>, left: &str, right: &str) -> Option<SyntaxError> {
    if lexeme.rule != Rule::word || is_keyword(lexeme.text) {
        return None;
    }
    let (before, word, after) = split_at_word(lexeme.text)?;
    let shown = excerpt(lexeme.text);
    let spaced = [left, before, word, after, right].into_iter().filter(|part| !part.is_empty());
    let spaced = spaced.map(excerpt).collect::<Vec<_>>().join(" ");
    Some(error(
        SyntaxCode::SpaceNeeded,
        lexeme.span,
        say!("`{word}` in `{shown}` touches its neighbours", "`{shown}` 中的 `{word}` 与前后文字连在一起"),
        say!("put a space on each side: `{spaced}`", "请在两侧加空格：`{spaced}`"),
    ))
}

/// Words people write for those of the language.
fn similar_word(lexeme: &Lexeme<'_>) -> Option<SyntaxError> {
    let ours = match lexeme.text {
        "并且" | "和" | "与" | "以及" | "同时" => "且",
        "或者" | "或是" => "或",
        "不" | "不是" => "非",
        "elif" | "elseif" | "ELSEIF" => "else if",
        "is" | "IS" | "等于" => "=",
        "大于" => ">",
        "小于" => "<",
        "介于" => "between",
        "如果" => "if",
        "那么" => "then",
        "否则" => "else",
        _ => return None,
    };
    let shown = lexeme.text;
    let message = say!("`{shown}` is not a word of the language", "`{shown}` 不是语言用词");
    let help = say!("did you mean `{ours}`?", "是否应为 `{ours}`？");
    Some(error(SyntaxCode::MissingOperator, lexeme.span, message, help))
}
