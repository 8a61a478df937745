//! Laws over random trees and random texts.

#![allow(clippy::panic, reason = "a test that fails here should stop here")]

use kaohe_grammar::{
    BinaryOperator, Clause, ComparisonOperator, Direction, Expr, ExprKind, MAX_DEPTH, Name, NumberLiteral,
    NumberSuffix, Span, UnaryOperator, fold_name, is_plain_name, parse, print,
};
use proptest::prelude::*;

fn at_nowhere(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

/// Names of all kinds, as they are after folding.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-z0-9_]{0,4}",
        "[存贷款网点]{1,3}",
        prop::sample::select(vec![
            "end",
            "是",
            "within",
            "WITHIN",
            "where",
            "by",
            "desc",
            "a且b",
            "客户数(户)",
            "3年期",
            "a.b"
        ])
        .prop_map(str::to_owned),
        "[ -~存、。（）「é]{1,5}",
    ]
    .prop_map(|name| fold_name(&name))
    .prop_filter("a name has something in it", |name| !name.trim().is_empty())
    .prop_filter("and can be quoted", |name| !(name.contains('`') && name.contains('」')))
}

fn name() -> impl Strategy<Value = Name> {
    (prop::option::of(any_name()), any_name()).prop_map(|(table, name)| Name {
        table: table.map(Into::into),
        name: name.into(),
        span: Span::default(),
    })
}

fn word() -> impl Strategy<Value = String> {
    any_name().prop_filter("functions have plain names", |name| is_plain_name(name))
}

fn number() -> impl Strategy<Value = NumberLiteral> {
    let digits = prop_oneof!["0|[1-9][0-9]{0,6}", "(0|[1-9][0-9]{0,3})?\\.[0-9]{1,4}"];
    let suffix = prop_oneof![
        Just(NumberSuffix::None),
        Just(NumberSuffix::Percent),
        Just(NumberSuffix::Permille),
        "元|万元|e5|户|m2".prop_map(|letters| NumberSuffix::Letters(letters.into())),
    ];
    (digits, suffix).prop_map(|(digits, suffix)| NumberLiteral { digits: digits.into(), suffix })
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        Just(ExprKind::Missing),
        any::<bool>().prop_map(ExprKind::Truth),
        number().prop_map(ExprKind::Number),
        "[ -!#-~。，（“高]{0,5}".prop_map(|text| ExprKind::Text(text.into())),
        "[ -~。，＂“高]{0,5}".prop_map(|text| ExprKind::Text(text.into())),
        (0_u16..10_000, 0_u8..100, 0_u8..100).prop_map(|(year, month, day)| ExprKind::Date { year, month, day }),
        name().prop_map(ExprKind::Name),
        name().prop_map(ExprKind::Name),
    ]
    .prop_map(at_nowhere)
}

fn comparison() -> impl Strategy<Value = Vec<ComparisonOperator>> {
    use ComparisonOperator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    prop_oneof![
        prop::sample::select(vec![Equal, NotEqual, Less, AtMost, Greater, AtLeast]).prop_map(|sign| vec![sign]),
        prop::collection::vec(prop::sample::select(vec![Less, AtMost]), 1..4),
        prop::collection::vec(prop::sample::select(vec![Greater, AtLeast]), 1..4),
    ]
}

