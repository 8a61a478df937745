// Compiled, never run: the same from CommonJS.
import kaohe = require('kaohe');

const figure: kaohe.Figure = new kaohe.Formula('1 / 3 * 3').evaluate();
const outcome: kaohe.Outcome = kaohe.Scheme.parse('kaohe: 1').scoreRow({ 工号: '001' });
const error: Error = kaohe.KaoheError.prototype;
console.log(figure, outcome, error, kaohe.version);
