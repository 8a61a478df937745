//! Input that was made to break: each gives a result or coded errors, on a small stack; the times are printed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

use std::fmt::Write as _;
use std::thread;
use std::time::Instant;

use kaohe::diagnostic::{Language, Severity};
use kaohe::{Row, Scheme};
use kaohe_tests::random::Random;

/// What a host's worker thread may have.
const STACK: usize = 2 * 1024 * 1024;

/// Checks a scheme, and scores a row where it has no error; gives back the codes of what is wrong.
fn survive(name: &str, text: String, row: Row) -> Vec<&'static str> {
    let name = name.to_owned();
    let bytes = text.len();
    let work = move || {
        let start = Instant::now();
        let found = Scheme::check(&text);
        for each in &found {
            for language in [Language::English, Language::Chinese] {
                let told = each.render(Some("scheme.yaml"), language);
                assert!(told.len() < 100_000, "{} bytes are told of one {}", told.len(), each.code.id());
            }
            assert_ne!(each.code.id(), "K0099", "{}", each.message.en);
        }
        let checked = start.elapsed();
        let mut codes: Vec<_> =
            found.iter().filter(|each| each.severity == Severity::Error).map(|each| each.code.id()).collect();
        match Scheme::parse(&text) {
            Ok(scheme) => {
                assert!(codes.is_empty());
                if let Ok(outcome) = scheme.score_row(&row) {
                    let problems = outcome.problems();
                    assert!(problems.iter().all(|problem| problem.message.en.len() < 20_000));
                }
            }
            Err(_) => assert!(!codes.is_empty(), "refused without a reason"),
        }
        let count = codes.len();
        codes.dedup();
        println!(
            "{checked:>12.1?} {:>12.1?} {bytes:>9} bytes {count:>6} errors {:?} {name}",
            start.elapsed(),
            &codes[..codes.len().min(4)]
        );
        codes
    };
    thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap()
}

/// A scheme with an input `a` and these columns.
fn scheme(computed: &str) -> String {
    format!(
        "kaohe: 1\nscheme: x\ninputs:\n  k: {{ type: text, key: true }}\n  a: {{ type: number }}\ncomputed:\n{computed}"
    )
}

fn row() -> Row {
    Row::new().with("k", "1").with("a", "1.5")
}

#[test]
fn deep_nesting() {
    for (name, open, close) in [
        ("brackets", "(", ")"),
        ("minus", "-", ""),
        ("not", "not ", ""),
        ("calls", "abs(", ")"),
        ("choices", "if true then 1 else ", ""),
        ("lists", "a in [", "]"),
        ("cases", "case when true then ", " else 0 end"),
    ] {
        for depth in [50, 150, 10_000] {
            let formula = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            let codes = survive(&format!("{depth} {name}"), scheme(&format!("  x: \"{formula}\"\n")), row());
            assert!(depth < 10_000 || !codes.is_empty());
        }
    }
    let chain = format!("  x: \"{}a\"\n", "a + ".repeat(4_000));
    survive("4000 sums in a row", scheme(&chain), row());
    let chain = format!("  x: \"{}a\"\n", "a * ".repeat(4_000));
    survive("4000 products in a row", scheme(&chain), row());
    let chain = format!("  x: \"{}a\"\n", "a / ".repeat(4_000));
    survive("4000 quotients in a row", scheme(&chain), row());
    for (name, open, close) in [("maps", "{a: ", "}"), ("lists", "[", "]")] {
        for depth in [60, 1_000, 100_000] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert!(!survive(&format!("{depth} YAML {name}"), text, row()).is_empty());
        }
    }
    let block: String = (0..2_000).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}a:", " ".repeat(depth));
        text
    });
    assert!(!survive("2000 block maps", block, row()).is_empty());
    let items = (0..200).fold(String::from("scores:\n"), |mut text, depth| {
        let _ = writeln!(text, "{}d{depth}:\n{}items:", "  ".repeat(2 * depth + 1), "  ".repeat(2 * depth + 2));
        text
    });
    assert!(!survive("200 dimensions in each other", scheme("  x: a\n") + &items, row()).is_empty());
}

#[test]
fn long_chains() {
    for (name, formula) in [
        ("comparisons", format!("{}a", "a < ".repeat(4_000))),
        ("values in a list", format!("a in [{}a]", "a, ".repeat(6_000))),
        ("constants in a list", format!("a in [{}1]", "1, ".repeat(6_000))),
        ("arms", format!("case {}else 1 end", "when a = 1 then 1 ".repeat(1_000))),
        ("conditions", format!("{}true", "true and ".repeat(2_000))),
        ("terms of a sum", format!("sum({}a)", "a, ".repeat(999))),
        ("terms of a mean", format!("avg({}a)", "a, ".repeat(999))),
        ("conditions that count", format!("count_true({}a = 1)", "a = 1, ".repeat(999))),
        ("arguments", format!("min({}a)", "a, ".repeat(6_000))),
    ] {
        survive(&format!("many {name}"), scheme(&format!("  x: \"{formula}\"\n")), row());
    }
}

