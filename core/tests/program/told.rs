//! Figures as text that leaves nothing out.

use kaohe::Figure;

/// A figure as it must be to the last sign, its decimals and its mark included.
pub fn told(figure: &Figure) -> String {
    match figure {
        Figure::Number { value, shown_rounded } => format!("{value} ({}) {shown_rounded}", value.scale()),
        other => format!("{other:?}"),
    }
}
