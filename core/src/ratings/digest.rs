//! What ids and fingerprints of a round are made of.

use sha2::{Digest as _, Sha256};

use crate::fingerprint::hex;

/// The digest of several texts, each with its length before it, so that no two lists of texts are alike.
pub(super) fn digest<'t>(fields: impl IntoIterator<Item = &'t str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update(format!("{}:", field.len()));
        hash.update(field);
        hash.update("\n");
    }
    hash.finalize().into()
}

/// How many hexadecimal digits an id has.
pub(super) const ID_DIGITS: usize = 16;

/// The first 64 bits of the digest, as hexadecimal digits.
pub(super) fn id<'t>(fields: impl IntoIterator<Item = &'t str>) -> String {
    let mut id = hex(&digest(fields));
    id.truncate(ID_DIGITS);
    id
}
