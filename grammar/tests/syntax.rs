//! The language by example: what is read and how it is printed; what is refused, where and in which words.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that fails here should stop here")]

use kaohe_grammar::{KEYWORDS, SyntaxCode, is_keyword, is_plain_name, parse, print};

/// What is written, and its canonical text.
const READ: &[(&str, &str)] = &[
    ("“甲，”＝”乙” 且 ＂丙＂≠ｄ", "\"甲，\" = \"乙\" and \"丙\" != d"),
    ("min(1,200)", "min(1, 200)"),
    ("(-a)^2", "(-a) ^ 2"),
    ("a^-1", "a ^ -1"),
    ("a^(-1)", "a ^ -1"),
    ("0.5", "0.5"),
    ("2026-07-01", "2026-07-01"),
    ("1200-50-20.5", "1200 - 50 - 20.5"),
    ("60 <= x < 70", "60 <= x < 70"),
    ("_a", "_a"),
    ("if(a,b,c)+1", "(if a then b else c) + 1"),
    ("if (a) + 1 > 2 then b else c", "if a + 1 > 2 then b else c"),
    ("sum(贷款.余额 where 贷款.不良)", "sum(贷款.余额 where 贷款.不良)"),
    ("rank(得分 desc ties min within 网点)", "rank(得分 desc ties min within 网点)"),
    ("rank(得分 within [网点, 级别])", "rank(得分 within [网点, 级别])"),
    ("group_count(within 网点)", "group_count(within 网点)"),
    ("group_count(within [网点])", "group_count(within 网点)"),
    ("f(within + 1)", "f(「within」 + 1)"),
    ("f(within)", "f(「within」)"),
    ("f(「within」 within a)", "f(「within」 within a)"),
    ("a between 1 and 5 and b", "a between 1 and 5 and b"),
    ("a且b", "a且b"),
    ("非 a 且 是", "not a and true"),
    ("特殊原因 且 缺口 > 0元", "特殊原因 and 缺口 > 0元"),
    ("not a = b", "not a = b"),
    ("“他说\"好\"”", "“他说\"好\"”"),
    ("`a b` + 「c.d」", "「a b」 + 「c.d」"),
    ("贷款。余额", "贷款.余额"),
    ("ｍｉｎ（１，２）", "min(1, 2)"),
    ("85% + 3‰ + ８５％", "85% + 3‰ + 85%"),
    ("级别 >= “中级”", "级别 >= \"中级\""),
    ("+1", "1"),
    ("-3 * 投诉", "-3 * 投诉"),
    ("sum(coalesce(月度.得分, 0)) / (应考核月数 - 请假月数)", "sum(coalesce(月度.得分, 0)) / (应考核月数 - 请假月数)"),
    ("if 应考核月数 > 请假月数 then 1 else missing", "if 应考核月数 > 请假月数 then 1 else missing"),
    ("1 + if a then b else c", "1 + if a then b else c"),
    ("(if a then b else c) + 1", "(if a then b else c) + 1"),
    ("not not a", "not not a"),
    ("a - (b - c) - d", "a - (b - c) - d"),
    ("(a + b) * c", "(a + b) * c"),
    ("a ^ (b ^ c)", "a ^ (b ^ c)"),
    ("-(a^2)", "-(a ^ 2)"),
    ("last(t.x by t.日期)", "last(t.x by t.日期)"),
    ("avg(t.x when_empty 0)", "avg(t.x when_empty 0)"),
    ("12e5", "12e5"),
    ("1_200.50万元", "1200.50万元"),
    ("TRUE AND False Or MISSING", "true and false or missing"),
    ("sum(where where where by by)", "sum(where where where by by)"),
    ("max(1，2、3)", "max(1, 2, 3)"),
    ("a in [missing, \"x\"]", "a in [missing, \"x\"]"),
    ("1/2/3", "1 / 2 / 3"),
    ("a <> b", "a != b"),
    ("f()", "f()"),
    ("if a > 1 and b then “x” else “y”", "if a > 1 and b then \"x\" else \"y\""),
    ("case when a then 1 when b then 2 else 3 end * 2", "case when a then 1 when b then 2 else 3 end * 2"),
    ("a in [1] and not b in [2, 3]", "a in [1] and not b in [2, 3]"),
    ("-(-a)", "--a"),
    ("--a", "--a"),
    ("t.「2024」", "t.「2024」"),
    ("「贷款」.`余 额`", "贷款.「余 额」"),
    ("a != b and not (c or d)", "a != b and not (c or d)"),
    ("1 - -1", "1 - -1"),
    ("「end」 + 「是」", "「end」 + 「是」"),
    ("rank(得分, asc)", "rank(得分, asc)"),
    ("x = -1", "x = -1"),
    ("a^2*3", "a ^ 2 * 3"),
    ("指标１", "指标1"),
    (
        "count(月度 where is_missing(月度.得分) 且 月度.批准请假)",
        "count(月度 where is_missing(月度.得分) and 月度.批准请假)",
    ),
    ("days_inclusive(max(period_start, 放款日), period_end)", "days_inclusive(max(period_start, 放款日), period_end)"),
];