fn clause(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Clause> {
    prop_oneof![
        inner.clone().prop_map(Clause::Where),
        inner.clone().prop_map(Clause::WhenEmpty),
        inner.clone().prop_map(Clause::By),
        Just(Clause::Direction(Direction::Ascending)),
        Just(Clause::Direction(Direction::Descending)),
        word().prop_map(|word| Clause::Ties(word.into())),
        prop::collection::vec(inner, 1..3).prop_map(Clause::Within),
    ]
}

fn call(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = ExprKind> {
    let arguments = prop::collection::vec(inner.clone(), 0..3);
    let clauses = prop::collection::vec(clause(inner), 0..3);
    (word(), arguments, clauses).prop_map(|(function, arguments, mut clauses)| {
        // Without arguments only `within` can open the brackets.
        while arguments.is_empty() && !matches!(clauses.first(), None | Some(Clause::Within(_))) {
            clauses.remove(0);
        }
        let clauses = clauses.into_iter().map(|clause| (clause, Span::default())).collect();
        ExprKind::Call { function: function.into(), function_span: Span::default(), arguments, clauses }
    })
}

/// Every tree that a formula can be read as, up to a size.
fn tree() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(6, 40, 3, |inner| {
        let inner = inner.boxed();
        let boxed = || inner.clone().prop_map(Box::new);
        let list = || prop::collection::vec(inner.clone(), 1..3);
        let binary = prop::sample::select(vec![
            BinaryOperator::Or,
            BinaryOperator::And,
            BinaryOperator::Add,
            BinaryOperator::Subtract,
            BinaryOperator::Multiply,
            BinaryOperator::Divide,
            BinaryOperator::Power,
        ]);
        let unary = prop::sample::select(vec![UnaryOperator::Negate, UnaryOperator::Not]);
        prop_oneof![
            4 => (binary, boxed(), boxed())
                .prop_map(|(operator, left, right)| ExprKind::Binary { operator, left, right }),
            2 => (unary, boxed()).prop_map(|(operator, operand)| ExprKind::Unary { operator, operand }),
            2 => (boxed(), comparison(), prop::collection::vec(inner.clone(), 3)).prop_map(|(first, signs, rights)| {
                ExprKind::Comparison { first, rest: signs.into_iter().zip(rights).collect() }
            }),
            1 => (boxed(), list()).prop_map(|(value, list)| ExprKind::In { value, list }),
            1 => (boxed(), boxed(), boxed()).prop_map(|(value, low, high)| ExprKind::Between { value, low, high }),
            2 => (boxed(), boxed(), boxed())
                .prop_map(|(condition, then, otherwise)| ExprKind::If { condition, then, otherwise }),
            1 => (prop::collection::vec((inner.clone(), inner.clone()), 1..3), boxed())
                .prop_map(|(arms, otherwise)| ExprKind::Case { arms, otherwise }),
            1 => (name(), list()).prop_map(|(name, keys)| ExprKind::Index { name, keys }),
            3 => call(inner.clone()),
        ]
        .prop_map(at_nowhere)
    })
}

/// Pieces of the language and of what people mistake for it.
const PIECES: &[&str] = &[
    "a",
    "b",
    "贷款.余额",
    "「x y」",
    "`y`",
    "t.",
    ".",
    "..",
    "1",
    "007",
    "1_0",
    "1__0",
    ".5",
    "5.",
    "3万元",
    "5and",
    "85%",
    "%",
    "‰",
    "2026-07-01",
    "2026-7-1",
    "2026/7/1",
    "\"x\"",
    "“x”",
    "”x”",
    "\"",
    "“",
    "”",
    "'",
    "'x'",
    "「",
    "」",
    "「」",
    "`",
    "+",
    "-",
    "*",
    "/",
    "×",
    "÷",
    "^",
    "=",
    "==",
    "!=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "≥",
    "≤",
    "≠",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "（",
    "）",
    ",",
    "，",
    "、",
    "。",
    "and",
    "or",
    "not",
    "且",
    "或",
    "非",
    "是",
    "否",
    "in",
    "between",
    "if",
    "then",
    "else",
    "case",
    "when",
    "end",
    "IF",
    "where",
    "when_empty",
    "by",
    "desc",
    "asc",
    "ties",
    "within",
    "missing",
    "true",
    "min(",
    "sum(",
    "if(",
    "p[",
    "f()",
    ":=",
    "&&",
    "!",
    ";",
    "#",
    "−",
    "\u{200B}",
    "\u{FEFF}",
    "\u{3000}",
    "\n",
    "e\u{301}",
    "ＡＢ",
    "𝒳",
    "不",
    "1,200",
    "＂",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::bool::weighted(0.7)), 0..14).prop_map(|pieces| {
        pieces.iter().map(|(piece, spaced)| if *spaced { format!("{piece} ") } else { (*piece).to_owned() }).collect()
    })
}

/// Forms that can stand round a formula.
const ROUND: &[(&str, &str)] = &[
    ("(", ")"),
    ("a + (", ") * 2"),
    ("-", ""),
    ("not (", ")"),
    ("f(1, ", ")"),
    ("f(a where where ", " by by)"),
    ("f(within ", ")"),
    ("f(within [", "])"),
    ("f(a within [", ", b])"),
    ("p[a, ", "]"),
    ("a in [", ", b]"),
    ("(", ") between 1 and 2"),
    ("if ", " then b else c"),
    ("if (", ") then b else c"),
    ("if (", ") + 1 > 2 then b else c"),
    ("if a then ", " else c"),
    ("if(a, b, ", ")"),
    ("1 + if a then b else ", ""),
    ("case when ", " then b else c end"),
    ("case when a then b when c then ", " else d end"),
    ("case when a then b else ", " end"),
];

