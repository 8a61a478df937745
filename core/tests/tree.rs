//! The marked tree: what is read, what is refused, and that every character knows where it came from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests stand outside of them; a failure is what they are for"
)]

use kaohe::code::Code;
use kaohe::diagnostic::Span;
use kaohe::document::tree::{
    Layout, MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_KEY_CHARACTERS, MAX_NODES, MAX_PROBLEMS, MAX_SCALAR_BYTES, Node,
    NodeValue, Reading, Scalar, ScalarStyle, read,
};
use proptest::prelude::*;

/// The problems as `K0007 underlined text`, in order.
fn found(source: &str) -> Vec<String> {
    read(source)
        .problems
        .iter()
        .map(|problem| format!("{} {}", problem.code.id(), problem.span.unwrap().of(source)))
        .collect()
}

/// The English help of each problem.
fn helps(source: &str) -> Vec<String> {
    read(source).problems.into_iter().map(|problem| problem.help.map_or_else(String::new, |help| help.en)).collect()
}

fn is_sound(source: &str) -> Node {
    let reading = read(source);
    assert_eq!(reading.problems, [], "{source}");
    reading.root.unwrap()
}

fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    &node.get(key).unwrap().scalar().unwrap().text
}

/// Every scalar of the tree, keys included.
fn scalars(node: &Node) -> Vec<&Scalar> {
    match &node.value {
        NodeValue::Scalar(scalar) => vec![scalar],
        NodeValue::List(items) => items.iter().flat_map(scalars).collect(),
        NodeValue::Map(entries) => {
            entries.iter().flat_map(|entry| std::iter::once(&entry.key).chain(scalars(&entry.value))).collect()
        }
    }
}

#[test]
fn values_stay_the_characters_that_were_typed() {
    let source =
        "a: no\nb: 007\nc: 1e3\nd: ~\ne: null\nf: 2026-07-01\ng: 123456789012345678901234567890.10\nh: 0x1F\ni: +2";
    let root = is_sound(source);
    for (key, value) in [
        ("a", "no"),
        ("b", "007"),
        ("c", "1e3"),
        ("d", "~"),
        ("e", "null"),
        ("f", "2026-07-01"),
        ("g", "123456789012345678901234567890.10"),
        ("h", "0x1F"),
        ("i", "+2"),
    ] {
        assert_eq!(text(&root, key), value);
    }
}

#[test]
fn every_style_is_told_apart_and_knows_its_place() {
    let source = "a: x y\nb: 'it''s'\nc: \"t\\tu\"\nd: |\n  one\n   two\ne: >-\n  one\n  two\nf: [p, {q: r}]\n";
    let root = is_sound(source);
    let style = |key| root.get(key).unwrap().scalar().unwrap().style;
    assert_eq!(style("a"), ScalarStyle::Plain);
    assert_eq!(style("b"), ScalarStyle::SingleQuoted);
    assert_eq!(style("c"), ScalarStyle::DoubleQuoted);
    assert_eq!(style("d"), ScalarStyle::Literal);
    assert_eq!(style("e"), ScalarStyle::Folded);
    assert_eq!(text(&root, "b"), "it's");
    assert_eq!(text(&root, "c"), "t\tu");
    assert_eq!(text(&root, "d"), "one\n two\n");
    assert_eq!(text(&root, "e"), "one two");
    assert_eq!(root.layout, Layout::Block);
    let list = root.get("f").unwrap();
    assert_eq!((list.layout, list.span.of(source)), (Layout::Flow, "[p, {q: r}]"));
    assert_eq!(root.get("b").unwrap().span.of(source), "'it''s'");
    assert_eq!(root.get("d").unwrap().span.of(source), "|\n  one\n   two\n");
}

