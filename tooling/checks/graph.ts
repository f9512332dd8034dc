/** Checks who imports whom. Alone: npm test -- --only graph */
import {checkGraph} from './graph/check-graph.ts'
import {ROOT} from './root.ts'
import {reportProblems} from './report-problems.ts'

reportProblems('the import graph', checkGraph(ROOT))
