//! The equations of the kept side modulo a prime, factored once and solved many times.

use super::equations::Equations;
use super::field::Field;

/// The matrix of the kept unknowns but the first as L·D·Lᵀ, modulo a prime.
///
/// The first is held at zero, because the equations determine all but a common shift. The other side is eliminated: each
/// of its unknowns stands in one equation with those it is connected with.
pub(super) struct Factor {
    field: Field,
    /// What stands in each row of L before the diagonal.
    lower: Vec<Vec<u64>>,
    /// 1 over the diagonal of D.
    inverses: Vec<u64>,
    /// 1 over how many each unknown of the other side is connected with.
    shares: Vec<u64>,
}

impl Factor {
    /// Nothing when a pivot is zero modulo the prime; another prime is tried then.
    pub(super) fn of(equations: &Equations, field: Field) -> Option<Self> {
        let shares = equations.others.iter().map(|other| field.inverse(other.degree())).collect::<Option<Vec<_>>>()?;
        let mut matrix = matrix(equations, field, &shares);
        let mut lower: Vec<Vec<u64>> = Vec::with_capacity(matrix.len());
        let mut inverses: Vec<u64> = Vec::with_capacity(matrix.len());
        for row in &mut matrix {
            let diagonal = row.pop()?;
            // row · D, from the left
            let mut scaled: Vec<u64> = Vec::with_capacity(row.len());
            for (entry, earlier) in row.iter().zip(&lower) {
                scaled.push(field.subtract(*entry, field.dot(&scaled, earlier)));
            }
            let own: Vec<u64> =
                scaled.iter().zip(&inverses).map(|(entry, inverse)| field.multiply(*entry, *inverse)).collect();
            inverses.push(field.inverse(field.subtract(diagonal, field.dot(&scaled, &own)))?);
            lower.push(own);
        }
        Some(Self { field, lower, inverses, shares })
    }

    pub(super) const fn field(&self) -> Field {
        self.field
    }

    /// 1 over how many the unknown at this place of the other side is connected with.
    pub(super) fn shares(&self) -> &[u64] {
        &self.shares
    }

    /// Solves for the kept unknowns but the first; `right` is replaced by them.
    pub(super) fn solve(&self, right: &mut [u64]) {
        let field = self.field;
        for (at, row) in self.lower.iter().enumerate() {
            if let Some((before, [value, ..])) = right.split_at_mut_checked(at) {
                *value = field.subtract(*value, field.dot(row, before));
            }
        }
        for (value, inverse) in right.iter_mut().zip(&self.inverses) {
            *value = field.multiply(*value, *inverse);
        }
        for (at, row) in self.lower.iter().enumerate().rev() {
            if let Some((before, [value, ..])) = right.split_at_mut_checked(at) {
                for (earlier, entry) in before.iter_mut().zip(row) {
                    *earlier = field.subtract(*earlier, field.multiply(*value, *entry));
                }
            }
        }
    }
}

/// The lower half of the matrix, each row up to its diagonal.
fn matrix(equations: &Equations, field: Field, shares: &[u64]) -> Vec<Vec<u64>> {
    let mut rows: Vec<Vec<u64>> = Vec::with_capacity(equations.kept.len());
    for (at, kept) in equations.kept.iter().skip(1).enumerate() {
        let mut row = vec![0; at];
        row.push(kept.degree);
        rows.push(row);
    }
    for (other, share) in equations.others.iter().zip(shares) {
        // the first is no unknown, and the places ascend
        let places = other.kept.strip_prefix(&[0]).unwrap_or(&other.kept);
        for (count, place) in (1..).zip(places) {
            let Some(row) = rows.get_mut(*place as usize - 1) else { continue };
            for column in places.iter().take(count) {
                if let Some(entry) = row.get_mut(*column as usize - 1) {
                    *entry = field.subtract(*entry, *share);
                }
            }
        }
    }
    rows
}
