import {copyFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {bundle} from '../../../apps/tui/bundle.ts'
import {WORKLOADS, type Value, type WorkloadName} from './workloads.ts'

export interface Measurement extends Value {
  round: number
  workload: WorkloadName
}

/** Measures the built app beside the least program of its kind, which is built in the same way. */
export async function* benchTui(rounds: number, only: string | undefined): AsyncGenerator<Measurement> {
  const folder = at('../out/hello-world')
  await bundle(at('programs/hello-world.tsx'), folder)
  const programs = {node: `${folder}/node`, helloWorld: `${folder}/cli.js`}
  copyFileSync(process.execPath, programs.node)
  const names = (Object.keys(WORKLOADS) as WorkloadName[]).filter((name) => only === undefined || name === only)
  if (names.length === 0) throw new TypeError(`Expected \`--only\` to be one of ${namesOfWorkloads}, got \`${only}\``)
  for (let round = 1; round <= rounds; round++) {
    for (const workload of names) {
      for await (const value of WORKLOADS[workload](programs)) yield {round, workload, ...value}
    }
  }
}

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

const namesOfWorkloads = Object.keys(WORKLOADS).join(', ')