#[test]
fn long_literals_and_names() {
    let digits = "9".repeat(100_000);
    assert!(!survive("100 000 digits", scheme(&format!("  x: a + {digits}\n")), row()).is_empty());
    survive("19 000 digits", scheme(&format!("  x: a + {}\n", &digits[..19_000])), row());
    survive("4000 decimals", scheme(&format!("  x: a + 0.{}\n", &digits[..4_000])), row());
    survive("a long exponent", scheme("  x: a ^ 99999999999999999999\n"), row());
    survive("a tower of powers", scheme("  x: \"((((a ^ 64) ^ 64) ^ 64) ^ 64) ^ 64\"\n"), row());
    survive("a constant tower", scheme("  x: \"((((9 ^ 64) ^ 64) ^ 64) ^ 64) ^ 64\"\n"), row());
    survive("a constant tower of quotients", scheme("  x: \"((((1 / 7) ^ 64) ^ 64) ^ 64) ^ (-64)\"\n"), row());
    survive("a constant root", scheme("  x: sqrt(99999999999999999999 ^ 64)\n"), row());
    survive("places of 12 digits", scheme("  x: round(a, 999999999999)\n"), row());
    let name = "名".repeat(350_000);
    assert!(!survive("a name of 1 MB", scheme(&format!("  {name}: a\n")), row()).is_empty());
    assert!(!survive("a name of 1 MB in a formula", scheme(&format!("  x: {name}\n")), row()).is_empty());
    survive("a name of 6 kB, unknown", scheme(&format!("  x: {}\n", &name[..6_000])), row());
    survive("a scheme of 1 MB of name", format!("kaohe: 1\nscheme: {name}\n"), row());
    survive("a comment of 3 MB", scheme(&format!("  x: a # {}\n", "x".repeat(3_000_000))), row());
    assert!(!survive("a text of 5 MB", scheme(&format!("  x: a # {}\n", "x".repeat(5_000_000))), row()).is_empty());
    for cell in ["9".repeat(1_000_000), format!("0.{}", "1".repeat(1_000_000)), "1e999999999".to_owned()] {
        survive("a long cell", scheme("  x: a * a\n"), Row::new().with("k", "1").with("a", cell));
    }
    survive("a key of 1 MB", scheme("  x: a\n"), Row::new().with("k", name.as_str()).with("a", "1"));
}

/// Columns `c0 …` by their formulas.
fn columns(count: usize, formula: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..count {
        let _ = writeln!(text, "  c{at}: {}", formula(at));
    }
    scheme(&text)
}

#[test]
fn columns_without_end() {
    for count in [2, 3, 9_000] {
        let circle = columns(count, |at| format!("c{} + 1", (at + 1) % count));
        assert_eq!(survive(&format!("a circle of {count}"), circle, row()), ["K0303"]);
    }
    assert!(
        !survive("a circle of 10 000", columns(10_000, |at| format!("c{} + 1", (at + 1) % 10_000)), row()).is_empty()
    );
    assert!(!survive("20 000 columns", columns(20_000, |_| "a + 1".to_owned()), row()).is_empty());
    let chain = columns(9_000, |at| if at == 0 { "a".to_owned() } else { format!("c{} + 1", at - 1) });
    assert!(survive("a chain of 9000", chain, row()).is_empty());
    let backwards = columns(9_000, |at| if at == 8_999 { "a".to_owned() } else { format!("c{} + 1", at + 1) });
    assert!(survive("a chain of 9000, last first", backwards, row()).is_empty());
    let squares = columns(60, |at| if at == 0 { "a".to_owned() } else { format!("c{0} * c{0}", at - 1) });
    survive("60 squares of squares", squares, row());
    let rounded =
        columns(
            60,
            |at| {
                if at == 0 { "a".to_owned() } else { format!("{{ formula: c{0} * c{0}, round: 6 }}", at - 1) }
            },
        );
    survive("60 squares of squares, rounded", rounded, row());
    let quotients = columns(200, |at| if at == 0 { "1 / a".to_owned() } else { format!("1 / (c{} + 1 / a)", at - 1) });
    survive("200 quotients of quotients", quotients, row());
    let all = columns(120, |at| {
        let before: Vec<String> = (0..at).map(|at| format!("c{at}")).collect();
        if at == 0 { "a".to_owned() } else { format!("\"max({})\"", before.join(", ")) }
    });
    survive("120 columns that each read all before", all, row());
    let unknown = columns(200, |at| format!("x{at}y + z{at}"));
    assert!(!survive("400 unknown names", unknown, row()).is_empty());
    let twice = columns(5_000, |_| "a".to_owned()).replace("c1", "c");
    survive("names that stand twice", twice, row());
    let dense = columns(300, |at| {
        let names: Vec<String> = (1..15).map(|step| format!("c{}", (at * 7 + step * 31) % 300)).collect();
        names.join(" + ")
    });
    assert!(!survive("a thicket of circles", dense, row()).is_empty());
    let bands: Vec<String> = (0..5_000).map(|at| format!("[{}, 1]", 5_000 - at)).collect();
    let bands = format!(
        "scores:\n  s:\n    items:\n      i: {{ weight: 100, bands: {{ of: a, at_least: [{}], else: 0 }} }}\n",
        bands.join(", ")
    );
    survive("5000 bands", scheme("  x: a\n") + &bands, row());
    let words: Vec<String> = (0..4_000).map(|at| format!("w{at}")).collect();
    let choice = format!(
        "kaohe: 1\nscheme: x\ninputs:\n  k: {{ type: text, key: true }}\n  c: {{ type: choice, values: [{}] }}\ncomputed:\n  x: c = \"w2999\"\n",
        words.join(", ")
    );
    survive("4000 choices", choice, Row::new().with("k", "1").with("c", "w3999"));
}

