// Random people for a scheme with every kind of input and figure, with holes and faults; the same every time.

export const SCHEME = `
kaohe: 1
scheme: 各式
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs:
  工号: { type: text, key: true }
  网点: { type: text }
  职级: { type: choice, values: [初级, 中级, 高级] }
  存款: { type: number, unit: 万元, places: 2, min: 0 }
  任务: { type: number, unit: 万元, above: 0 }
  户数: { type: number, whole: true, missing: 0 }
  备注: { type: text, missing: allow }
  违规: { type: bool, missing: false }
  入职: { type: date }
computed:
  完成率: 存款 / 任务
  四位: { formula: 存款 / 任务, round: 4 }
  大数: { formula: 存款 * 存款 * 户数, round: 6 }
  司龄: days_between(入职, as_of)
  满月: add_months(入职, 1)
  合规: not 违规
  注: 备注
  名次: rank(四位 desc ties min within 网点)
scores:
  得分:
    round: 2
    items:
      存款分: { weight: 60, completion: { of: 四位, gate: 60%, cap: 120% } }
      户数分: { weight: 40, deduct: { each: 3, times: 户数, floor: 0 } }
grades:
  等级:
    ladder: [甲, 乙, 丙]
    thresholds: { of: 得分, at_least: [[80, 甲], [60, 乙]], else: 丙 }
`;

/** A generator of whole numbers below a limit. */
export function dice(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const two = (number) => String(number).padStart(2, '0');

/**
 * So many people as row objects. Each cell is of the kind that its typed column has, so that one population can come in
 * every form; some are missing, some at fault.
 */
export function population(count, seed, { holes = true } = {}) {
  const below = dice(seed);
  const hole = (cell, share = 12) => (holes && below(share) === 0 ? null : cell);
  return Array.from({ length: count }, (_, at) => ({
    工号: `${at % 3 === 0 ? '员' : 'E'}${at}`,
    网点: hole(['城东', '城西', 'north'][below(3)], 40),
    职级: hole(['初级', '中级', '高级'][below(3)]),
    存款: hole(below(20) === 0 ? -1.25 : below(1_000_000_00) / 100),
    任务: hole(below(25) === 0 ? 0 : 1 + below(5000)),
    户数: hole(below(30)),
    备注: hole(below(2) === 0 ? '' : `备注 "${below(50)}"\n`),
    违规: hole(below(5) === 0),
    入职: hole(below(60) === 0 ? '2026-02-30' : `20${two(below(26))}-${two(1 + below(12))}-${two(1 + below(28))}`),
  }));
}

const cells = (rows, name) => rows.map((row) => row[name]);
const valid = (rows, name) => Uint8Array.from(rows, (row) => (row[name] === null ? 0 : 1));

/** The same people as typed columns wherever there is one for it. */
export function typed(rows) {
  const branches = ['north', '城东', '城西'];
  return {
    工号: cells(rows, '工号'),
    网点: { codes: Int32Array.from(rows, (row) => branches.indexOf(row.网点)), words: branches },
    职级: cells(rows, '职级'),
    存款: { units: BigInt64Array.from(rows, (row) => BigInt(Math.round((row.存款 ?? 0) * 100))), places: 2, valid: valid(rows, '存款') },
    任务: Float64Array.from(rows, (row) => row.任务 ?? NaN),
    户数: { units: Float64Array.from(rows, (row) => row.户数 ?? NaN), places: 0 },
    备注: cells(rows, '备注'),
    违规: cells(rows, '违规'),
    入职: cells(rows, '入职'),
  };
}

/** The same as a plain object of arrays. */
export const plain = (rows) => Object.fromEntries(Object.keys(rows[0]).map((name) => [name, cells(rows, name)]));
