import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {SHELLS, temporaryShell} from './fixtures/temporary-shell.ts'

const TOKENS = 1500
/** Prints a token each millisecond, five a line. */
const JOB = `
const {appendFileSync, writeSync} = require('node:fs')
let at = 0
const print = () => {
  try {
    writeSync(1, '<' + at + '>' + (at % 5 === 4 ? '\\n' : ''))
    at += 1
  } catch (error) {
    // The terminal is full, and somebody has made it non-blocking.
    if (error.code !== 'EAGAIN') appendFileSync('done', String(error))
  }
  if (at < ${TOKENS}) setTimeout(print, 1)
  else appendFileSync('done', '')
}
print()
`

test.each(
  SHELLS.flatMap(
    (name) =>
      [
        [name, 'at once', 0],
        [name, 'with pauses', 30],
      ] as const,
  ),
)(
  'while commands follow each other in %s, %s, each token of a background job is reported once and in order',
  async (name, _, maxPauseMs) => {
    const {run, shell, home} = await temporaryShell('', {name})
    writeFileSync(join(home, 'job.cjs'), JOB)
    let all = ''
    let background = ''
    const onOutput = (data: Uint8Array) => (all += Buffer.from(data).toString('latin1'))
    shell.onBackgroundOutput((data) => {
      background += Buffer.from(data).toString('latin1')
      onOutput(data)
    })
    await run(`'${process.execPath}' job.cjs &`, {onOutput})
    for (let runs = 0; !existsSync(join(home, 'done')); runs++) {
      await run('echo hi', {onOutput})
      // From none to the longest, so that prompts are drawn to any degree.
      if (maxPauseMs > 0) await delay(runs % maxPauseMs)
    }
    await run('true', {onOutput})
    const expected = Array.from({length: TOKENS}, (_each, at) => at)
    const tokens = () => [...all.matchAll(/<(\d+)>/g)].map((token) => Number(token[1]))
    await expect.poll(tokens, {interval: 20}).toEqual(expected)
    const rest = background.replaceAll(/<\d+>/g, '').split(/[\r\n]+/)
    // fish prints its prompt and the echo in many pieces, of which some may be left.
    if (name !== 'fish') expect(rest.filter((line) => line !== '' && !line.startsWith('[1]'))).toEqual([])
  },
)