#[test]
fn broken_yaml() {
    let bomb = (0..40).fold(String::from("a0: &a0 [1, 1]\n"), |mut text, at| {
        let _ = writeln!(text, "a{}: &a{} [*a{at}, *a{at}, *a{at}]", at + 1, at + 1);
        text
    });
    assert!(survive("a bomb of aliases", bomb, row()).contains(&"K0004"));
    let whole = include_str!("../../examples/bank_quarter/scheme-figures.yaml");
    let mut random = Random::new(7);
    let count = if std::env::var_os("KAOHE_LONG").is_some() { 5_000 } else { 150 };
    let ends: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
    let place = |random: &mut Random| ends[usize::try_from(random.below(ends.len() as u64)).unwrap()];
    let signs = [
        "{", "}", "[", "]", ":", ": ", " #", "\"", "'", "&a ", "*a", "!!x ", "|", ">", "- ", "\t", "\n", "---\n", "，",
        "：", "“", "\u{feff}", "\u{0}", "\r", "?", "%", "@", "`", "<<: ", "...",
    ];
    let work: Vec<(String, String)> = (0..count)
        .map(|at| match at % 3 {
            0 => (format!("cut {at}"), whole[..place(&mut random)].to_owned()),
            1 => {
                let place = place(&mut random);
                (format!("struck {at}"), format!("{}{}{}", &whole[..place], random.pick(&signs), &whole[place..]))
            }
            _ => {
                let (a, b) = (place(&mut random), place(&mut random));
                (format!("torn {at}"), format!("{}{}", &whole[..a.max(b)], &whole[a.min(b)..]))
            }
        })
        .collect();
    for (name, text) in work {
        survive(&name, text, row());
    }
}

#[test]
fn noise() {
    let mut random = Random::new(99);
    let count = if std::env::var_os("KAOHE_LONG").is_some() { 20_000 } else { 300 };
    let words = [
        "kaohe: 1\n",
        "scheme: x\n",
        "inputs:\n",
        "computed:\n",
        "scores:\n",
        "  a: ",
        "  - ",
        "{ type: number }",
        "{ weight: 100, formula: ",
        "items:\n",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "\n",
        "    ",
        "a + b",
        "max(",
        "\"",
        "'",
        "#",
        "&x",
        "*x",
        "是",
        "万元",
        "1.5",
        "60%",
        "|\n",
        ">\n",
        "a:\n",
    ];
    for at in 0..count {
        let length = random.below(400);
        let (name, text) = match at % 4 {
            0 => {
                let bytes: Vec<u8> = (0..length).map(|_| random.bits().to_le_bytes()[0]).collect();
                ("bytes", String::from_utf8_lossy(&bytes).into_owned())
            }
            1 => (
                "characters",
                (0..length).filter_map(|_| char::from_u32(u32::try_from(random.below(0x11_0000)).unwrap())).collect(),
            ),
            2 => ("soup", (0..length).map(|_| random.pick(&words)).collect()),
            _ => {
                let pieces = [
                    "a",
                    "+",
                    "-",
                    "(",
                    ")",
                    "if ",
                    "then ",
                    "else ",
                    "1",
                    ".",
                    "%",
                    "“",
                    "”",
                    "「",
                    "」",
                    "且",
                    " ",
                    "^",
                    "=",
                    "<",
                    "[",
                    "]",
                    ",",
                    "case ",
                    "when ",
                    "end",
                    "万",
                    "2026-07-01",
                    "x.y",
                    "min(",
                    "`",
                    "。",
                    "！",
                ];
                let formula: String = (0..random.below(40)).map(|_| random.pick(&pieces)).collect();
                ("formula", scheme(&format!("  x: {}\n", serde_json::Value::String(formula))))
            }
        };
        survive(name, text, row());
    }
}
