// People scored together: taken over table by table, scored off the event loop, given back in blocks. Between blocks the
// event loop goes on, so that a server keeps answering while a whole province is scored.
'use strict';

const os = require('node:os');
const { setImmediate: turn } = require('node:timers/promises');

const cells = require('./cells.js');
const { aborted, call } = require('./errors.js');
const { giveBack } = require('./result.js');
const { giver, isBytes, takeOver } = require('./table.js');

/** Tells how far a run is, never less than before; what the other side throws ends the run. */
function told(progress, cancel) {
  const far = { last: -1, stopped: false, failed: null };
  const tell = (done, total) => {
    if (far.stopped || done <= far.last) return;
    far.last = done;
    try {
      progress(done, total);
    } catch (error) {
      far.stopped = true;
      far.failed = { error };
      cancel();
    }
  };
  return {
    tell,
    get failed() {
      return far.failed;
    },
    /** What was told late is told no more. */
    stop() {
      far.stopped = true;
    },
    /** The last word, when nobody has said it yet. */
    end(total) {
      if (far.last < total) progress(total, total);
    },
  };
}

async function score(scheme, table, options) {
  const { details = {}, given = {}, signal, threads = os.availableParallelism(), columns, text = !isBytes(table), progress, transfer } = options;
  const goOn = async () => {
    await turn();
    if (signal?.aborted) throw aborted(signal);
  };
  if (signal?.aborted) throw aborted(signal);
  const data = scheme.data();
  const wrong = [];
  const refuse = (name, cell) => wrong.push([name, cell]);
  call(() => data.give(cells.given(given)));
  const all = cells.details(details);
  const give = transfer ? giver([table, ...all.map(([, rows]) => rows)]) : null;
  await takeOver(data, null, table, goOn, refuse, give);
  for (const [name, rows] of all) await takeOver(data, name, rows, goOn, refuse, give);
  if (wrong.length > 0) throw cells.noCells(wrong);
  const cancel = () => data.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const telling = progress && told(progress, cancel);
  let run;
  try {
    run = await data.score(Math.min(threads, 256), columns?.map((name) => name.toWellFormed()), text, telling?.tell);
  } finally {
    signal?.removeEventListener('abort', cancel);
    telling?.stop();
  }
  if (telling?.failed) throw telling.failed.error;
  if (signal?.aborted) throw aborted(signal);
  const { result, total } = await giveBack(run, Array.isArray(table), text, goOn);
  telling?.end(total);
  return result;
}

module.exports = { score };
