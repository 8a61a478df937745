// The same for ESM, which also has all of it as the default export.
export * from './index.js';

import * as kaohe from './index.js';
export default kaohe;
