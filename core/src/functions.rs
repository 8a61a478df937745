//! The functions of the formula language: one row each for name, aliases, arguments, meaning.

/// One function.
#[derive(Debug, Clone, Copy)]
pub struct FunctionSpec {
    /// Which.
    pub function: Function,
    /// Its name, lower case.
    pub name: &'static str,
    /// Its Chinese name.
    pub alias: &'static str,
    /// How it is called, for messages and the reference.
    pub signature: &'static str,
    /// The least and the most arguments.
    pub arguments: (usize, usize),
    /// What it gives, in one line.
    pub doc: &'static str,
}

/// Every function there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each one is")]
pub enum Function {
    Minimum,
    Maximum,
    Absolute,
    Sign,
    SquareRoot,
    Round,
    Floor,
    Ceiling,
    Truncate,
    Clamp,
    Ratio,
    Coalesce,
    IsMissing,
    Sum,
    Average,
    Median,
    Count,
    CountTrue,
    Last,
    MakeDate,
    Year,
    Month,
    Day,
    DaysBetween,
    DaysInclusive,
    MonthsBetween,
    YearsBetween,
    AddMonths,
    EndOfMonth,
    OnDate,
    DayAverage,
    Convert,
    Contains,
    Rank,
    Percentile,
    Share,
    CumulativeShare,
    GroupSum,
    GroupAverage,
    GroupCount,
    GroupMinimum,
    GroupMaximum,
    GroupMedian,
    GroupDeviation,
}

impl Function {
    /// Whether it is a figure over the group.
    #[must_use]
    pub const fn is_over_group(self) -> bool {
        matches!(
            self,
            Self::Rank
                | Self::Percentile
                | Self::Share
                | Self::CumulativeShare
                | Self::GroupSum
                | Self::GroupAverage
                | Self::GroupCount
                | Self::GroupMinimum
                | Self::GroupMaximum
                | Self::GroupMedian
                | Self::GroupDeviation
        )
    }
}

const MANY: usize = 1000;

macro_rules! functions {
    ($($function:ident $name:literal $alias:literal $signature:literal $least:literal..$most:tt $doc:literal;)*) => {
        /// The table of functions.
        pub const FUNCTIONS: &[FunctionSpec] = &[$(FunctionSpec {
            function: Function::$function,
            name: $name,
            alias: $alias,
            signature: $signature,
            arguments: ($least, $most),
            doc: $doc,
        }),*];
    };
}

