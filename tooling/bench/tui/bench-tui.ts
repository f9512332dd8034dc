import {copyFileSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {bundleScreen} from '../../../apps/tui/bundle.ts'
import {WORKLOADS, type Value, type WorkloadName} from './workloads.ts'

export interface Measurement extends Value {
  round: number
  workload: WorkloadName
}

/** Measures the built app beside the least program of its kind, which is built in the same way. */
export async function* benchTui(rounds: number, only: readonly string[]): AsyncGenerator<Measurement> {
  const folder = at('../out/hello-world')
  await bundleHelloWorld(folder)
  const programs = {node: `${folder}/node`, helloWorld: `${folder}/cli.js`}
  copyFileSync(process.execPath, programs.node)
  const names = (Object.keys(WORKLOADS) as WorkloadName[]).filter((name) => only.includes(name))
  for (let round = 1; round <= rounds; round++) {
    for (const workload of names) {
      for await (const value of WORKLOADS[workload](programs)) yield {round, workload, ...value}
    }
  }
}

/** Behind the door of the app, so that its compiled code is kept between starts, too. */
async function bundleHelloWorld(folder: string): Promise<void> {
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
  await bundleScreen({entryPoints: {main: at('programs/hello-world.tsx')}, folder})
  copyFileSync(at('../../../apps/tui/src/cli.cjs'), `${folder}/cli.js`)
  writeFileSync(`${folder}/enter.cjs`, `import('./main.mjs')\n`)
  writeFileSync(`${folder}/package.json`, '{"type": "commonjs"}\n')
}

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
