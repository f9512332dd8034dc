'use strict'
// Apart from cli.js, because an older Node cannot even read `import()`.
void import('./main.mjs')
