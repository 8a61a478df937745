//! `kaohe test`: the worked examples of a scheme, difference by difference.

use kaohe::cases::Verdict;

use super::{CLEAN, ERRORS, Failure, read_scheme};
use crate::arguments::Test;
use crate::language::Language;

pub(super) fn run(test: &Test, language: Language) -> Result<u8, Failure> {
    let scheme = read_scheme(&test.scheme, None, language)?;
    let results = scheme.run_cases();
    let (mut passed, mut failed, mut skipped, mut figures) = (0, 0, 0, 0);
    for result in &results {
        match &result.verdict {
            Verdict::Passed(count) => {
                passed += 1;
                figures += count;
            }
            Verdict::NotBuilt => {
                skipped += 1;
                match language {
                    Language::English => {
                        put_line!("not run: {} (it needs parts that are not computed yet)", result.name)
                    }
                    Language::Chinese => put_line!("未运行：{}（含尚不能计算的部分）", result.name),
                }
            }
            Verdict::Failed(differences) => {
                failed += 1;
                match language {
                    Language::English => put_line!("failed: {}", result.name),
                    Language::Chinese => put_line!("不符：{}", result.name),
                }
                for difference in differences {
                    let (column, expected) = (&difference.column, &difference.expected);
                    let found = language.of(&difference.found);
                    match language {
                        Language::English => put_line!("  {column}: expected {expected}, found {found}"),
                        Language::Chinese => put_line!("  {column}：应为 {expected}，实为 {found}"),
                    }
                }
            }
        }
    }
    match language {
        Language::English => {
            put_line!("{passed} cases passed ({figures} figures), {failed} failed, {skipped} not run");
        }
        Language::Chinese => put_line!("通过 {passed} 例（{figures} 个数），不符 {failed} 例，未运行 {skipped} 例"),
    }
    Ok(if failed == 0 { CLEAN } else { ERRORS })
}