/// The code, the underlined text, the sentence, the way out.
type Told = (&'static str, &'static str, &'static str, &'static str);

/// What is written, and each thing wrong with it.
const REFUSED: &[(&str, &[Told])] = &[
    ("", &[("K0201", "", "the formula is empty", "write a value, like `100` or `日均存款 / 存款任务`")]),
    (" \n", &[("K0201", " \n", "the formula is empty", "write a value, like `100` or `日均存款 / 存款任务`")]),
    (
        "a b",
        &[(
            "K0214",
            "a b",
            "no operator stands between `a` and `b`",
            "write an operator between them; if together they are one name, quote it: `「a b」`",
        )],
    ),
    (
        "2415 万元",
        &[(
            "K0219",
            "2415 万元",
            "the unit `万元` does not follow `2415` directly",
            "write `2415万元` without a space",
        )],
    ),
    ("1,200", &[("K0220", "1,200", "the digits of `1,200` are separated by a comma", "write `1_200` or `1200`")]),
    (
        "1,200,300.50 + 1",
        &[(
            "K0220",
            "1,200,300.50",
            "the digits of `1,200,300.50` are separated by a comma",
            "write `1_200_300.50` or `1200300.50`",
        )],
    ),
    (
        "-a^b",
        &[(
            "K0222",
            "-a^b",
            "`-a^b` is read in two ways: Excel negates first, mathematics takes the power first",
            "write `-(a ^ b)` or `(-a) ^ b`",
        )],
    ),
    (
        "- a ^ 2",
        &[(
            "K0222",
            "- a ^ 2",
            "`- a ^ 2` is read in two ways: Excel negates first, mathematics takes the power first",
            "write `-(a ^ 2)` or `(-a) ^ 2`",
        )],
    ),
    (
        "a^b^c",
        &[(
            "K0223",
            "a^b^c",
            "`a^b^c` is read in two ways: Excel goes from the left, mathematics from the right",
            "write `(a ^ b) ^ c` or `a ^ (b ^ c)`",
        )],
    ),
    (
        "2 * -x^2",
        &[(
            "K0222",
            "-x^2",
            "`-x^2` is read in two ways: Excel negates first, mathematics takes the power first",
            "write `-(x ^ 2)` or `(-x) ^ 2`",
        )],
    ),
    (
        "007",
        &[(
            "K0215",
            "007",
            "the number `007` begins with a needless zero",
            "write `7`, or `\"007\"` when it is a code and not a quantity",
        )],
    ),
    (
        "2026-7-1",
        &[(
            "K0218",
            "2026-7-1",
            "`2026-7-1` may be a date or a calculation",
            "write `2026-07-01` for the day, or `2026 - 7 - 1` with spaces for the calculation",
        )],
    ),
    (
        "2026/7/1",
        &[(
            "K0218",
            "2026/7/1",
            "`2026/7/1` may be a date or a calculation",
            "write `2026-07-01` for the day, or `2026 / 7 / 1` with spaces for the calculation",
        )],
    ),
    (
        "2026-07",
        &[(
            "K0215",
            "07",
            "the number `07` begins with a needless zero",
            "write `7`, or `\"07\"` when it is a code and not a quantity",
        )],
    ),
    ("2026年7月1日", &[("K0218", "2026年7月1日", "`2026年7月1日` is not how a date is written", "write `2026-07-01`")]),
    ("2026.7.1", &[("K0218", "2026.7.1", "`2026.7.1` is not how a date is written", "write `2026-07-01`")]),
    (
        "a < b > c",
        &[(
            "K0224",
            "a < b > c",
            "the comparisons in `a < b > c` do not run in one direction",
            "only chains like `a <= b < c` are read; write `a < b and b > c`",
        )],
    ),
    (
        "a != b != c",
        &[(
            "K0224",
            "a != b != c",
            "the comparisons in `a != b != c` do not run in one direction",
            "only chains like `a <= b < c` are read; write `a != b and b != c`",
        )],
    ),
    (
        "a = b = c",
        &[(
            "K0224",
            "a = b = c",
            "the comparisons in `a = b = c` do not run in one direction",
            "only chains like `a <= b < c` are read; write `a = b and b = c`",
        )],
    ),
    (
        "a %",
        &[(
            "K0221",
            "%",
            "`%` does not follow digits directly",
            "to take a value as a percentage, divide it: `… / 100`",
        )],
    ),
    ("5 %", &[("K0221", "%", "`%` does not follow digits directly", "write `5%` without a space")]),
    (
        "7 % 3",
        &[(
            "K0221",
            "%",
            "`%` does not follow digits directly",
            "`%` is only for percentages like `85%`; there is no remainder operator",
        )],
    ),
    (
        "x := 3",
        &[(
            "K0226",
            ":=",
            "a formula is a value and assigns nothing with `:=`",
            "leave only what stands after `:=`; to compare, write `=`",
        )],
    ),
    ("=a+b", &[("K0226", "=", "a formula does not begin with `=`", "delete it")]),
    (
        "a += 1",
        &[(
            "K0226",
            "+=",
            "a formula is a value and assigns nothing with `+=`",
            "leave only what stands after `+=`; to compare, write `=`",
        )],
    ),
    ("'中级'", &[("K0206", "'中级'", "the text `中级` stands in single quotes", "write `\"中级\"`")]),
    ("‘中级’", &[("K0206", "‘中级’", "the text `中级` stands in single quotes", "write `\"中级\"`")]),
    ("1__000", &[("K0217", "1__000", "an underscore in `1__000` does not stand between two digits", "write `1000`")]),
    ("1000_", &[("K0217", "1000_", "an underscore in `1000_` does not stand between two digits", "write `1000`")]),
    ("1._5", &[("K0217", "1._5", "an underscore in `1._5` does not stand between two digits", "write `1.5`")]),
    (
        "1.2.3",
        &[(
            "K0216",
            "1.2.3",
            "`1.2.3` has more than one decimal point",
            "keep one point; between digits write `_` for thousands: `1_200.50`",
        )],
    ),
    ("5.", &[("K0216", "5.", "nothing stands after the point of `5.`", "write `5`")]),
    ("a && b", &[("K0227", "&&", "`&&` is not an operator here", "write `and`")]),
    ("!a", &[("K0227", "!", "`!` is not an operator here", "write `not`")]),
    ("a => b", &[("K0227", "=>", "`=>` is not an operator here", "write `>=`")]),
    ("f(a", &[("K0209", "(", "the bracket `(` is not closed", "close it with `)`")]),
    ("a)", &[("K0210", ")", "`)` closes a bracket that is not open", "delete it, or open the bracket before")]),
    ("(a]", &[("K0210", "]", "`(` is closed by `]`", "write `)`")]),
    ("()", &[("K0211", "()", "nothing stands in `()`", "write a value in it")]),
    ("p[]", &[("K0211", "[]", "nothing stands in `[]`", "write a value in it")]),
    ("f(a,)", &[("K0213", ",)", "no value stands between `,` and `)`", "delete the comma, or write a value after it")]),
    (
        "f(,a)",
        &[(
            "K0213",
            "(,",
            "no value stands between `(` and `,`",
            "write a value between them, or delete one of the two",
        )],
    ),
    ("a +", &[("K0213", "+", "nothing stands after `+`", "write a value after it, or delete it")]),
    ("* a", &[("K0213", "*", "nothing stands before `*`", "write a value before it")]),
    (
        "a + * b",
        &[(
            "K0213",
            "+ *",
            "no value stands between `+` and `*`",
            "write a value between them, or delete one of the two",
        )],
    ),
    (
        "a ++ b",
        &[(
            "K0213",
            "++",
            "no value stands between `+` and `+`",
            "write a value between them, or delete one of the two",
        )],
    ),
    ("if a then b", &[("K0229", "if", "this `if` has no `else`", "write `if … then … else …` or `if(…, …, …)`")]),
    ("if a b else c", &[("K0229", "if", "this `if` has no `then`", "write `if … then … else …` or `if(…, …, …)`")]),
    (
        "if(a,b)",
        &[(
            "K0229",
            ")",
            "`if(…)` takes three arguments",
            "write `if(condition, then, else)`; for more cases, `case when … then … else … end`",
        )],
    ),
    (
        "if(a,b,c,d)",
        &[(
            "K0229",
            ",",
            "`if(…)` takes three arguments",
            "write `if(condition, then, else)`; for more cases, `case when … then … else … end`",
        )],
    ),
    (
        "case when a then b end",
        &[("K0230", "case", "this `case` has no `else`", "write `case when … then … else … end`")],
    ),
    (
        "case a when b then c else d end",
        &[("K0230", "a", "this `case` has no `when`", "write `case when … then … else … end`")],
    ),
    (
        "case when a b else c end",
        &[("K0230", "case", "this `case` has no `then`", "write `case when … then … else … end`")],
    ),
    (
        "end + 1",
        &[(
            "K0228",
            "end",
            "the word `end` of the language cannot be a value",
            "if it names a column, quote it: `「end」`",
        )],
    ),
    ("and(a, b)", &[("K0228", "and", "`and` is not a function", "write it between the two: `a and b`")]),
    ("or(a, b)", &[("K0228", "or", "`or` is not a function", "write it between the two: `a or b`")]),
    (
        "a and or b",
        &[(
            "K0213",
            "and or",
            "no value stands between `and` and `or`",
            "write a value between them, or delete one of the two",
        )],
    ),
    (
        "a.b.c",
        &[(
            "K0231",
            ".",
            "the dot does not stand between two names",
            "a dot joins a table and its column without spaces, once: `贷款.余额`",
        )],
    ),
    (
        "贷款 .余额",
        &[(
            "K0231",
            ".",
            "the dot does not stand between two names",
            "a dot joins a table and its column without spaces, once: `贷款.余额`",
        )],
    ),
    (
        "贷款.5",
        &[(
            "K0231",
            ".5",
            "the dot does not stand between two names",
            "quote a name that begins with a digit: `.「5」`",
        )],
    ),
    (
        "贷款.5年",
        &[(
            "K0231",
            ".5年",
            "the dot does not stand between two names",
            "quote a name that begins with a digit: `.「5年」`",
        )],
    ),
    (
        "t.min(a)",
        &[("K0232", "t.min", "`t.min` cannot be the name of a function", "write the function first: `min(t.…)`")],
    ),
    (
        "「min」(a)",
        &[(
            "K0232",
            "「min」",
            "`「min」` cannot be the name of a function",
            "write a function's name without quotes: `min(…)`",
        )],
    ),
    (
        "sum(x where y, z)",
        &[(
            "K0233",
            ",",
            "a comma cannot stand here",
            "arguments come first and the words after them have no commas; several columns stand in brackets: `within [a, b]`",
        )],
    ),
    ("sum(x, where y)", &[("K0236", ",", "no comma stands before `where`", "delete the comma")]),
    (
        "a where b",
        &[(
            "K0236",
            "where",
            "`where` stands outside a function's brackets",
            "write it inside the function: `sum(贷款.余额 where …)`",
        )],
    ),
    (
        "rank(得分 within 网点, 级别)",
        &[(
            "K0233",
            ",",
            "a comma cannot stand here",
            "arguments come first and the words after them have no commas; several columns stand in brackets: `within [a, b]`",
        )],
    ),
    (
        "a between 1 5",
        &[("K0234", "between", "`between` has no `and` with an upper end", "write `x between low and high`")],
    ),
    (
        "a not in [1, 2]",
        &[("K0212", "not", "`not` stands before the whole comparison, not inside it", "write `not a in …`")],
    ),
    ("a in (1, 2)", &[("K0212", "(", "no list follows `in`", "write the values in square brackets: `x in [a, b]`")]),
    (
        "a in [1, 2] = b",
        &[(
            "K0224",
            "a in [1, 2] =",
            "the comparisons in `a in [1, 2] =` do not run in one direction",
            "only chains like `a <= b < c` are read; write `(a in [1, 2]) = …`",
        )],
    ),
    ("a 且b", &[("K0235", "且b", "`且` in `且b` touches its neighbours", "put a space on each side: `a 且 b`")]),
    ("a且 b", &[("K0235", "a且", "`且` in `a且` touches its neighbours", "put a space on each side: `a 且 b`")]),
    (
        "3且合同制",
        &[(
            "K0235",
            "3且合同制",
            "`且` in `3且合同制` touches its neighbours",
            "put a space on each side: `3 且 合同制`",
        )],
    ),
    (
        "任职年限>=3且合同制",
        &[(
            "K0235",
            "3且合同制",
            "`且` in `3且合同制` touches its neighbours",
            "put a space on each side: `3 且 合同制`",
        )],
    ),
    ("5and b", &[("K0235", "5and", "`and` in `5and` touches its neighbours", "put a space on each side: `5 and`")]),
    (
        "a = not b",
        &[(
            "K0225",
            "not",
            "`not` stands inside a calculation or comparison without brackets",
            "put it and what it denies in brackets: `(not …)`",
        )],
    ),
    (
        "-not a",
        &[(
            "K0225",
            "not",
            "`not` stands inside a calculation or comparison without brackets",
            "put it and what it denies in brackets: `(not …)`",
        )],
    ),
    ("“中级", &[("K0205", "“", "a text is opened here and not closed", "close it with `”`")]),
    ("\"中级", &[("K0205", "\"", "a text is opened here and not closed", "close it with `\"`")]),
    (
        "\"a\"\"b\"",
        &[(
            "K0214",
            "\"a\"\"b\"",
            "no operator stands between `\"a\"` and `\"b\"`",
            "write an operator between them; a text that holds a `\"` stands in `“…”`",
        )],
    ),
    ("「a", &[("K0207", "「", "a quoted name is opened here and not closed", "close it with `」`")]),
    ("「」", &[("K0208", "「」", "`「」` names nothing", "write a column's name between the quotes")]),
    (
        "{a}",
        &[
            (
                "K0204",
                "{",
                "the character `{` has no meaning in a formula",
                "write `(` and `)`, or `[` and `]` for keys and lists",
            ),
            (
                "K0204",
                "}",
                "the character `}` has no meaning in a formula",
                "write `(` and `)`, or `[` and `]` for keys and lists",
            ),
        ],
    ),
    ("a；b", &[("K0204", "；", "the character `;` has no meaning in a formula", "separate arguments with `,`")]),
    ("a − b", &[("K0204", "−", "the character `−` has no meaning in a formula", "write `-` for minus")]),
    ("a\u{200b}b", &[("K0204", "\u{200b}", "an invisible character (U+200B) stands here", "delete it")]),
    (
        "a。",
        &[(
            "K0231",
            "。",
            "the dot does not stand between two names",
            "delete it; a formula does not end with a full stop",
        )],
    ),
    (
        "85%%",
        &[(
            "K0221",
            "%",
            "`%` does not follow digits directly",
            "to take a value as a percentage, divide it: `… / 100`",
        )],
    ),
    ("“a“", &[("K0205", "“", "a text is opened here and not closed", "close it with `”`")]),
    ("2(a+b)", &[("K0214", "2(", "no operator stands between `2` and `(`", "to multiply, write `2 * (…)`")]),
    ("(a)(b)", &[("K0214", ")(", "no operator stands between `)` and `(`", "to multiply, write `) * (…)`")]),
    (
        "f(a)[b]",
        &[("K0212", "[", "keys cannot follow `)`", "keys follow a parameter's name directly: `效益系数[级别]`")],
    ),
    ("[1,2]", &[("K0212", "[", "a list cannot stand here", "a list follows `in` or `within`: `x in [a, b]`")]),
    (
        "a then b",
        &[(
            "K0228",
            "then",
            "`then` belongs to no `if`",
            "a word of the language that names a column is quoted: `「then」`",
        )],
    ),
    (
        "if a then b else c else d",
        &[(
            "K0228",
            "else",
            "`else` belongs to no `if`",
            "a word of the language that names a column is quoted: `「else」`",
        )],
    ),
    (
        "f(a where)",
        &[(
            "K0213",
            "where)",
            "no value stands between `where` and `)`",
            "write a value between them, or delete one of the two",
        )],
    ),
    (
        "f(a ties 3)",
        &[(
            "K0213",
            "ties 3",
            "no value stands between `ties` and `3`",
            "write a value between them, or delete one of the two",
        )],
    ),
    ("case", &[("K0230", "case", "this `case` has no `when`", "write `case when … then … else … end`")]),
    ("if", &[("K0213", "if", "nothing stands after `if`", "write a value after it, or delete it")]),
    (
        "then",
        &[(
            "K0228",
            "then",
            "the word `then` of the language cannot be a value",
            "if it names a column, quote it: `「then」`",
        )],
    ),
    ("不 a", &[("K0214", "不", "`不` is not a word of the language", "did you mean `非`?")]),
    (
        "x * 100 #注",
        &[(
            "K0204",
            "#",
            "the character `#` has no meaning in a formula",
            "a formula has no comments; quote a name that has this sign: `「…」`",
        )],
    ),
    ("a = '", &[("K0204", "'", "the character `'` has no meaning in a formula", "write a text in double quotes")]),
    ("2026-07-01日", &[("K0218", "2026-07-01日", "`2026-07-01日` is not how a date is written", "write `2026-07-01`")]),
    (
        "a === b",
        &[(
            "K0213",
            "===",
            "no value stands between `==` and `=`",
            "write a value between them, or delete one of the two",
        )],
    ),
    ("x is missing", &[("K0214", "is", "`is` is not a word of the language", "did you mean `=`?")]),
    (
        "f(x within)",
        &[(
            "K0213",
            "within)",
            "no value stands between `within` and `)`",
            "write a value between them, or delete one of the two",
        )],
    ),
    (
        "f(where x)",
        &[(
            "K0236",
            "where",
            "nothing stands before `where` for the function to work on",
            "write what it works on first: `sum(贷款.余额 where …)`",
        )],
    ),
    (
        "(a, b)",
        &[(
            "K0212",
            ",",
            "a comma cannot stand here",
            "a comma separates arguments in `f(a, b)`, keys in `p[a, b]` and lists in `x in [a, b]`",
        )],
    ),
    (
        "a, b",
        &[(
            "K0212",
            ",",
            "a comma cannot stand here",
            "a comma separates arguments in `f(a, b)`, keys in `p[a, b]` and lists in `x in [a, b]`",
        )],
    ),
    (
        "x between 1, 5",
        &[("K0234", "between", "`between` has no `and` with an upper end", "write `x between low and high`")],
    ),
    ("如果 a then b", &[("K0214", "如果", "`如果` is not a word of the language", "did you mean `if`?")]),
    ("a 并且 b", &[("K0214", "并且", "`并且` is not a word of the language", "did you mean `且`?")]),
    ("x in []", &[("K0211", "[]", "nothing stands in `[]`", "write a value in it")]),
    (
        "f(where x) + 1",
        &[(
            "K0236",
            "where",
            "nothing stands before `where` for the function to work on",
            "write what it works on first: `sum(贷款.余额 where …)`",
        )],
    ),
    ("a between 1", &[("K0234", "between", "`between` has no `and` with an upper end", "write `a between 1 and …`")]),
    (
        "5 % x",
        &[(
            "K0221",
            "%",
            "`%` does not follow digits directly",
            "`%` is only for percentages like `85%`; there is no remainder operator",
        )],
    ),
    (
        "p[a, b + 1][c]",
        &[("K0212", "[", "keys cannot follow `]`", "keys follow a parameter's name directly: `效益系数[级别]`")],
    ),
];

