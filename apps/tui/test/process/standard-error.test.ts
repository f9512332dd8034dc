import {spawn} from 'node:child_process'
import {once} from 'node:events'

import {expect, test} from 'vitest'

const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url))

/** Runs `script` in a new Node process once its stderr has no reader, and returns its exit code. */
async function exitUnread(script: string): Promise<unknown> {
  const begin = `globalThis.__VERSION__ = '0.0.0'\nfor await (const _ of process.stdin);\n${script}`
  const args = ['--conditions=holdfast-source', '--input-type=module', '--eval', begin]
  const node = spawn(process.execPath, args, {stdio: ['pipe', 'ignore', 'pipe']})
  const exit = once(node, 'exit')
  node.stderr.destroy()
  await once(node.stderr, 'close')
  node.stdin.end()
  return (await exit)[0]
}

test.each([
  [
    'a complaint',
    `const {printError} = await import(${source('process/print-error.ts')})\nprintError('nobody is there')`,
  ],
  [
    'help that is an error',
    `const {createProgram} = await import(${source('cli/program.ts')})\ncreateProgram().outputHelp({error: true})`,
  ],
])('%s without a reader of stderr is no error', async (_what, script) => {
  expect(await exitUnread(script)).toBe(0)
})

test('describing the commands does not open stderr', async () => {
  const watch = `Object.defineProperty(process, 'stderr', {get: () => process.exit(9)})`
  const load = `const {createProgram} = await import(${source('cli/program.ts')})`
  expect(await exitUnread(`${load}\n${watch}\ncreateProgram('run')`)).toBe(0)
})
