import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import type {Home} from './home.ts'
import type {Process} from './processes.ts'
import {until} from './until.ts'

const jumpOnSignal = fileURLToPath(new URL('../fixtures/jump-on-signal.mjs', import.meta.url))

/** The heap in use after a garbage collection, bytes. */
export type HeapUse = Record<'client' | 'gateway' | 'host', number>

/** Processes whose clocks can be advanced by hours between two prompts. */
export interface FastMotion {
  readonly env: Readonly<Record<string, string>>
  /** Advances the clocks of all processes of the app. One of each role must be running. */
  pass(ms: number): Promise<HeapUse>
}

export function createFastMotion(home: Home): FastMotion {
  const file = `${home.temporary}/ahead`
  let ahead = 0
  writeFileSync(file, '0')
  const heapOf = async ({pid}: Process): Promise<number> => {
    process.kill(pid, 'SIGUSR2')
    const reportFile = `${file}.${pid}`
    const look = () => (existsSync(reportFile) ? readFileSync(reportFile, 'utf8').trimEnd().split(' ').map(Number) : [])
    const [, heap] = await until(() => look()[0] === ahead && look(), {what: `process ${pid} to jump in time`})
    return heap!
  }
  return {
    env: {NODE_OPTIONS: `--import=${jumpOnSignal}`, FAST_MOTION: file},
    async pass(ms) {
      ahead += ms
      writeFileSync(file, String(ahead))
      const roles = ['client', 'gateway', 'host'] as const
      const heaps = await Promise.all(roles.map(async (role) => heapOf(await home.process(role))))
      return Object.fromEntries(roles.map((role, index) => [role, heaps[index]!])) as HeapUse
    },
  }
}
