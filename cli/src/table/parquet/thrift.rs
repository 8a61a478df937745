//! What a Parquet file says of itself, looked over before it is believed: how many there are of a thing, how long one is.
//!
//! The library that reads Parquet takes memory for a list when it meets its length. A file that is damaged, or made to do
//! harm, states lengths for which there is no memory; so its structures are walked here first, in the compact protocol of
//! Thrift in which they are written, and whatever claims to be longer than the bytes there are is refused.
//!
//! Source: `thrift/doc/specs/thrift-compact-protocol.md` and `parquet-format/src/main/thrift/parquet.thrift`.

/// How deep structures lie in one another at most, and groups of a schema.
const DEEPEST: usize = 64;

/// The numbers of the kinds of value that are looked into.
const INTEGER_32: u8 = 5;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// That the bytes are no such structure.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

type Result<T> = std::result::Result<T, Malformed>;

/// How large one page says it is.
pub(super) struct PageSizes {
    /// The bytes of its header.
    pub(super) header: usize,
    /// The bytes that follow the header.
    pub(super) packed: usize,
    /// The bytes it has when it is unpacked.
    pub(super) unpacked: usize,
    /// How many of the bytes after the header are never packed, all when nothing of the page is.
    pub(super) plain: usize,
}

/// Whether every length in the description of a file is one that it can have.
pub(super) fn check_description(bytes: &[u8]) -> Result<()> {
    /// The place of the schema among the fields.
    const SCHEMA: i64 = 2;
    let mut walk = Walk { rest: bytes };
    walk.fields(
        |walk, field, kind| {
            if field == SCHEMA && kind == LIST { walk.schema() } else { walk.skip(kind, DEEPEST) }
        },
    )
}

/// The sizes in the header of the page with which the bytes begin.
pub(super) fn page_sizes(bytes: &[u8]) -> Result<PageSizes> {
    const UNPACKED: i64 = 2;
    const PACKED: i64 = 3;
    /// The header of a page of the second version.
    const SECOND: i64 = 8;
    let mut walk = Walk { rest: bytes };
    let (mut packed, mut unpacked, mut plain) = (None, None, 0);
    walk.fields(|walk, field, kind| {
        match (field, kind) {
            (UNPACKED, INTEGER_32) => unpacked = usize::try_from(walk.whole()?).ok(),
            (PACKED, INTEGER_32) => packed = usize::try_from(walk.whole()?).ok(),
            (UNPACKED | PACKED, _) => return Err(Malformed),
            (SECOND, STRUCT) => plain = walk.plain_of_second()?,
            _ => walk.skip(kind, DEEPEST)?,
        }
        Ok(())
    })?;
    let header = bytes.len() - walk.rest.len();
    Ok(PageSizes { header, packed: packed.ok_or(Malformed)?, unpacked: unpacked.ok_or(Malformed)?, plain })
}

/// The bytes that are still to be walked.
struct Walk<'b> {
    rest: &'b [u8],
}

