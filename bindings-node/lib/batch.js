// People scored together: taken over table by table, scored off the event loop, given back in blocks. Between blocks the
// event loop goes on, so that a server keeps answering while a whole province is scored.
'use strict';

const os = require('node:os');
const { setImmediate: turn } = require('node:timers/promises');

const cells = require('./cells.js');
const { aborted, call } = require('./errors.js');
const { giveBack } = require('./result.js');
const { takeOver } = require('./table.js');

async function score(scheme, table, { details = {}, given = {}, signal, threads = os.availableParallelism() }) {
  const goOn = async () => {
    await turn();
    if (signal?.aborted) throw aborted(signal);
  };
  if (signal?.aborted) throw aborted(signal);
  const data = scheme.data();
  const wrong = [];
  const refuse = (name, cell) => wrong.push([name, cell]);
  call(() => data.give(cells.given(given)));
  await takeOver(data, null, table, goOn, refuse);
  for (const [name, rows] of cells.details(details)) await takeOver(data, name, rows, goOn, refuse);
  if (wrong.length > 0) throw cells.noCells(wrong);
  const cancel = () => data.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let run;
  try {
    run = await data.score(Math.min(threads, 256));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (signal?.aborted) throw aborted(signal);
  return giveBack(run, Array.isArray(table), goOn);
}

module.exports = { score };
