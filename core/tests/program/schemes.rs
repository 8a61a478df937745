//! Random schemes: every operation of numbers, every rule, every way of being missing.

use crate::chance::Chance;

/// A scheme's text, and what its inputs are called and declared as.
pub struct Random {
    pub text: String,
    pub inputs: Vec<(String, &'static str)>,
}

/// Declarations of numbers.
const NUMBERS: [&str; 14] = [
    "{ type: number }",
    "{ type: number, places: 2 }",
    "{ type: number, places: 2, min: 0 }",
    "{ type: number, places: 2, above: 0 }",
    "{ type: number, whole: true, min: 0 }",
    "{ type: number, whole: true, min: -10, max: 100 }",
    "{ type: number, places: 1, min: 0, max: 100 }",
    "{ type: number, min: 0, max: 100% }",
    "{ type: number, places: 4, below: 1000000 }",
    "{ type: number, missing: 0 }",
    "{ type: number, places: 2, missing: 12.5 }",
    "{ type: number, missing: 0.33333333 }",
    "{ type: number, min: 0.0005, below: 99999999999999999999 }",
    "{ type: number, places: 6, min: -1000000000000, max: 1000000000000 }",
];

const MODES: [&str; 6] = ["half_up", "half_even", "up", "down", "floor", "ceil"];
const LITERALS: [&str; 18] = [
    "0", "1", "2", "3", "7", "100", "0.5", "0.1", "60%", "85%", "1.2", "99.995", "1000", "33", "0.0001", "2.5", "12",
    "1.005",
];
const SIGNS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

struct Writer<'c> {
    chance: &'c mut Chance,
    /// Whether texts are put in order and searched, of which no program knows anything.
    searches: bool,
    numbers: Vec<String>,
    optional: Vec<String>,
}