#[test]
fn what_is_read_is_printed_in_canonical_form() {
    let mut failed = Vec::new();
    for (text, want) in READ {
        let got = match parse(text) {
            Ok(tree) => print(&tree),
            Err(errors) => format!("{errors:?}"),
        };
        if got != *want {
            failed.push(format!("{text}\n  got  {got}\n  want {want}"));
        }
        if parse(&got) != parse(text) {
            failed.push(format!("{text}: its canonical text {got} is another tree"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let mut failed = Vec::new();
    for (text, want) in REFUSED {
        let got = match parse(text) {
            Ok(tree) => vec![format!("read as {tree}")],
            Err(errors) => errors
                .iter()
                .map(|error| {
                    let help = error.help.as_ref().map_or("", |help| &help.en);
                    format!("{:?}", (error.code.id(), error.span.of(text), error.message.en.as_str(), help))
                })
                .collect(),
        };
        let want: Vec<_> = want.iter().map(|error| format!("{error:?}")).collect();
        if got != want {
            failed.push(format!("{text}\n  got  {}\n  want {}", got.join("\n       "), want.join("\n       ")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_sentence_keeps_the_voice() {
    for (text, _) in REFUSED {
        for error in parse(text).err().unwrap_or_default() {
            let sentences = [Some(&error.message), error.help.as_ref()];
            for sentence in sentences.into_iter().flatten() {
                assert!(!sentence.en.ends_with('.') && !sentence.zh.ends_with('。'), "{sentence:?}");
                assert!(sentence.en.chars().next().is_some_and(|first| !first.is_ascii_uppercase()), "{sentence:?}");
                assert!(sentence.zh.chars().any(|char| ('一'..='龥').contains(&char)), "{sentence:?}");
                assert_eq!(sentence.en.matches('`').count() % 2, 0, "{sentence:?}");
            }
        }
    }
}

#[test]
fn every_code_has_a_case() {
    // These need long texts; tests/depth.rs has them.
    let elsewhere = [SyntaxCode::TooLong, SyntaxCode::TooDeep];
    let told: Vec<_> = REFUSED.iter().flat_map(|(_, errors)| errors.iter().map(|error| error.0)).collect();
    let silent: Vec<_> =
        SyntaxCode::ALL.iter().filter(|code| !told.contains(&code.id()) && !elsewhere.contains(code)).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn keywords_need_quotes_and_clause_words_do_not() {
    for word in KEYWORDS {
        assert!(is_keyword(word) && !is_plain_name(word), "{word}");
        let quoted = format!("「{word}」");
        assert_eq!(parse(&quoted).map(|tree| print(&tree)), Ok(quoted), "{word}");
    }
    for word in ["where", "when_empty", "by", "desc", "asc", "ties"] {
        assert!(is_plain_name(word), "{word}");
        let text = format!("sum({word} where {word} by {word} within [{word}, {word}])");
        assert_eq!(parse(&text).map(|tree| print(&tree)), Ok(text), "{word}");
    }
}

#[test]
fn brackets_are_underlined_with_what_they_hold() {
    let text = "（a＋b） × c";
    let tree = parse(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(tree.span.of(text), text);
    assert_eq!(tree.children()[0].span.of(text), "（a＋b）");
    assert_eq!(tree.children()[0].children()[1].span.of(text), "b");
}
