import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {SHELLS, temporaryShell} from './fixtures/temporary-shell.ts'

const TOKENS = 1500
const LINE = 'echo hi'
/** Prints a token each millisecond, five a line, each after none to four of the characters that are typed. */
const JOB = `
const {appendFileSync, writeSync} = require('node:fs')
let at = 0
const print = () => {
  try {
    writeSync(1, '${LINE}'.slice(0, at % 5) + '<' + at + '>' + (at % 5 === 4 ? '\\n' : ''))
    at += 1
  } catch (error) {
    // The terminal is full, and somebody has made it non-blocking.
    if (error.code !== 'EAGAIN') appendFileSync('done', String(error))
  }
  if (at < ${TOKENS}) setTimeout(print, 1)
  else {
    appendFileSync('done', '')
    // When it ends, Node restores the modes that the terminal had when it began, also below a line editor.
    setInterval(() => {}, 60_000)
  }
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
      await run(LINE, {onOutput})
      // From none to the longest, so that prompts are drawn to any degree.
      if (maxPauseMs > 0) await delay(runs % maxPauseMs)
    }
    await run('true', {onOutput})
    const expected = Array.from({length: TOKENS}, (_each, at) => `${LINE.slice(0, at % 5)}<${at}>`)
    const tokens = () => [...withoutControls(all).matchAll(/[a-z]*<\d+>/g)].map(([token]) => token)
    const numbers = (list: readonly string[]) => list.map((token) => token.replace(/^[a-z]+/, ''))
    await expect.poll(() => numbers(tokens()), {interval: 20}).toEqual(numbers(expected))
    const garbled = tokens().filter((token, at) => token !== expected[at])
    // fish draws its line in pieces: letters that the job prints among them are not to be told from the same ones of the line.
    expect(garbled.length, garbled.join(' ')).toBeLessThanOrEqual(name === 'fish' ? 3 : 0)
    const rest = withoutControls(background)
      .replaceAll(/[a-z]*<\d+>/g, '')
      .split(/[\r\n]+/)
    // fish has its own messages about jobs, which are long.
    if (name !== 'fish') expect(rest.filter((line) => line !== '' && !line.startsWith('[1]'))).toEqual([])
  },
)

test.each(SHELLS)('while a job exists, %s reports no echo of a command with tabs, accents and emoji', async (name) => {
  const {run, shell} = await temporaryShell('', {name})
  let background = ''
  shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
  await run('sleep 60 &')
  await run(': ä\té 👍\tend')
  await run('true')
  expect(background).not.toContain(': ä')
})

/** fish prints some in pieces, which are not to be told from a job's. */
function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
  return text.replaceAll(/\x1b(?:\[[\d;?]*[A-Za-z]|\(B|\][^\x07]*\x07)/g, '')
}

test.each(SHELLS)('%s: what a job prints right behind its command is kept', async (name) => {
  const {run, shell} = await temporaryShell('', {name})
  let printed = ''
  shell.onBackgroundOutput((data) => (printed += Buffer.from(data).toString()))
  for (let count = 0; count < 8; count += 1) {
    // The shell shows the command of a job that has ended.
    printed += (await run(`echo kept""-${count}. &`)).output
    await expect.poll(() => printed).toContain(`kept-${count}.`)
  }
})
