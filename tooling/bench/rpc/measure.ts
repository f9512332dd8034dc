/** One measurement, in a process of its own. Arguments: the contender, the workload. Prints one line of JSON, also of a failure. */
import {fileURLToPath} from 'node:url'

import {loadContender} from './contenders.ts'
import {WORKLOADS, type WorkloadName} from './workloads.ts'

const [, , name = '', workload = ''] = process.argv
const contender = await loadContender(name)
const caller = await contender.connect(process.execPath, [fileURLToPath(new URL('serve.ts', import.meta.url)), name])
const outcome = await WORKLOADS[workload as WorkloadName](caller, caller.childPid()).then(
  (value) => ({value}),
  (error: unknown) => ({problem: String(error)}),
)
console.log(JSON.stringify(outcome))
await caller.stop()
process.exit()