#[test]
fn json_is_read_by_the_same_reader() {
    let source = "{\r\n\t\"工号\": \"\\u4e2d\\ud83d\\ude00\\/\",\r\n\t\"n\": -1.50e+3,\r\n\t\"l\": [true, null, {}, []]\r\n}\r\n";
    let root = is_sound(source);
    assert_eq!(text(&root, "工号"), "中😀/");
    assert_eq!(text(&root, "n"), "-1.50e+3");
    assert_eq!(found(r#"{"a": 1, "a": 2}"#), ["K0005 \"a\""]);
    let long = format!("{{\"a\": \"{}\", \"b\": 1}}", "长".repeat(5000));
    assert_eq!(text(&is_sound(&long), "b"), "1");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_move_nothing() {
    let source = "\u{feff}a: 1\r\nb:\r\n  c: \"x\"\r\n  d: >\r\n    p\r\n    q\r\n";
    let root = is_sound(source);
    let NodeValue::Map(entries) = &root.value else { panic!() };
    assert_eq!(entries[0].key.text, "a");
    assert_eq!(entries[0].key.span.of(source), "a");
    let folded = root.get("b").unwrap().get("d").unwrap().scalar().unwrap();
    assert_eq!(folded.text, "p q\n");
    assert_eq!(folded.source_span(source, Span::new(2, 3)).of(source), "q");
    assert_eq!(found("a: 1\nb: \u{feff}x"), ["K0010 \u{feff}"]);
}

#[test]
fn comments_are_kept_with_their_places() {
    let source = "# head\na: 1   # right\n  # under\nb:\n  - x # item\n";
    let reading = read(source);
    let told: Vec<_> = reading
        .comments
        .iter()
        .map(|comment| (comment.text.as_str(), comment.span.of(source), comment.own_line))
        .collect();
    assert_eq!(
        told,
        [
            (" head", "# head", true),
            (" right", "# right", false),
            (" under", "# under", true),
            (" item", "# item", false)
        ]
    );
    let many = "# line\n".repeat(5000) + "a: 1\n" + &"# line\n".repeat(5000);
    assert_eq!(is_sound(&many).span.of(&many), "a: 1");
}

#[test]
fn what_yaml_can_and_a_scheme_cannot_is_told_all_at_once() {
    let source = "%YAML 1.2\n---\na: &x 1\nb: *x\nc: *y\nd: !!str 2\ne: !own [1]\n<<: { f: 1 }\n? [g]\n: 1\n? h\n: 1\n*x : 2\n---\ni: 1\n";
    assert_eq!(
        found(source),
        [
            "K0004 %YAML 1.2",
            "K0004 &x",
            "K0004 *x",
            "K0004 *y",
            "K0004 !!str",
            "K0004 !own",
            "K0004 <<",
            "K0004 [",
            "K0004 ?",
            "K0004 *x",
            "K0004 ---",
        ]
    );
    assert!(is_sound("---\na: 1\n...\n").get("a").is_some());
    assert!(is_sound("\"<<\": 1").get("<<").is_some());
    assert_eq!(found("a: !e!x 1"), ["K0004 !"]);
}

#[test]
fn an_alias_bomb_is_refused_without_being_unfolded() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let before = format!("*a{}", level - 1);
        source += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(", "));
    }
    let reading = read(&source);
    assert!(reading.problems.iter().all(|problem| matches!(problem.code, Code::NotAllowed | Code::TooMany)));
}

#[test]
fn a_key_that_stands_twice_names_both_lines() {
    let reading = read("a: 1\nb: 2\n\na: 3\n");
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.problems[0].code, Code::DuplicateKey);
    assert_eq!(reading.problems[0].message.en, "the key `a` stands twice, in line 1 and in line 4");
    assert_eq!(reading.problems[0].message.zh, "键 `a` 出现了两次：第 1 行和第 4 行");
    assert_eq!(text(&reading.root.unwrap(), "a"), "1");
    assert_eq!(found("x: { a: 1, \"a\": 2 }"), ["K0005 \"a\""]);
    assert_eq!(found("x: 1\ny: { x: 1 }\nz: { x: 1 }"), [""; 0]);
    // What looks the same is the same.
    assert_eq!(found("指标1: 1\n指标１: 2\ny: { e\u{301}: 1, é: 2 }"), ["K0005 指标１", "K0005 é"]);
}

#[test]
fn a_key_without_a_value_is_told() {
    assert_eq!(found("a:\nb: ~\nc:\n  - x\n  -\n"), ["K0006 a", "K0006 "]);
    assert_eq!(found("a: { b: , c: 1 }"), ["K0006 b"]);
    assert_eq!(found("a: ''"), [""; 0]);
    assert_eq!(
        helps("a: { label: 收入, 支出 }"),
        ["write `支出: …`; if the comma belongs to the text before it, write `{ label: \"收入, 支出\" }`"]
    );
}