impl Writer<'_> {
    fn literal(&mut self) -> String {
        self.chance.pick(&LITERALS).to_owned()
    }

    fn column(&mut self) -> String {
        let at = self.chance.below(self.numbers.len());
        self.numbers[at].clone()
    }

    fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return match self.chance.below(10) {
                0 | 1 => self.literal(),
                2 if !self.optional.is_empty() => {
                    let at = self.chance.below(self.optional.len());
                    format!("coalesce({}, {})", self.optional[at].clone(), self.literal())
                }
                _ => self.column(),
            };
        }
        let next = depth - 1;
        match self.chance.below(34) {
            0..=2 => format!("({} + {})", self.number(next), self.number(next)),
            3..=4 => format!("({} - {})", self.number(next), self.number(next)),
            5..=6 => format!("({} * {})", self.number(next), self.number(next)),
            7 => format!("({} * {})", self.number(next), self.literal()),
            8 => format!("({} / {})", self.number(next), self.number(next)),
            9 => format!("({} / {})", self.number(next), self.chance.pick(&["3", "7", "8", "100", "1.2", "12", "60%"])),
            10..=12 => format!("ratio({}, {}, {})", self.number(next), self.number(next), self.literal()),
            13 => format!("min({}, {})", self.number(next), self.number(next)),
            14 => format!("max({}, {}, {})", self.number(next), self.literal(), self.number(next)),
            15 => format!(
                "clamp({}, {}, {})",
                self.number(next),
                self.chance.pick(&["0", "0.5", "-1"]),
                self.chance.pick(&["1.2", "100", "0.7"])
            ),
            16..=18 => {
                let places = self.chance.between(-2, 6);
                let value = self.number(next);
                format!("round({value}, {places}, {})", self.chance.pick(&MODES))
            }
            19 => format!("abs({})", self.number(next)),
            20 => format!("-({})", self.number(next)),
            21 => format!("{}({})", self.chance.pick(&["floor", "ceil", "trunc", "sign"]), self.number(next)),
            22..=24 => {
                format!("if {} then {} else {}", self.truth(next), self.number(next), self.number(next)).parenthesised()
            }
            25 => format!("median({}, {}, {})", self.number(next), self.number(next), self.literal()),
            26 => format!("median({}, {})", self.number(next), self.number(next)),
            27 => format!("avg({}, {}, {})", self.number(next), self.number(next), self.number(next)),
            28 => format!("({})^{}", self.number(next), self.chance.pick(&["2", "3", "0", "(-1)"])),
            29 => format!("sqrt(abs({}))", self.number(next)),
            30 => format!(
                "case when {} then {} when {} then {} else {} end",
                self.truth(next),
                self.number(next),
                self.truth(next),
                self.number(next),
                self.literal()
            ),
            31 => self
                .chance
                .pick(&[
                    "days_between(since, until)",
                    "year(since)",
                    "months_between(since, until)",
                    "day(end_of_month(since))",
                    "month(add_months(since, 5))",
                    "rates[kind]",
                    "count_true(flag, kind = “乙”)",
                ])
                .to_owned(),
            32 => format!("(100 * {})", self.number(next)),
            _ => self.number(0),
        }
    }

    fn truth(&mut self, depth: u32) -> String {
        let next = depth.saturating_sub(1);
        if self.searches && self.chance.percent(25) {
            return self.chance.pick(&["contains(town, “东”)", "town < “西”", "not contains(town, “?”)"]).to_owned();
        }
        match self.chance.below(14) {
            0..=4 => format!("{} {} {}", self.number(next), self.chance.pick(&SIGNS), self.literal()),
            5..=6 => format!("{} {} {}", self.number(next), self.chance.pick(&SIGNS), self.number(next)),
            7 => "flag".to_owned(),
            8 => format!("kind {} “{}”", self.chance.pick(&["=", "<>"]), self.chance.pick(&["甲", "乙", "丙"])),
            9 => format!("town {} “{}”", self.chance.pick(&["=", "<>"]), self.chance.pick(&["东", "西"])),
            10 if depth > 0 => format!("({} and {})", self.truth(next), self.truth(next)),
            11 if depth > 0 => format!("({} or {})", self.truth(next), self.truth(next)),
            12 if depth > 0 => format!("not ({})", self.truth(next)),
            13 if !self.optional.is_empty() => {
                let at = self.chance.below(self.optional.len());
                format!("is_missing({})", self.optional[at])
            }
            _ => format!("60% <= {} < 1.2", self.number(next)),
        }
    }

    /// A rule, in flow style.
    fn rule(&mut self) -> String {
        let depth = u32::from(self.chance.percent(40));
        match self.chance.below(14) {
            0..=1 => format!("completion: {{ of: \"{}\", floor: 0, cap: 120% }}", self.number(depth)),
            2 => format!(
                "completion: {{ of: \"{}\", target: \"{}\", gate: 60%, cap: 1.5, when_target: {} }}",
                self.number(depth),
                self.column(),
                self.chance.pick(&["zero", "full", "error"])
            ),
            3 => format!(
                "completion: {{ of: \"{}\", better: lower, lower_by: {}, floor: 0, cap: 120% }}",
                self.number(depth),
                self.chance.pick(&["mirror", "inverse"])
            ),
            4..=5 => format!(
                "bands: {{ of: \"{}\", {}, else: {} }}",
                self.number(depth),
                self.chance.pick(&[
                    "at_least: [[98%, 100], [95%, 90], [80%, 50.5]]",
                    "above: [[100, 100], [60, 80], [0, 60]]",
                    "up_to: [[1, 100], [2, 90], [3.5, 75]]",
                    "below: [[0.5, 100], [1, 80]]",
                    "at_least: [[100, n0], [50, 3]]",
                    "at_least: [[n0, 100], [0, 3]]",
                ]),
                self.literal()
            ),
            6 => format!(
                "interpolate: {{ of: \"{}\", knots: {}, beyond: {} }}",
                self.number(depth),
                self.chance.pick(&[
                    "[[0.5, 100], [1.5, 20]]",
                    "[[80%, 0], [95%, 40], [100%, 100]]",
                    "[[0, 100], [3, 33]]",
                    "[[0, 0], [50, 10.25], [100, 100]]",
                ]),
                self.chance.pick(&["flat", "flat", "error"])
            ),
            7 => format!(
                "step: {{ of: \"{}\", target: {}, below: {{ each: {}, points: -2, units: {}, limit: -10 }}, above: {{ each: 0.1, points: 1, units: whole }}, floor: 0 }}",
                self.number(depth),
                self.literal(),
                self.chance.pick(&["0.1%", "0.3", "1"]),
                self.chance.pick(&["whole", "pro_rata"])
            ),
            8 => format!(
                "deduct: {{ each: {}, times: \"{}\", floor: 0 }}",
                self.chance.pick(&["5", "2.5", "0.1"]),
                self.number(depth)
            ),
            9 => format!(
                "efficacy: {{ of: \"{}\", standards: {}, coefficients: [0.2, 0.65, 1], beyond: {} }}",
                self.number(depth),
                self.chance.pick(&["[0.5, 1, 1.5]", "[95%, 80%, 50%]", "[n0, 1, 2]", "[0, 50, 100]"]),
                self.chance.pick(&["flat", "zero_below", "error"])
            ),
            10 => format!(
                "threshold: {{ of: \"{}\", {}: {}, else: {} }}",
                self.number(depth),
                self.chance.pick(&["at_least", "above", "up_to", "below"]),
                self.literal(),
                self.literal()
            ),
            _ => format!("formula: \"{}\"", self.number(depth + 1)),
        }
    }
}

trait Parenthesised {
    fn parenthesised(self) -> Self;
}

impl Parenthesised for String {
    fn parenthesised(self) -> Self {
        format!("({self})")
    }
}

