/** Compiles and runs the examples of all markdown files, and follows their links. Alone: npm test -- --only readmes */
import {checkReadmes} from './readmes/check-readmes.ts'
import {ROOT} from './root.ts'
import {reportProblems} from './report-problems.ts'

const {problems, examples} = await checkReadmes(ROOT)
reportProblems(`${examples} examples, and the links`, problems)
