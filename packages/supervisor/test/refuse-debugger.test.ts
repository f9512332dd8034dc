import {spawnSync} from 'node:child_process'

import {expect, test} from 'vitest'

const source = new URL('../src/process/refuse-debugger.ts', import.meta.url).href

/** What a process prints on stderr that gets SIGUSR1. Node says where its debugger listens. */
function stderrAfterSignal(before: string): string {
  const script = `
    const {refuseDebugger} = await import(${JSON.stringify(source)})
    ${before}
    const {spawnSync} = await import('node:child_process')
    spawnSync('kill', ['-USR1', String(process.pid)])
    await import('node:timers/promises').then(({setTimeout}) => setTimeout(200))`
  const args = ['--input-type=module', '-e', script]
  return spawnSync(process.execPath, args, {encoding: 'utf8'}).stderr
}

test('a process that has refused it opens no debugger at SIGUSR1, as Node does', () => {
  expect(stderrAfterSignal('')).toContain('Debugger listening on ws://')
  expect(stderrAfterSignal('refuseDebugger(); refuseDebugger()')).toBe('')
})
