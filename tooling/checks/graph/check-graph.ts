import {checkCircles} from './check-circles.ts'
import {checkEdges} from './check-edges.ts'
import {checkNames} from './check-names.ts'
import {checkNeutralEntries} from './check-neutral-entries.ts'
import {checkSoleImporters} from './check-sole-importers.ts'
import {HOUSE_RULES, type GraphRules} from './house-rules.ts'
import {readWorkspace} from './read-workspace.ts'

/** Where the workspace in the folder `root` breaks the rules: lines of the form `file:line: what is wrong`. */
export function checkGraph(root: string, rules: GraphRules = HOUSE_RULES): string[] {
  const packages = readWorkspace(root)
  return [
    ...checkEdges(packages, rules),
    ...checkCircles(packages),
    ...checkNeutralEntries(packages, rules),
    ...checkSoleImporters(packages, rules),
    ...checkNames(packages, rules),
  ]
}