#[test]
fn an_empty_document_is_told() {
    for source in ["", "\n\n", "# nothing\n", "---\n", "\u{feff}", "   "] {
        assert_eq!(found(source), ["K0011 "], "{source:?}");
    }
}

#[test]
fn a_formula_that_yaml_cuts_is_one_error_with_the_whole_formula() {
    for (source, whole, written) in [
        ("a: { formula: ratio(a, b, 0) }", "ratio(a, b, 0)", r#"{ formula: "ratio(a, b, 0)" }"#),
        ("a: { f: max(0, 100 - 5 * x), round: 2 }", "max(0, 100 - 5 * x)", r#"{ f: "max(0, 100 - 5 * x)" }"#),
        ("a: [max(a, b), c]", "max(a, b)", r#""max(a, b)""#),
        ("a: { f: if(a > b, \"x\", \"y\") }", "if(a > b, \"x\", \"y\")", r#"{ f: 'if(a > b, "x", "y")' }"#),
        ("a: { f: 系数[级别, 档次] * 2 }", "系数[级别, 档次] * 2", r#"{ f: "系数[级别, 档次] * 2" }"#),
        ("a: { f: max(0, 系数[级别] * 2), g: 1 }", "max(0, 系数[级别] * 2)", r#"{ f: "max(0, 系数[级别] * 2)" }"#),
        ("a: { f: 级别 = \"高级, 中级\", g: 1 }", "级别 = \"高级, 中级\"", r#"{ f: '级别 = "高级, 中级"' }"#),
        ("a: { f: 级别 = “高级, 中级” }", "级别 = “高级, 中级”", r#"{ f: "级别 = “高级, 中级”" }"#),
        ("a: { f: 「甲, 乙」 + 1 }", "「甲, 乙」 + 1", r#"{ f: "「甲, 乙」 + 1" }"#),
        ("a: sum(x # y)\nb: 1", "sum(x # y)", r#"a: "sum(x # y)""#),
        ("a: x = \"n #1\"", "x = \"n #1\"", r#"a: 'x = "n #1"'"#),
        ("a: { f: sum(x # y) }\nb: 1", "sum(x # y)", r#"{ f: "sum(x # y)" }"#),
        ("a: \"高级\" = 级别\nb: 1", "\"高级\" = 级别", r#"a: '"高级" = 级别'"#),
        ("a: { f: \"高级\" = 级别 }", "\"高级\" = 级别", r#"{ f: '"高级" = 级别' }"#),
        ("a: >= 60\nb: 1", ">= 60", r#"a: ">= 60""#),
        ("a: `甲 乙` + 1\nb: 1", "`甲 乙` + 1", r#"a: "`甲 乙` + 1""#),
        ("a: x: y\nb: 1", "x: y", r#"a: "x: y""#),
        ("a: { f: x: y }\nb: 1", "x: y", r#"{ f: "x: y" }"#),
        ("a: [甲, 乙] + 1\nb: 1", "[甲, 乙] + 1", r#"a: "[甲, 乙] + 1""#),
        ("a: [甲] + f(x # y) # z\nb: 1", "[甲] + f(x # y)", r#"a: "[甲] + f(x # y)""#),
        ("a: - x\nb: 1", "- x", r#"a: "- x""#),
        ("a: { f: max(a,\n    b), g: 1 }", "max(a,\n    b)", r#"{ f: "max(a, b)" }"#),
    ] {
        assert_eq!(found(source), [format!("K0007 {whole}")], "{source}");
        assert_eq!(helps(source), [format!("write `{written}`")], "{source}");
        // What follows is read.
        if source.contains("b: 1") {
            assert_eq!(text(read(source).root.as_ref().unwrap(), "b"), "1", "{source}");
        }
        // And the help is right: what it says to write is read as the author meant it.
        let mended = if written.contains(": ") && !written.starts_with(['"', '\'']) {
            written.to_owned()
        } else {
            format!("[{written}]")
        };
        let one_line = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(scalars(&is_sound(&mended)).iter().any(|scalar| scalar.text == one_line), "{mended}");
    }
}

#[test]
fn all_cut_formulas_are_told_and_the_tree_has_them_whole() {
    let source = "a: { f: rate[x], g: max(1, 2), h: ok }\nb:\n  - { f: \"x\" = y }\n  - min(1, 2)\nc: [k(1, 2), rate[z]]\nd: 1\nd: 2\n";
    assert_eq!(
        found(source),
        ["K0007 rate[x]", "K0007 max(1, 2)", "K0007 \"x\" = y", "K0007 k(1, 2)", "K0007 rate[z]", "K0005 d"]
    );
    let reading = read(source);
    let paths: Vec<_> = reading.problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["a.f", "a.g", "b.0.f", "c.0", "c.1", "d"]);
    let root = reading.root.unwrap();
    assert_eq!(text(root.get("a").unwrap(), "f"), "rate[x]");
    assert_eq!(text(root.get("a").unwrap(), "g"), "max(1, 2)");
    assert_eq!(text(root.get("a").unwrap(), "h"), "ok");
}

#[test]
fn brackets_without_partners_are_told_in_plain_texts_only() {
    assert_eq!(found("a: 1）基本\nb: (x\nc: x\"y\nd: f(x]"), ["K0007 1）基本", "K0007 (x", "K0007 x\"y", "K0007 f(x]"]);
    assert_eq!(
        found(
            "a: '(x'\nb: \"(x\"\nc: |\n  (x\nd: f(x)\ne: it's\nf: （甲)\ng: x = \"(\" or x = ”(”\nh: “a”\"b\"`c`「d」"
        ),
        [""; 0]
    );
    assert_eq!(helps("a: (x"), ["write `a: \"(x\"`; in a formula give every bracket and quote its partner"]);
}

#[test]
fn errors_of_the_text_have_a_place_and_a_way_out() {
    for (source, at, message) in [
        ("a:\n\tb: 1", "b", "a tab stands where YAML needs spaces"),
        ("a:\n   b: 1\n  c: 2", "c", "this line does not fit what stands above it"),
        ("- a\nb: c", "b", "this line does not fit what stands above it"),
        ("a: \"x\nb: c", "\"", "the quote that opens here is never closed"),
        ("a: 'x\nb: c", "'", "the quote that opens here is never closed"),
        ("a: { b: 1, c: d", "{", "the bracket `{` that opens here is never closed"),
        ("a: [1, 2\nb: c", ":", "a comma or the end of the `[` in line 1 is missing before this"),
        ("{ a: 1\n  b: 2 }", ":", "a comma or the end of the `{` in line 1 is missing before this"),
        ("{\"a\": 1 \"b\": 2}", ":", "a comma is missing before this"),
        ("{\"a\": \"x \"y\" z\"}", "y", "something follows the closing quote"),
        ("a: {b: [1,2}", "[", "the bracket `[` is closed by `}`"),
        ("a:b\nc: d", ":", "a colon and a space are needed between key and value in `a:b`"),
        ("a：b\nc: d", ":", "a colon and a space are needed between key and value in `a：b`"),
        ("a: 1\nb\nc: 2", "b", "this line has no colon, so it is no key"),
        ("a: one\n b: 2", ":", "a key is not allowed here"),
        ("a: \"\\q\"", "\"", "the escape in this text is not one that YAML knows"),
        ("a: { b: 1,, c: 2 }", ",", "a value is missing before this comma"),
        ("a: \"x\"# c", "#", "a comment or value begins where a space is needed"),
    ] {
        let reading = read(source);
        let told: Vec<_> = reading.problems.iter().map(|problem| problem.message.en.as_str()).collect();
        assert_eq!(told, [message], "{source}");
        assert_eq!(found(source), [format!("K0003 {at}")], "{source}");
        assert!(reading.problems[0].help.is_some(), "{source}");
    }
    // What was read before it is kept.
    assert_eq!(text(&read("a: 1\nb: { c: 2, d: \"x").root.unwrap(), "a"), "1");
}

#[test]
fn control_characters_are_refused_where_they_stand() {
    assert_eq!(found("a: x\0y\nb: \u{1b}[m\nc: \u{85}"), ["K0010 \0", "K0010 \u{1b}", "K0010 \u{85}"]);
    assert_eq!(found(r#"a: "x\0y""#), [r"K0010 \0"]);
    assert_eq!(found(r#"{"a": "x\u0007"}"#), [r"K0010 \u0007"]);
    assert_eq!(found(r#"a: "x\n\ty""#), [""; 0]);
}

#[test]
fn every_limit_holds_and_is_told() {
    let code = |source: &str| read(source).problems.last().map(|problem| problem.code);
    assert_eq!(code(&" ".repeat(MAX_DOCUMENT_BYTES + 1)), Some(Code::TooLong));
    assert_eq!(code(&"[".repeat(100_000)), Some(Code::TooDeep));
    assert_eq!(code(&"{a: ".repeat(100_000)), Some(Code::TooDeep));
    assert_eq!(code(&"- ".repeat(100_000)), Some(Code::TooDeep));
    assert_eq!(code(&"? ".repeat(100_000)), Some(Code::TooDeep));
    let flow = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mixed = |depth: usize| {
        let block: String = (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        format!("{block}{}{}", " ".repeat(depth), flow(MAX_DEPTH - 20))
    };
    assert_eq!(code(&flow(MAX_DEPTH)), None);
    assert_eq!(code(&flow(MAX_DEPTH + 1)), Some(Code::TooDeep));
    assert_eq!(code(&mixed(20)), None);
    assert_eq!(code(&mixed(21)), Some(Code::TooDeep));
    assert_eq!(code(&format!("[{}]", "1,".repeat(MAX_NODES - 1))), None);
    assert_eq!(code(&format!("[{}]", "1,".repeat(MAX_NODES))), Some(Code::TooMany));
    assert_eq!(code(&format!("a: 1\n{}", "#\n".repeat(MAX_NODES))), Some(Code::TooMany));
    assert_eq!(code(&format!("{}: 1", "键".repeat(MAX_KEY_CHARACTERS))), None);
    assert_eq!(code(&format!("{}: 1", "键".repeat(MAX_KEY_CHARACTERS + 1))), Some(Code::TooLong));
    assert_eq!(code(&format!("a: {}", "x".repeat(MAX_SCALAR_BYTES))), None);
    assert_eq!(code(&format!("a: {}", "x".repeat(MAX_SCALAR_BYTES + 1))), Some(Code::TooLong));
    let many: String = (0..1000).map(|line| format!("k{line}: *x\n")).collect();
    assert_eq!(read(&many).problems.len(), MAX_PROBLEMS + 1);
    assert_eq!(code(&many), Some(Code::TooMany));
}

#[test]
fn the_longest_and_worst_documents_are_read_in_a_small_stack_and_short_time() {
    let worst = |unit: &str| unit.repeat(MAX_DOCUMENT_BYTES / 4 / unit.len());
    let mut documents: Vec<String> = [
        "[",
        "{",
        "]",
        "- ",
        "? ",
        "a: ",
        ": ",
        "\"",
        "'",
        "&a ",
        "*a ",
        "!a ",
        "# ",
        "#\n",
        "\n",
        " ",
        "\t",
        "a\n",
        "(",
        "a(, ",
        "|\n",
        "\u{4e2d}",
        "- a\n",
        "\\",
        "%",
        "---\n",
        "a: b\n",
        "a,",
        "\"\\u4e2d",
        "{a: (, ",
        "[a(, ",
        "[x] y\n",
        "- [a[\n",
    ]
    .iter()
    .map(|unit| worst(unit))
    .collect();
    documents.push(format!("a: {{ {} }}", "f(x, ".repeat(400_000)));
    documents.push((0..190_000).map(|line| format!("- a[{line}\n")).collect());
    documents.push((0..40_000).map(|line| format!("k{line}: {{ f: r[x] }}\n")).collect());
    documents.push((0..40_000).map(|line| format!("k{line}: \"x\" = y\n")).collect());
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || {
        for document in &documents {
            let start = std::time::Instant::now();
            drop(read(document));
            let took = start.elapsed();
            let beginning: String = document.chars().take(20).collect();
            assert!(took.as_secs() < 20, "{beginning:?} took {took:?}");
            if took.as_millis() > 1000 {
                eprintln!("{beginning:?} took {took:?}");
            }
        }
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn places_outside_of_the_text_or_of_another_source_do_no_harm() {
    let source = "a: \"x\\n中\"";
    let root = is_sound(source);
    let scalar = root.get("a").unwrap().scalar().unwrap();
    for start in 0..9 {
        for end in 0..9 {
            let span = scalar.source_span(source, Span::new(start, end));
            assert!(span.start <= span.end && source.get(span.start as usize..span.end as usize).is_some());
        }
    }
    assert_eq!(scalar.source_span("other", Span::new(0, 1)), scalar.span);
    assert_eq!(scalar.source_span(source, Span::new(5, 5)).start as usize, source.len() - 1);
}

/// Words, with signs that YAML cares about where they do no harm in a plain text.
fn word() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["a", "中", "😀", "x:y", "#", "'", "é", "-", "1", "“”", "()", "\\"]),
        1..5,
    )
    .prop_map(|parts| format!("w{}", parts.concat()))
}

/// Lines of words, some of them empty.
fn lines() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(word(), 0..4), 1..6)
}

/// A document with one text in it, written in one of the styles.
fn one_text() -> impl Strategy<Value = String> {
    let shape = (0_usize..5, lines(), 1_usize..5, any::<bool>(), prop::collection::vec(0_usize..6, 40), any::<bool>());
    shape.prop_map(|(style, lines, depth, windows, choices, in_list)| {
        let mut choices = choices.into_iter().cycle();
        let mut choose = move || choices.next().unwrap_or(0);
        let indent = " ".repeat(depth);
        let mut body = String::new();
        for (number, line) in lines.iter().enumerate() {
            let mut written = line.join(" ");
            if style == 3 || style == 4 {
                // A line may be indented deeper, the first one may not.
                let deeper = if number > 0 && !written.is_empty() && choose() == 0 { "  " } else { "" };
                let indent = if written.is_empty() && choose() < 3 { "" } else { indent.as_str() };
                body += &format!("{indent}{deeper}{written}\n");
                continue;
            }
            if style == 1 {
                written = written.replace('\'', "''");
            }
            if style == 2 {
                written = written
                    .chars()
                    .map(|character| match (character, choose()) {
                        ('\\', _) => "\\\\".to_owned(),
                        ('w', 0) => "\\x77".to_owned(),
                        ('中', 0 | 1) => "\\u4e2d".to_owned(),
                        ('😀', 0) => "\\ud83d\\ude00".to_owned(),
                        ('😀', 1) => "\\U0001f600".to_owned(),
                        (' ', 0) => "\\n".to_owned(),
                        (' ', 1) => "\\\n   ".to_owned(),
                        (' ', 2) => "\\t".to_owned(),
                        _ => character.to_string(),
                    })
                    .collect();
            }
            if number > 0 {
                body += &format!("{}\n{indent}", " ".repeat(choose() % 2));
            }
            body += &written;
        }
        let value = match style {
            0 => format!("w {}", body.trim()),
            1 => format!("'{body}'"),
            2 => format!("\"{body}\""),
            3 => format!("|{}\n{indent}w\n{body}", ["", "-", "+"][choose() % 3]),
            _ => format!(">{}\n{indent}w\n{body}", ["", "-", "+"][choose() % 3]),
        };
        let document = if in_list { format!("- {value}\n") } else { format!("键: {value}\n") };
        if windows { document.replace('\n', "\r\n") } else { document }
    })
}

/// What an escape of the tests stands for.
fn unescape(written: &str) -> Option<char> {
    match written {
        "''" => Some('\''),
        "\\\\" => Some('\\'),
        "\\x77" => Some('w'),
        "\\u4e2d" => Some('中'),
        "\\ud83d\\ude00" | "\\U0001f600" => Some('😀'),
        "\\n" => Some('\n'),
        "\\t" => Some('\t'),
        _ => None,
    }
}

fn check_spans(source: &str, node: &Node) {
    assert!(source.get(node.span.start as usize..node.span.end as usize).is_some(), "{source:?}");
    match &node.value {
        NodeValue::Scalar(_) => {}
        NodeValue::List(items) => items.iter().for_each(|item| check_spans(source, item)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| check_spans(source, &entry.value)),
    }
    for scalar in scalars(node) {
        assert!(source.get(scalar.span.start as usize..scalar.span.end as usize).is_some(), "{source:?}");
    }
}

fn check_reading(source: &str, reading: &Reading) {
    for problem in &reading.problems {
        let span = problem.span.unwrap();
        assert!(source.get(span.start as usize..span.end as usize).is_some(), "{source:?} {problem:?}");
        assert!(!problem.message.en.is_empty() && !problem.message.zh.is_empty());
    }
    for comment in &reading.comments {
        assert!(comment.span.of(source).starts_with('#'), "{source:?}");
    }
    assert!(reading.root.is_some() || !reading.problems.is_empty(), "{source:?}");
    if let Some(root) = &reading.root {
        check_spans(source, root);
    }
}

/// Signs that mean something to YAML, more often than chance would bring them.
fn soup() -> impl Strategy<Value = String> {
    let parts = vec![
        "a",
        "中",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        ":",
        ": ",
        "-",
        "- ",
        "?",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "#",
        " # ",
        "\"",
        "'",
        "\\",
        "\\u4e2d",
        "&a",
        "*a",
        "!",
        "!!s",
        "|",
        ">",
        "|-\n",
        "%",
        "@",
        "`",
        "---",
        "...",
        "<<",
        "~",
        "(",
        ")",
        "“",
        "”",
        "「",
        "」",
        "1",
        "=",
        "a: b\n",
        "{ f: g(x, y) }",
        "r[x]",
        "\u{feff}",
        "\0",
        "\u{2028}",
        "😀",
        "\r",
    ];
    prop::collection::vec(prop::sample::select(parts), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every character of a text is found where it stands, in every style.
    #[test]
    fn every_character_is_found_in_the_source(source in one_text()) {
        let reading = read(&source);
        prop_assert_eq!(&reading.problems, &[], "{:?}", source);
        let root = reading.root.unwrap();
        for scalar in scalars(&root) {
            let mut last = 0;
            for (at, character) in scalar.text.char_indices() {
                let inner = Span::new(at as u32, (at + character.len_utf8()) as u32);
                let span = scalar.source_span(&source, inner);
                let written = span.of(&source);
                let own = written.chars().eq([character]) || unescape(written) == Some(character);
                // Line ends are folded: a space or line end of the text may be several white signs of the source.
                let folded = character.is_whitespace() && written.trim_matches(['\\', ' ', '\r', '\n']).is_empty();
                prop_assert!(own || folded, "{:?} at {} is {:?} in {:?}", character, at, written, source);
                prop_assert!(span.start >= last || folded, "{:?}", source);
                last = span.end;
            }
        }
    }

    /// No text of YAML signs makes the reader panic, and all places lie in the text.
    #[test]
    fn soup_is_read_or_refused(source in soup()) {
        check_reading(&source, &read(&source));
    }

    /// No text at all does.
    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        check_reading(&source, &read(&source));
    }

    /// A sound document with one sign changed neither.
    #[test]
    fn a_damaged_scheme_is_read_or_refused(at in 0_usize..700, sign in soup()) {
        let mut source = SCHEME.to_owned();
        let mut at = at.min(source.len());
        while !source.is_char_boundary(at) { at -= 1; }
        source.insert_str(at, &sign);
        check_reading(&source, &read(&source));
    }
}

const SCHEME: &str = r#"# 客户经理
kaohe: 1
scheme: 客户经理季度考核
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }   # 92
inputs:
  工号:     { type: text, key: true, header: [工号, 员工编号] }
  日均存款: { type: number, unit: 万元, min: 0, label: { en: daily average deposits } }
computed:
  存款完成率:
    formula: >-
      日均存款 /
      存款任务
    round: 4
scores:
  综合得分:
    items:
      收息: { weight: 30, bands: { of: 收息率, at_least: [[98%, 100], [95%, 90]], else: 0 } }
      投诉: { weight: 10, formula: "max(0, 100 - 每次投诉扣分 * 投诉次数)" }
"#;

#[test]
fn a_scheme_is_sound() {
    let root = is_sound(SCHEME);
    let formula = root.get("computed").unwrap().get("存款完成率").unwrap().get("formula").unwrap().scalar().unwrap();
    assert_eq!(formula.text, "日均存款 / 存款任务");
    let task = formula.text.find("存款任务").unwrap() as u32;
    let span = formula.source_span(SCHEME, Span::new(task, task + 12));
    assert_eq!(span.of(SCHEME), "存款任务");
    assert_eq!(SCHEME[..span.start as usize].lines().count(), 12);
}