/// Formulas about as deep as they may be, some deeper.
fn deep() -> impl Strategy<Value = String> {
    let round = prop::sample::select(ROUND);
    let any = prop::collection::vec(round.clone(), 0..140);
    // A few forms in turn reach the limits that a mixture of all does not.
    let few = (prop::collection::vec(round, 1..3), 0_usize..140)
        .prop_map(|(forms, times)| forms.into_iter().cycle().take(times).collect::<Vec<_>>());
    prop_oneof![any, few].prop_map(|forms| {
        forms.into_iter().fold("x".to_owned(), |inner, (before, after)| format!("{before}{inner}{after}"))
    })
}

/// Canonical text again, with the liberties the language gives.
fn loosely_written() -> impl Strategy<Value = String> {
    (tree(), any::<[bool; 6]>()).prop_map(|(tree, liberties)| {
        let mut text = print(&tree);
        let swaps = [(" and ", " 且 "), (" or ", " 或 "), (" * ", "×"), (" >= ", "≥"), ("(", "（"), (", ", "，")];
        for ((from, to), wanted) in swaps.into_iter().zip(liberties) {
            // Inside quotes the same signs mean themselves, so only formulas without quotes are rewritten.
            if wanted && !text.contains(['"', '“', '「', '`']) {
                text = text.replace(from, to);
            }
        }
        text
    })
}

fn depth(expr: &Expr) -> usize {
    1 + expr.children().into_iter().map(depth).max().unwrap_or(0)
}

/// What must hold of any text at all.
fn holds(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(tree) => {
            let printed = print(&tree);
            let again = parse(&printed);
            prop_assert_eq!(again.as_ref(), Ok(&tree), "{} printed as {}", text, printed);
            prop_assert_eq!(print(&tree), again.map(|again| print(&again)).unwrap_or_default());
            prop_assert!(depth(&tree) <= MAX_DEPTH);
            for expr in tree.descendants() {
                prop_assert!(
                    text.get(expr.span.start as usize..expr.span.end as usize).is_some_and(|at| !at.is_empty())
                );
                prop_assert!(tree.span.start <= expr.span.start && expr.span.end <= tree.span.end);
                prop_assert_eq!(expr.span.of(text), expr.span.of(text).trim());
                // A part by itself is the same formula.
                let part = parse(expr.span.of(text));
                prop_assert_eq!(part.as_ref(), Ok(expr), "part of {}", text);
            }
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.is_sorted_by_key(|error| error.span));
            for error in errors {
                let at = text.get(error.span.start as usize..error.span.end as usize);
                prop_assert!(at.is_some(), "{:?} in {:?}", error, text);
                prop_assert!(!error.message.en.is_empty() && !error.message.zh.is_empty());
                prop_assert!(error.span.start < error.span.end || text.trim().is_empty(), "{:?} in {:?}", error, text);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Printing and reading again changes nothing.
    #[test]
    fn a_printed_tree_is_read_back(tree in tree()) {
        let text = print(&tree);
        match parse(&text) {
            Ok(again) => prop_assert_eq!(again, tree, "{}", text),
            Err(errors) => prop_assert!(false, "{}: {:?}", text, errors),
        }
    }

    /// The liberties of writing give formulas, and their trees print to one form.
    #[test]
    fn loose_writing_is_read(text in loosely_written()) {
        prop_assert!(parse(&text).is_ok(), "{}", text);
        holds(&text)?;
    }

    /// Pieces in any order give a tree or errors with places, never anything else.
    #[test]
    fn any_row_of_pieces_has_an_answer(text in soup()) {
        holds(&text)?;
    }

    /// So do characters in any order.
    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,40}") {
        holds(&text)?;
    }

    /// A correct formula with one character taken out has an answer too, mostly an error.
    #[test]
    fn a_damaged_formula_has_an_answer(tree in tree(), place in any::<prop::sample::Index>()) {
        let text = print(&tree);
        let place = place.index(text.chars().count());
        let damaged: String = text.chars().enumerate().filter(|&(at, _)| at != place).map(|(_, char)| char).collect();
        holds(&damaged)?;
    }

    /// However deep a formula is that is read, its canonical text is not too deep.
    #[test]
    fn deep_formulas_print_to_formulas(text in deep()) {
        if let Ok(tree) = parse(&text) {
            let printed = print(&tree);
            prop_assert_eq!(parse(&printed), Ok(tree), "{}", printed);
        }
    }

    /// What looks the same is the same, and stays so.
    #[test]
    fn folding_settles(name in "\\PC{0,12}") {
        let folded = fold_name(&name);
        prop_assert_eq!(fold_name(&folded), folded);
    }
}