functions! {
    Minimum "min" "最小值" "min(a, b, …)" 1..MANY "the smallest of numbers or dates";
    Maximum "max" "最大值" "max(a, b, …)" 1..MANY "the largest of numbers or dates";
    Absolute "abs" "绝对值" "abs(a)" 1..1 "the number without its sign";
    Sign "sign" "符号" "sign(a)" 1..1 "-1, 0 or 1";
    SquareRoot "sqrt" "平方根" "sqrt(a)" 1..1 "the square root, correctly rounded to 12 decimals";
    Round "round" "四舍五入" "round(a, places, mode)" 1..3 "rounded to so many decimals (0 when not stated), half away from zero when no mode is stated";
    Floor "floor" "向下取整" "floor(a)" 1..1 "the largest whole number not above it";
    Ceiling "ceil" "向上取整" "ceil(a)" 1..1 "the smallest whole number not below it";
    Truncate "trunc" "取整" "trunc(a)" 1..1 "the number without its decimals";
    Clamp "clamp" "限幅" "clamp(a, low, high)" 3..3 "the number, not below low and not above high";
    Ratio "ratio" "比率" "ratio(a, b, when_zero)" 2..3 "a / b; the third when b is zero, and without it that is a fault";
    Coalesce "coalesce" "首个非空" "coalesce(a, b, …)" 1..MANY "the first that is not missing";
    IsMissing "is_missing" "是否缺失" "is_missing(a)" 1..1 "whether nothing is there";
    Sum "sum" "合计" "sum(a, b, …)" 1..MANY "the sum";
    Average "avg" "平均" "avg(a, b, …)" 1..MANY "the mean";
    Median "median" "中位数" "median(a, b, …)" 1..MANY "the middle, the mean of the middle two";
    Count "count" "计数" "count(table where …)" 1..1 "how many detail rows";
    CountTrue "count_true" "成立个数" "count_true(a, b, …)" 1..MANY "how many of the conditions hold";
    Last "last" "末值" "last(table.x by table.date)" 1..1 "the value of the latest detail row";
    MakeDate "date" "日期" "date(year, month, day)" 3..3 "that day";
    Year "year" "年份" "year(d)" 1..1 "the year as a number";
    Month "month" "月份" "month(d)" 1..1 "the month, 1 to 12";
    Day "day" "日数" "day(d)" 1..1 "the day of the month";
    DaysBetween "days_between" "间隔天数" "days_between(from, to)" 2..2 "days from one to the other, the first day not counted";
    DaysInclusive "days_inclusive" "含首尾天数" "days_inclusive(from, to)" 2..2 "days from one to the other, both counted";
    MonthsBetween "months_between" "间隔月数" "months_between(from, to)" 2..2 "completed months";
    YearsBetween "years_between" "间隔年数" "years_between(from, to)" 2..2 "completed years";
    AddMonths "add_months" "加月" "add_months(d, n)" 2..2 "the day so many months later, at most the month's last";
    EndOfMonth "end_of_month" "月末" "end_of_month(d)" 1..1 "the last day of its month";
    OnDate "on_date" "当日值" "on_date(parameter, d)" 2..2 "the parameter's value in force on that day";
    DayAverage "day_average" "日均值" "day_average(parameter, from, to)" 3..3 "the mean of the parameter's daily values, both ends counted";
    Convert "convert" "换算" "convert(x, unit)" 2..2 "the same quantity in another unit of the same measure";
    Contains "contains" "包含" "contains(text, part)" 2..2 "whether the text has the part in it";
    Rank "rank" "排名" "rank(x desc ties min within g)" 1..1 "the place in the group, 1 for the first";
    Percentile "percentile" "百分位" "percentile(x, weak within g)" 2..2 "the part of the group at or below, 0 to 1; rank, weak, strict or mean says how equals count";
    Share "share" "占比" "share(x within g)" 1..1 "the part of the group's total";
    CumulativeShare "cumulative_share" "累计占比" "cumulative_share(x desc within g)" 1..1 "the part of the group's total up to here";
    GroupSum "group_sum" "组合计" "group_sum(x within g)" 1..1 "the group's total";
    GroupAverage "group_avg" "组平均" "group_avg(x within g)" 1..1 "the group's mean";
    GroupCount "group_count" "组人数" "group_count(within g)" 0..1 "how many are in the group";
    GroupMinimum "group_min" "组最小" "group_min(x within g)" 1..1 "the group's smallest";
    GroupMaximum "group_max" "组最大" "group_max(x within g)" 1..1 "the group's largest";
    GroupMedian "group_median" "组中位数" "group_median(x within g)" 1..1 "the group's median";
    GroupDeviation "group_stdev" "组标准差" "group_stdev(x within g)" 1..1 "the group's population standard deviation";
}

/// The function of that name or alias; ASCII letters in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static FunctionSpec> {
    FUNCTIONS.iter().find(|spec| spec.name.eq_ignore_ascii_case(name) || spec.alias == name)
}

/// A name the language itself gives a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// The day that counts.
    AsOf,
    /// The period's first day.
    PeriodStart,
    /// The period's last day.
    PeriodEnd,
    /// The period's days.
    PeriodDays,
}

/// The built-in value of that name.
#[must_use]
pub fn built_in(name: &str) -> Option<BuiltIn> {
    match name {
        "as_of" => Some(BuiltIn::AsOf),
        "period_start" => Some(BuiltIn::PeriodStart),
        "period_end" => Some(BuiltIn::PeriodEnd),
        "period_days" => Some(BuiltIn::PeriodDays),
        _ => None,
    }
}
