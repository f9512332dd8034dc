/** Drives a bare program for another process: requests and answers are lines of JSON. Argument: how to start it, as JSON. */
import {closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs'
import {createInterface} from 'node:readline'

import type {TerminalSize} from '@holdfast/terminal'

import {openBareProgram} from './bare-program.ts'
import type {Command} from './contender.ts'

const {command, size} = JSON.parse(process.argv[2]!) as {command: Command; size: TerminalSize}
const program = openBareProgram(command, size)
const folder = mkdtempSync('/tmp/hf-bare-')
const log = openSync(`${folder}/log`, 'a')

for await (const line of createInterface(process.stdin)) {
  const {method, text} = JSON.parse(line) as {method: string; text?: string}
  process.stdout.write(`${JSON.stringify(await answer(method, text))}\n`)
}
await program.close()
closeSync(log)
rmSync(folder, {recursive: true})
process.exit()

async function answer(method: string, text = ''): Promise<unknown> {
  if (method === 'cells') return program.cells()
  if (method === 'waitFor') return await program.waitFor(text).then(() => null)
  commit()
  await program.runTrue()
  commit()
  return null
}

/** As much as SQLite writes for an event. */
function commit(): void {
  writeSync(log, Buffer.alloc(4096))
  fsyncSync(log)
}
