/** One measurement, in a process of its own. Arguments: `rpc` or `serve`, the contender, the workload. Prints the outcome as one line of JSON. */
import {join} from 'node:path'

import {loadContender} from './contenders.ts'
import {workloads, type WorkloadName} from './workloads.ts'

const [, , subject = '', name = '', workload = ''] = process.argv
const contender = await loadContender(subject, name)
const caller = await contender.connect(process.execPath, [join(import.meta.dirname, 'serve.ts'), subject, name])
const outcome = await workloads[workload as WorkloadName](caller, caller.childPid()).then(
  (value) => ({value}),
  (error: unknown) => ({problem: String(error)}),
)
console.log(JSON.stringify(outcome))
await caller.stop()
process.exit()
