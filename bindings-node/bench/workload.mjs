// The workload's people, in every form that somebody measured takes them in: what `examples/workload/generate.py` wrote.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const MONEY = ['dep', 'dep_tgt', 'loan', 'loan_tgt', 'int_due', 'int_col', 'npl', 'npl_lim'];
const COUNTS = ['cust', 'cust_tgt', 'compl'];

export const TIERS = ['senior', 'middle', 'junior'].flatMap((level) => ['A', 'B', 'C'].map((grade) => `${level} ${grade}`));
export const THRESHOLDS = [95, 90, 85, 80, 75, 70, 65, 60];
export const SCHEME = fileURLToPath(new URL('examples/workload/scheme.yaml', ROOT));

/** So many people, as whole units: money in cents, satisfaction in tenths; and the totals in hundredths they must get. */
export function units(rows, folder) {
  const wanted = folder ?? fileURLToPath(new URL(`examples/workload/data/nat_${rows}`, ROOT));
  if (!existsSync(`${wanted}/total.i64`)) {
    console.error(`The people are not there yet (the generator needs numpy):\n  python examples/workload/generate.py nat ${rows} ${wanted} --integers`);
    process.exit(2);
  }
  const read = (name) => {
    const bytes = readFileSync(`${wanted}/${name}.i64`);
    return new BigInt64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  return Object.fromEntries([...MONEY, ...COUNTS, 'satisf', 'branch', 'total', 'tier'].map((name) => [name, read(name)]));
}

const place = (name) => (MONEY.includes(name) ? 2 : name === 'satisf' ? 1 : 0);

/** The facts as typed columns of the numbers themselves. */
export function floats(all) {
  const columns = { id: Int32Array.from(all.total, (_, at) => at + 1), branch: Int32Array.from(all.branch, Number) };
  for (const name of [...MONEY, ...COUNTS, 'satisf']) {
    const unit = 10 ** place(name);
    const numbers = Float64Array.from(all[name], (units) => Number(units) / unit);
    columns[name] = COUNTS.includes(name) ? Int32Array.from(numbers) : numbers;
  }
  return columns;
}

/** The facts as typed columns of whole units with their places. */
export function scaled(all) {
  const columns = { id: Int32Array.from(all.total, (_, at) => at + 1), branch: Int32Array.from(all.branch, Number) };
  for (const name of [...MONEY, ...COUNTS, 'satisf']) columns[name] = place(name) === 0 ? all[name] : { units: all[name], places: place(name) };
  return columns;
}

/** The first people as row objects of numbers. */
export function rows(columns, count) {
  const names = Object.keys(columns);
  return Array.from({ length: count }, (_, at) => {
    const row = Object.fromEntries(names.map((name) => [name, columns[name][at]]));
    return { ...row, id: `E${row.id}`, branch: `B${row.branch}` };
  });
}
