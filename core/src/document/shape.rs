//! What form each part of a scheme has: one table that the reader checks by, the JSON schema and the reference are
//! written from, the formatter knows formulas by, and the fingerprint leaves labels out by.

/// The form of a value in the document.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Text for people: a label, a source.
    Text,
    /// A name that is looked up: a column, a table, a grade.
    Name,
    /// A formula; a constant is one, too.
    Formula,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number in this range.
    Whole(i64, i64),
    /// Decimals to round to, or `none`.
    Places,
    /// A calendar day.
    Day,
    /// `true` or `false`.
    Truth,
    /// A column and which end comes first: `得分 desc`.
    Order,
    /// Facts or figures of a worked example: plain values by column, at least one.
    Facts,
    /// The same, and there need be none: what stands on a sheet.
    Sheet,
    /// A list of at least one.
    List(&'static Shape),
    /// A list of just these: an edge and its value.
    Tuple(&'static [Shape]),
    /// A map with known keys.
    Map(&'static MapShape),
    /// A map from names the author chooses; at least one.
    Names(&'static Shape),
    /// One form for a text, one for a list, one for a map.
    Forms(&'static Forms),
}

impl Shape {
    /// Whether what stands there are facts of a worked example, or lists or maps of them.
    #[must_use]
    pub fn is_of_facts(&self) -> bool {
        match self {
            Self::Facts | Self::Sheet => true,
            Self::List(each) | Self::Names(each) => each.is_of_facts(),
            // not a map of names there: a table by key has itself inside
            Self::Forms(forms) => [&forms.list, &forms.map]
                .into_iter()
                .flatten()
                .any(|form| matches!(form, Self::List(_) | Self::Facts | Self::Sheet) && form.is_of_facts()),
            _ => false,
        }
    }
}

/// Different forms of one value, told apart by whether it is a text, a list or a map.
#[derive(Debug)]
pub struct Forms {
    /// The form as a text.
    pub scalar: Option<Shape>,
    /// The form as a list.
    pub list: Option<Shape>,
    /// The form as a map.
    pub map: Option<Shape>,
}

/// A map with known keys.
#[derive(Debug)]
pub struct MapShape {
    /// What the map is, in English and Chinese: "an input".
    pub what: (&'static str, &'static str),
    /// Its keys, in groups so that groups can be shared.
    pub keys: &'static [&'static [Key]],
    /// Sets of keys of which at most one may be there; with `true` just one must.
    pub one_of: &'static [(&'static [&'static str], bool)],
}

/// One key of a map.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The form of its value.
    pub shape: Shape,
    /// What it means, in one line.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is only for people's eyes: then it is no part of the fingerprint.
    pub display: bool,
    /// What holds when it is left out, where that is a value one could write: writing it changes nothing.
    pub default: Option<&'static str>,
}

impl Key {
    /// A key that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, shape, doc, required: false, display: false, default: None }
    }

    /// The same, and it must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, for people's eyes only.
    #[must_use]
    pub const fn display(self) -> Self {
        Self { display: true, ..self }
    }

    /// The same, and leaving it out means this value.
    #[must_use]
    pub const fn default(self, value: &'static str) -> Self {
        Self { default: Some(value), ..self }
    }
}

impl Forms {
    /// The key of the map form that a text is short for: `name: formula` is `name: { formula: formula }`, and
    /// `severity: additive` is `severity: { by: additive }`.
    #[must_use]
    pub fn text_is_short_for(&self) -> Option<&'static Key> {
        self.scalar?;
        ["formula", "value", "by"].into_iter().find_map(|name| self.map_key(name))
    }

    /// The key of the map form that a list is short for.
    #[must_use]
    pub fn list_is_short_for(&self) -> Option<&'static Key> {
        self.list?;
        self.map_key("dated")
    }

    fn map_key(&self, name: &str) -> Option<&'static Key> {
        match self.map {
            Some(Shape::Map(map)) => map.key(name),
            _ => None,
        }
    }
}

impl MapShape {
    /// The key of that name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().flat_map(|group| group.iter())
    }
}
