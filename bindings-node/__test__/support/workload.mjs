// People for the workload, and what they must get: in whole numbers, by nothing of the library.

const THRESHOLDS = [95, 90, 85, 80, 75, 70, 65, 60];
const TIERS = ['senior', 'middle', 'junior'].flatMap((level) => ['A', 'B', 'C'].map((grade) => `${level} ${grade}`));

/** So many people, the same every time. Cells are of every kind that JavaScript has for numbers. */
export function people(count) {
  let state = 20260923;
  const below = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const money = (cents) => (cents / 100).toFixed(2);
  return Array.from({ length: count }, (_, id) => {
    const target = () => (below(100) === 0 ? 0 : (1 + below(500)) * 1_000_000);
    const about = (cents) => Math.floor(cents * (0.4 + below(1000) / 1000)) + (cents === 0 ? below(1_000_000) : 0);
    const [dep, loan, due, limit] = [target(), target(), target(), target()];
    const customers = below(100) === 0 ? 0 : 1 + below(400);
    return {
      id: `E${String(id).padStart(5, '0')}`,
      branch: `B${below(20)}`,
      dep: money(about(dep)),
      dep_tgt: BigInt(dep / 100),
      loan: about(loan) / 100,
      loan_tgt: loan / 100,
      int_due: money(due),
      int_col: money(Math.min(due, Math.floor(due * (0.75 + below(2600) / 10_000)))),
      npl: money(about(limit)),
      npl_lim: money(limit),
      cust: below(500),
      cust_tgt: customers,
      compl: below(8),
      satisf: (below(1001) / 10).toFixed(1),
    };
  });
}

/** The total, as text with two places, and the tier. */
export function reference(row) {
  const cents = (cell) => BigInt(Math.round(Number(cell) * 100));
  const [dep, depTarget, loan, loanTarget] = [row.dep, row.dep_tgt, row.loan, row.loan_tgt].map(cents);
  // in ten-thousandths, half up; 0 where the target is
  const rate = (part, whole) => (whole === 0n ? 0n : (part * 20_000n + whole) / (2n * whole));
  const least = (a, b) => (a < b ? a : b);
  const most = (a, b) => (a > b ? a : b);
  const completion = (part, whole) => least(rate(part, whole), 12_000n);
  const collected = rate(cents(row.int_col), cents(row.int_due));
  const bad = rate(cents(row.npl), cents(row.npl_lim));
  const band = collected >= 9800n ? 100n : collected >= 9500n ? 90n : collected >= 9000n ? 75n : collected >= 8000n ? 50n : 0n;
  const points = // in ten-thousandths of a point
    20n * completion(dep, depTarget) +
    15n * completion(loan, loanTarget) +
    10n * completion(BigInt(row.cust), BigInt(row.cust_tgt)) +
    10n * completion(dep + loan, depTarget + loanTarget) +
    15n * band * 100n +
    least(most(100_000n - (bad - 5000n) * 8n, 20_000n), 100_000n) +
    10n * most(0n, 100n - 5n * BigInt(row.compl)) * 100n +
    10n * BigInt(Math.round(Number(row.satisf) * 10)) * 10n;
  const total = (points + 50n) / 100n;
  const tier = THRESHOLDS.findIndex((threshold) => total >= BigInt(threshold * 100));
  return { total: `${total / 100n}.${String(total % 100n).padStart(2, '0')}`, tier: TIERS[tier === -1 ? 8 : tier] };
}
