//! A page as HTML that needs nothing else: its own style, no script, no network, everything escaped. It is well-formed
//! as XML, too.

use kaohe_grammar::say;

use super::text::bracketed;
use super::{Block, Cell, DEEPEST, Figure, Mark, Page, Pair, Place, Row, Span, Stress, Table, Tone, spans};
use crate::diagnostic::Language;

const STYLE: &str = include_str!("style.css");
/// A value longer than this takes a line for itself.
const LONG: usize = 40;
/// A table with bars is narrow up to so many columns.
const NARROW: usize = 5;

/// The beginning of a document, up to its first page.
pub(crate) fn open(language: Language, title: &str) -> String {
    let tag = match language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    )
}

/// The end of a document.
pub(crate) const fn close() -> &'static str {
    "</body>\n</html>\n"
}

impl Page {
    /// The page as a document.
    pub(crate) fn to_html(&self) -> String {
        format!("{}{}{}", open(self.language, &self.name), self.to_article(), close())
    }

    /// The page within a document.
    pub(crate) fn to_article(&self) -> String {
        let mut out = String::from("<article>\n");
        for block in &self.blocks {
            put(block, self.language, &mut out);
        }
        out.push_str("</article>\n");
        out
    }
}

fn put(block: &Block, language: Language, out: &mut String) {
    match block {
        Block::Gap => {}
        Block::Title(text) => tagged(out, "h1", "", &inline(text)),
        Block::Under(text) => tagged(out, "p", "under", &inline(text)),
        Block::Heading(1, text) => tagged(out, "h2", "", &inline(text)),
        Block::Heading(_, text) => tagged(out, "h3", "", &inline(text)),
        Block::Paragraph(tone, text) => tagged(out, "p", class(*tone), &inline(text)),
        Block::Pairs(pairs) => put_pairs(pairs, language, "pairs", out),
        Block::Foot(pairs) => put_pairs(pairs, language, "foot", out),
        Block::Marks(each) => marks(each, out),
        Block::Figure(depth, figure) => {
            let class = format!("figure d{}", depth.min(&DEEPEST));
            tagged(out, "div", &class, &titled(figure, language));
        }
        Block::Note(depth, tone, text) => {
            let class = format!("note d{} {}", depth.min(&DEEPEST), class(*tone));
            let text = if *tone == Tone::Formula { format!("<code>{}</code>", escaped(text)) } else { inline(text) };
            tagged(out, "div", class.trim_end(), &text);
        }
        Block::Table(depth, rows) => {
            let class = depth.map_or_else(|| "table".to_owned(), |depth| format!("table d{}", depth.min(DEEPEST)));
            tagged(out, "div", &class, &table(rows));
            if let Some(below) = &rows.below {
                tagged(out, "p", "quiet below", &inline(below));
            }
        }
    }
}

fn put_pairs(pairs: &[Pair], language: Language, class: &str, out: &mut String) {
    let mut list = String::from("\n");
    for pair in pairs {
        let Pair { name, value, note } = pair;
        let note = note.iter().map(|note| inline(note)).collect::<Vec<_>>();
        let note = if note.is_empty() { String::new() } else { bracketed(&note, language) };
        let (name, value) = (inline(name), inline(value));
        let note = if note.is_empty() { note } else { format!("<span class=\"quiet\">{note}</span>") };
        let long = if pair.value.chars().count() > LONG { " class=\"long\"" } else { "" };
        list.push_str(&format!("<div{long}><dt>{name}</dt><dd>{value}{note}</dd></div>\n"));
    }
    tagged(out, "dl", class, &list);
}

fn titled(figure: &Figure, language: Language) -> String {
    let mut text = format!("<b>{}</b>", inline(&figure.name));
    if let Some(label) = &figure.label {
        let label = inline(label);
        let told = say!(" ({label})", "（{label}）");
        text.push_str(&format!("<span class=\"quiet\">{}</span>", language.of(&told)));
    }
    if let Some(value) = &figure.value {
        text.push_str(&format!(" <span class=\"value\">{}</span>", inline(value)));
    }
    if let Some(unit) = &figure.unit {
        text.push_str(&format!(" <span class=\"unit\">{}</span>", inline(unit)));
    }
    let notes: Vec<String> = figure.notes.iter().map(|note| inline(note)).collect();
    let notes = match figure.again {
        true => language.of(&say!(" (see above)", "（见上）")).to_owned(),
        false if notes.is_empty() => String::new(),
        false => bracketed(&notes, language),
    };
    if !notes.is_empty() {
        text.push_str(&format!("<span class=\"quiet\">{notes}</span>"));
    }
    text
}

