//! Deep, long and unfinished formulas end in an answer, in a small stack and in little time.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that fails here should stop here"
)]

use std::thread;
use std::time::{Duration, Instant};

use kaohe_grammar::{MAX_DEPTH, MAX_LENGTH, MAX_NESTING, SyntaxCode, parse, print};

/// What threads get where nobody has asked for more.
const SMALL_STACK: usize = 2 * 1024 * 1024;

fn in_a_small_stack(work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(SMALL_STACK).spawn(work).unwrap().join().unwrap();
}

fn refused(text: &str) -> SyntaxCode {
    let start = Instant::now();
    let Err(errors) = parse(text) else { panic!("read: {}", &text[..20]) };
    assert!(start.elapsed() < Duration::from_secs(10), "slow: {}", &text[..20]);
    errors[0].code
}

#[test]
fn deep_text_is_refused() {
    in_a_small_stack(|| {
        let many = 10_000;
        let cases = [
            (format!("{}1{}", "(".repeat(many), ")".repeat(many)), SyntaxCode::TooLong),
            (format!("{}1{}", "(".repeat(5000), ")".repeat(5000)), SyntaxCode::TooDeep),
            ("(".repeat(many), SyntaxCode::TooDeep),
            ("[".repeat(many), SyntaxCode::TooDeep),
            ("f(".repeat(5000), SyntaxCode::TooDeep),
            ("p[".repeat(5000), SyntaxCode::TooDeep),
            (format!("{}1", "-".repeat(many)), SyntaxCode::TooDeep),
            (format!("{}a", "not ".repeat(4000)), SyntaxCode::TooDeep),
            (format!("{}a", "非 ".repeat(4000)), SyntaxCode::TooDeep),
            (format!("{}a", "not ".repeat(many)), SyntaxCode::TooLong),
            ("if a then ".repeat(1500), SyntaxCode::TooDeep),
            ("if a then ".repeat(many), SyntaxCode::TooLong),
            ("if ".repeat(5000), SyntaxCode::TooDeep),
            ("if(".repeat(5000), SyntaxCode::TooDeep),
            ("case when ".repeat(1500), SyntaxCode::TooDeep),
            (format!("a{}", " + a".repeat(4000)), SyntaxCode::TooDeep),
            (format!("a{}", "+a".repeat(100_000)), SyntaxCode::TooLong),
            ("a".repeat(1_000_000), SyntaxCode::TooLong),
            ("存".repeat(1_000_000), SyntaxCode::TooLong),
            (format!("f({})", "1,".repeat(9000)), SyntaxCode::MissingOperand),
            ("\"".repeat(9001), SyntaxCode::UnclosedText),
            ("」".repeat(6000), SyntaxCode::UnknownCharacter),
            (")".repeat(many), SyntaxCode::UnmatchedBracket),
            ("f(a within [".repeat(1500), SyntaxCode::TooDeep),
        ];
        for (text, code) in cases {
            assert_eq!(refused(&text), code, "{}…", text.chars().take(20).collect::<String>());
        }
    });
}

#[test]
fn a_long_name_is_read() {
    let name = "存".repeat(MAX_LENGTH / 3);
    assert_eq!(print(&parse(&name).unwrap()), name);
}

/// Each is as deep as a formula may be; one level more is refused.
fn deepest() -> Vec<(&'static str, String, String)> {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let both = |name, open: &str, inner: &str, close: &str, times: usize| {
        (name, nested(open, inner, close, times), nested(open, inner, close, times + 1))
    };
    vec![
        both("brackets", "(", "a", ")", MAX_NESTING),
        both("calls", "f(", "a", ")", MAX_DEPTH - 1),
        both("calls with much before", "f(1, -a + 2, b * ", "a", ")", (MAX_DEPTH - 1) / 2),
        both("keys", "p[", "a", "]", MAX_DEPTH - 1),
        both("lists", "a in [", "a", "]", MAX_DEPTH - 1),
        both("sums", "1 + (2 * ", "a", ")", MAX_DEPTH - 2),
        both("if", "if a then 1 else ", "a", "", MAX_DEPTH - 1),
        both("if in conditions", "if ", "a", " then b else c", MAX_DEPTH - 1),
        both("if with brackets", "if (", "a", ") then b else c", MAX_NESTING / 2),
        both("if as a function", "if(a, ", "b", ", c)", MAX_NESTING / 2),
        both("case", "case when a then ", "b", " else c end", MAX_DEPTH - 1),
        both("clauses", "f(a where ", "b", ")", MAX_DEPTH - 1),
        both("within", "f(within [", "b", "])", MAX_NESTING / 2),
        both("minus", "-", "a", "", MAX_DEPTH - 1),
        both("not", "not ", "a", "", MAX_DEPTH - 1),
        both("chains", "a + ", "a", "", MAX_DEPTH - 1),
    ]
}

#[test]
fn the_deepest_formulas_are_read_printed_compared_and_dropped() {
    in_a_small_stack(|| {
        for (name, deep, deeper) in deepest() {
            let start = Instant::now();
            let tree = parse(&deep).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
            let again = parse(&print(&tree)).unwrap_or_else(|errors| panic!("{name} again: {errors:?}"));
            assert_eq!(tree, again, "{name}");
            assert_eq!(tree.clone().descendants().count(), again.descendants().count());
            assert!(!format!("{tree:?}").is_empty());
            assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?}", start.elapsed());
            assert_eq!(refused(&deeper), SyntaxCode::TooDeep, "{name}");
        }
    });
}

#[test]
fn unfinished_nesting_takes_no_longer_than_finished() {
    in_a_small_stack(|| {
        for open in
            ["(", "f(", "if (", "if(a, ", "f(within [", "p[", "case when (", "a in [", "f(a within [", "if (a) + ("]
        {
            for bad in ["1 2", "*", "a b c", "then"] {
                let opened =
                    open.matches(['(', '[']).count() + open.matches("if").count() + open.matches("case").count();
                let text = open.repeat(MAX_NESTING / opened);
                let close: String = text
                    .chars()
                    .rev()
                    .filter_map(|sign| match sign {
                        '(' => Some(')'),
                        '[' => Some(']'),
                        _ => None,
                    })
                    .collect();
                refused(&format!("{text}{bad}{close}"));
            }
        }
    });
}

/// What is closed does not count, however much of it there is.
#[test]
fn wide_formulas_are_not_deep() {
    in_a_small_stack(|| {
        for part in [
            "if(a,b,c)",
            "if (a) then b else c",
            "(if a then b else c)",
            "case when a then b else c end",
            "(a)",
            "f(a where if a then b else c by d)",
        ] {
            let text = format!("f({part}{})", format!(",{part}").repeat(250));
            assert!(parse(&text).is_ok(), "{part}");
        }
        let arms = "when if a then b else c then if a then b else c ".repeat(250);
        assert!(parse(&format!("case {arms}else if a then b else c end")).is_ok());
    });
}
