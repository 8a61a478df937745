// kaohe for Node.js: what ESM imports. There is one module, so that an error is of the same class for both.
import kaohe from './index.js';

export const {
  CellError, DataError, Explanation, Formula, KaoheError, RatingRound, Result, Scheme, SchemeError, agreement, severity,
  version,
} = kaohe;
export default kaohe;
