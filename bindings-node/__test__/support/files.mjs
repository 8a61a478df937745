// What the tests read from the repository.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const ROOT = new URL('../../../', import.meta.url);

export const path = (name) => fileURLToPath(new URL(name, ROOT));
export const text = (name) => readFileSync(path(name), 'utf8');

/** The cases of every table in a folder of `tests/cases`, each with the table's name. */
export function tables(folder) {
  if (!exists(`tests/cases/${folder}`)) return [];
  const names = readdirSync(path(`tests/cases/${folder}`)).filter((name) => name.endsWith('.toml'));
  return names.sort().map((name) => ({ name, cases: parse(text(`tests/cases/${folder}/${name}`)).case }));
}

export const exists = (name) => existsSync(path(name));

/** Row objects as an object of columns. */
export const columnsOf = (rows) => Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name])]));

/** A CSV file as the library takes it: percentages are for people, it takes decimals. */
export function facts(name) {
  const plain = (cell) => (/^-?[\d.]+%$/.test(cell) ? String(Number(`${cell.slice(0, -1)}e-2`)) : cell);
  return csv(name).map((row) => Object.fromEntries(Object.entries(row).map(([header, cell]) => [header, plain(cell)])));
}

/** The examples with people and the figures that were worked out for them: folder, scheme and what its files end with. */
export function examples() {
  const folders = readdirSync(path('examples')).filter((folder) => !folder.includes('.'));
  return folders.sort().flatMap((folder) => {
    const schemes = readdirSync(path(`examples/${folder}`)).flatMap((file) => /^scheme(.*)\.yaml$/.exec(file)?.slice(1) ?? []);
    const scored = schemes.filter((which) => exists(`examples/${folder}/expected${which}.csv`));
    return scored.map((which) => ({ folder: `examples/${folder}`, which, scheme: `examples/${folder}/scheme${which}.yaml` }));
  });
}

/** A CSV file as row objects; an empty cell stays empty text. No cell of the repository's files has a line break. */
export function csv(name) {
  const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const [head, ...lines] = text(name).trimEnd().split(/\r?\n/).map(cells);
  return lines.map((line) => Object.fromEntries(head.map((header, at) => [header, line[at]])));
}