/// A scheme that may or may not be one; most are. `searches` says whether texts may be put in order and searched.
pub fn scheme(chance: &mut Chance, searches: bool) -> Random {
    let mut text =
        String::from("kaohe: 1\nscheme: random\nperiod: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }\n");
    match chance.below(4) {
        0 => {}
        1 => text.push_str("rounding: { totals: 2, mode: half_up }\n"),
        _ => {
            let mode = chance.pick(&MODES);
            text.push_str(&format!("rounding: {{ items: {}, totals: 2, mode: {mode} }}\n", chance.between(0, 4)));
        }
    }
    text.push_str("inputs:\n  id: { type: text, key: true }\n");
    let mut inputs = Vec::new();
    for at in 0..chance.between(2, 5) {
        let declaration =
            if chance.percent(50) { NUMBERS[1 + chance.below(3)] } else { NUMBERS[chance.below(NUMBERS.len())] };
        inputs.push((format!("n{at}"), declaration));
    }
    let mut writer = Writer {
        numbers: inputs.iter().map(|(name, _)| name.clone()).collect(),
        optional: Vec::new(),
        searches: searches && chance.percent(15),
        chance,
    };
    if writer.chance.percent(50) {
        inputs.push(("o0".to_owned(), "{ type: number, places: 2, missing: allow }"));
        writer.optional.push("o0".to_owned());
    }
    inputs.push(("flag".to_owned(), "{ type: bool, missing: false }"));
    inputs.push(("kind".to_owned(), "{ type: choice, values: [甲, 乙, 丙] }"));
    inputs.push(("town".to_owned(), "{ type: text, missing: 东 }"));
    inputs.push(("since".to_owned(), "{ type: date, missing: 2026-01-31 }"));
    inputs.push(("until".to_owned(), "{ type: date, missing: 2026-12-31 }"));
    for (name, declaration) in &inputs {
        text.push_str(&format!("  {name}: {declaration}\n"));
    }
    text.push_str("parameters:\n  rates: { by: [kind], values: { 甲: 1.2, 乙: 0.95, 丙: 3 } }\n");
    text.push_str("computed:\n");
    for at in 0..writer.chance.between(1, 5) {
        let depth = 1 + u32::from(writer.chance.percent(40)) + u32::from(writer.chance.percent(20));
        let name = format!("c{at}");
        let formula = writer.number(depth);
        text.push_str(&format!("  {name}:\n    formula: \"{formula}\"\n"));
        if writer.chance.percent(65) {
            text.push_str(&format!("    round: {}\n", writer.chance.between(0, 6)));
        }
        writer.numbers.push(name);
    }
    if writer.chance.percent(40) {
        text.push_str("  place: town\n");
    }
    if writer.chance.percent(30) {
        let condition = writer.truth(1);
        text.push_str(&format!("  word: \"if {condition} then “好” else town\"\n"));
        let condition = writer.truth(1);
        text.push_str(&format!(
            "  holds: \"{condition}\"\n  later: \"if flag then add_months(since, 1) else until\"\n"
        ));
    }
    if writer.chance.percent(75) {
        scores(&mut writer, &mut text);
    }
    Random { text, inputs }
}

fn scores(writer: &mut Writer<'_>, text: &mut String) {
    let weighted = writer.chance.percent(60);
    let shares = match writer.chance.below(4) {
        0 => vec!["100"],
        1 => vec!["70", "30"],
        2 => vec!["20", "30", "50"],
        _ => vec!["33.4", "33.3", "33.3"],
    };
    text.push_str("scores:\n  total:\n");
    if writer.chance.percent(20) {
        text.push_str("    floor: 0\n    cap: 105\n");
    }
    if writer.chance.percent(20) {
        text.push_str("    round: 3\n");
    }
    text.push_str("    items:\n");
    for (at, share) in shares.iter().enumerate() {
        let unit = if weighted { "weight" } else { "points" };
        let rule = writer.rule();
        text.push_str(&format!("      i{at}:\n        {unit}: {share}\n        {rule}\n"));
        if writer.chance.percent(25) {
            let when = writer.truth(0);
            let policy = writer.chance.pick(&["error", "zero", "full", "redistribute"]);
            text.push_str(&format!("        only_when: \"{when}\"\n        when_missing: {policy}\n"));
        }
        if writer.chance.percent(20) {
            text.push_str("        floor: 0\n        cap: 100\n");
        }
        if writer.chance.percent(30) {
            text.push_str(&format!("        round: {}\n", writer.chance.between(0, 5)));
        }
    }
    if writer.chance.percent(40) {
        let points = writer.number(1);
        text.push_str(&format!("    adjustments:\n      - {{ name: plus, points: \"{points}\", min: -5, max: 5 }}\n"));
    }
    if writer.chance.percent(40) {
        let when = writer.truth(1);
        text.push_str(&format!("    vetoes:\n      - {{ name: v1, when: \"{when}\", score_at_most: 59 }}\n"));
        for at in 2..writer.chance.between(2, 5) {
            text.push_str(&format!("      - {{ name: v{at}, when: flag, score_at_most: \"{}\" }}\n", writer.number(0)));
        }
    }
    if writer.chance.percent(60) {
        text.push_str("grades:\n  tier:\n    ladder: [A, B, C]\n    thresholds:\n      of: total\n      at_least: [[85, A], [60, B]]\n      else: C\n");
        if writer.chance.percent(40) {
            let when = writer.truth(0);
            text.push_str(&format!("    vetoes:\n      - {{ name: g, when: \"{when}\", grade_at_most: B }}\n"));
        }
    }
}