const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Formula => "formula",
        Tone::Quiet => "quiet",
        Tone::Warning => "warning",
    }
}

fn tagged(out: &mut String, tag: &str, class: &str, content: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    out.push_str(&format!("<{tag}{class}>{content}</{tag}>\n"));
}

fn marks(marks: &[Mark], out: &mut String) {
    let mut list = String::from("\n");
    for Mark { name, value, of, tone } in marks {
        let class = if *tone == Tone::Warning { " class=\"warning\"" } else { "" };
        let of = if of.is_empty() { String::new() } else { format!(" <small>{}</small>", inline(of)) };
        let (name, value) = (inline(name), inline(value));
        list.push_str(&format!("<div{class}><dt>{name}</dt><dd>{value}{of}</dd></div>\n"));
    }
    tagged(out, "dl", "marks", &list);
}

fn table(table: &Table) -> String {
    // figures far apart are hard to follow across a page
    let has = |place| table.columns.iter().skip(1).any(|column| column.place == place);
    let is_narrow = !has(Place::Left) && (!has(Place::Bar) || table.columns() <= NARROW);
    let class = if is_narrow { " class=\"narrow\"" } else { "" };
    let mut out = format!("<table{class}>\n<thead><tr>");
    for column in &table.columns {
        let class = match column.place {
            Place::Left => "",
            Place::Right => " class=\"right\"",
            Place::Bar => " class=\"bars\"",
        };
        out.push_str(&format!("<th scope=\"col\"{class}>{}</th>", inline(&column.head)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str(&in_row(table, row));
    }
    out.push_str("</tbody>\n</table>");
    out
}

fn in_row(table: &Table, row: &Row) -> String {
    let class = match row.stress {
        Stress::Plain => "",
        Stress::Strong => " class=\"strong\"",
        Stress::Quiet => " class=\"quiet\"",
    };
    let cells: String = table.placed(row).map(|(cell, place)| in_cell(cell, place)).collect();
    let rest = match table.rest(row) {
        0 => String::new(),
        rest => format!("<td colspan=\"{rest}\"></td>"),
    };
    format!("<tr{class}>{cells}{rest}</tr>\n")
}

fn in_cell(cell: &Cell, place: Place) -> String {
    let mut classes = Vec::new();
    match place {
        Place::Right if cell.span < 2 => classes.push("right".to_owned()),
        Place::Left if cell.span < 2 => classes.push("text".to_owned()),
        _ => {}
    }
    if cell.depth > 0 {
        classes.push(format!("d{}", cell.depth.min(DEEPEST)));
    }
    let classes = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
    let span = if cell.span > 1 { format!(" colspan=\"{}\"", cell.span) } else { String::new() };
    let mut text = inline(&cell.text);
    if let Some(thousandths) = cell.bar {
        text.push_str(&bar(thousandths));
    }
    for line in cell.more.iter().filter(|line| !line.is_empty()) {
        text.push_str(&format!("<div class=\"more\">{}</div>", inline(line)));
    }
    format!("<td{classes}{span}>{text}</td>")
}

/// A picture of how much of a whole something is: printers leave backgrounds away, so it is drawn.
fn bar(thousandths: u16) -> String {
    let (tens, rest) = (thousandths / 10, thousandths % 10);
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"all\" d=\"M0 5.5h100\"/><rect width=\"{tens}.{rest}\" height=\"6\"/></svg>"
    )
}

/// A text with what stands between backticks as what somebody wrote.
fn inline(text: &str) -> String {
    let each = spans(text).into_iter().map(|span| match span {
        Span::Plain(text) => escaped(text),
        Span::Code(text) => format!("<code>{}</code>", escaped(text)),
    });
    each.collect()
}

/// A text that is text wherever it stands: in an element, and in a value between quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            // no other control sign is one that a document may have
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_told_is_text() {
        assert_eq!(
            inline("<script>alert('&\"')</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"
        );
        assert_eq!(inline("`a < b` holds"), "<code>a &lt; b</code> holds");
        assert_eq!(inline("a\u{0}b\nc"), "a\u{fffd}b c");
    }
}