impl Walk<'_> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    fn step(&mut self, bytes: usize) -> Result<()> {
        self.rest = self.rest.get(bytes..).ok_or(Malformed)?;
        Ok(())
    }

    fn length(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    /// A whole number, whose sign stands in its last bit.
    fn whole(&mut self) -> Result<i64> {
        let written = self.length()?;
        let magnitude = i64::try_from(written >> 1).map_err(|_| Malformed)?;
        Ok(if written & 1 == 0 { magnitude } else { -magnitude - 1 })
    }

    /// The fields of a structure, each with its number and kind; `each` steps over its value.
    fn fields(&mut self, mut each: impl FnMut(&mut Self, i64, u8) -> Result<()>) -> Result<()> {
        let mut field = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            field = match head >> 4 {
                0 => self.whole()?,
                further => field + i64::from(further),
            };
            each(self, field, head & 0x0F)?;
        }
    }

    /// The kind of the items of a list and how many there are: no more than bytes, as each takes at least one.
    fn list(&mut self) -> Result<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.length()?).map_err(|_| Malformed)?,
            few => usize::from(few),
        };
        if count > self.rest.len() { Err(Malformed) } else { Ok((head & 0x0F, count)) }
    }

    /// Steps over a value; `depth` is how many more may lie in one another.
    fn skip(&mut self, kind: u8, depth: usize) -> Result<()> {
        let depth = depth.checked_sub(1).ok_or(Malformed)?;
        match kind {
            1 | 2 => Ok(()),
            3 => self.step(1),
            4..=6 => self.length().map(|_| ()),
            7 => self.step(8),
            8 => {
                let length = usize::try_from(self.length()?).map_err(|_| Malformed)?;
                self.step(length)
            }
            LIST | 10 => {
                let (kind, count) = self.list()?;
                // a truth value has a byte of its own in a list only
                let kind = if matches!(kind, 1 | 2) { 3 } else { kind };
                (0..count).try_for_each(|_| self.skip(kind, depth))
            }
            11 => {
                let count = usize::try_from(self.length()?).map_err(|_| Malformed)?;
                if count == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                if count > self.rest.len() {
                    return Err(Malformed);
                }
                (0..count).try_for_each(|_| {
                    self.skip(kinds >> 4, depth)?;
                    self.skip(kinds & 0x0F, depth)
                })
            }
            STRUCT => self.fields(|walk, _, kind| walk.skip(kind, depth)),
            13 => self.step(16),
            _ => Err(Malformed),
        }
    }

    /// Steps over the header of a page of the second version; gives how many bytes of the page are never packed.
    fn plain_of_second(&mut self) -> Result<usize> {
        const DEFINITIONS: i64 = 5;
        const REPETITIONS: i64 = 6;
        const IS_PACKED: i64 = 7;
        let mut plain = 0_usize;
        self.fields(|walk, field, kind| {
            match (field, kind) {
                (DEFINITIONS | REPETITIONS, INTEGER_32) => {
                    let length = usize::try_from(walk.whole()?).map_err(|_| Malformed)?;
                    plain = plain.saturating_add(length);
                }
                // the kind is the value of a truth value
                (IS_PACKED, 2) => plain = usize::MAX,
                _ => walk.skip(kind, DEEPEST)?,
            }
            Ok(())
        })?;
        Ok(plain)
    }

    /// Steps over the schema, a tree written as a list: each group says how many of the elements after it are its own.
    fn schema(&mut self) -> Result<()> {
        const CHILDREN: i64 = 5;
        let (kind, count) = self.list()?;
        if kind != STRUCT {
            return Err(Malformed);
        }
        // how many elements are still to come in each of the groups that are open
        let mut open: Vec<i64> = Vec::new();
        for _ in 0..count {
            let mut children = 0;
            self.fields(|walk, field, kind| {
                if field == CHILDREN && kind == INTEGER_32 {
                    children = walk.whole()?;
                    return Ok(());
                }
                walk.skip(kind, DEEPEST)
            })?;
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if open.len() > DEEPEST {
                return Err(Malformed);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        // a structure with a list of whole numbers
        assert_eq!(check_description(&[0x19, 0x25, 2, 4, 0]), Ok(()));
        for bytes in [
            &[][..],
            &[0x19, 0x25, 2, 4],                            // it does not end
            &[0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0x0F, 2, 4, 0], // a list of many more than there are bytes
            &[0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, b'a', 0], // such a text
            &[0x1B, 0xFF, 0xFF, 0x0F, 0x55, 0],             // such a map
            &[0x16, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], // a number without end
            &[0x1E, 0],                                     // a kind that does not exist
            &[0x1C; 100],                                   // structures in structures
        ] {
            assert_eq!(check_description(bytes), Err(Malformed), "{bytes:?}");
        }
    }

    #[test]
    fn a_schema_is_as_deep_as_it_says() {
        /// Groups in one another, and a column in the last.
        fn nested(groups: u8) -> Vec<u8> {
            let mut bytes = vec![0x29, 0xFC, groups + 1];
            for _ in 0..groups {
                bytes.extend([0x55, 2, 0]);
            }
            bytes.extend([0, 0]);
            bytes
        }
        assert_eq!(check_description(&nested(60)), Ok(()));
        assert_eq!(check_description(&nested(90)), Err(Malformed));
    }

    #[test]
    fn a_page_says_how_large_it_is() {
        let sizes = page_sizes(&[0x15, 0, 0x15, 20, 0x15, 10, 0x1C, 0, 0, 7, 7, 7, 7, 7]).unwrap();
        assert_eq!((sizes.header, sizes.unpacked, sizes.packed, sizes.plain), (9, 10, 5, 0));
        let second = |last: u8| page_sizes(&[0x25, 20, 0x15, 10, 0x5C, 0x55, 6, 0x15, 2, last, 0, 0]).unwrap().plain;
        assert_eq!((second(0x11), second(0x12)), (4, usize::MAX));
        assert!(page_sizes(&[0x15, 0, 0x15, 19, 0x15, 10, 0]).is_err());
        assert!(page_sizes(&[0x15, 0, 0]).is_err());
    }
}
