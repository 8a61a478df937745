// What the tests read from the repository.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const ROOT = new URL('../../../', import.meta.url);

export const path = (name) => fileURLToPath(new URL(name, ROOT));
export const text = (name) => readFileSync(path(name), 'utf8');

/** The cases of every table in a folder of `tests/cases`, each with the table's name. */
export function tables(folder) {
  const names = readdirSync(path(`tests/cases/${folder}`)).filter((name) => name.endsWith('.toml'));
  return names.sort().map((name) => ({ name, cases: parse(text(`tests/cases/${folder}/${name}`)).case }));
}

/** A CSV file without quotes as row objects; an empty cell stays empty text. */
export function csv(name) {
  const [head, ...lines] = text(name).trimEnd().split(/\r?\n/);
  if (head.includes('"') || lines.some((line) => line.includes('"'))) throw new Error(`${name} has quotes`);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at], cell])));
}
