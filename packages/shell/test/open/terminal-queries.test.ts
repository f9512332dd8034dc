import {writeFile} from 'node:fs/promises'

import {describe, expect, test} from 'vitest'

import {SHELLS, temporaryShell} from '../fixtures/temporary-shell.ts'
import {whenPrinted} from '../fixtures/when-printed.ts'

/** Queries as a program does: switches the echo off, prints the query, reads the reply up to its last character. */
const query = (sequence: string, last: string, before = '') =>
  `bash -c 'stty -echo; printf "${before}${sequence}"; IFS= read -r -d ${last} x; stty echo; printf %q "$x"'`

test.each([
  ['the cursor position', query('\\e[6n', 'R', '\\e[2J\\e[5;7H'), String.raw`$'\E[5;7'`],
  ['the status of its terminal', query('\\e[5n', 'n'), String.raw`$'\E[0'`],
  ['the kind of its terminal', query('\\e[c', 'c'), String.raw`$'\E[?1;2'`],
  ['the version of its terminal', query('\\e[>c', 'c'), String.raw`$'\E[>0;276;0'`],
  ['the background colour', query('\\e]11;?\\a', '/'), String.raw`$'\E]11;rgb:0000'`],
])('a program that queries %s gets a reply', async (_, command, answer) => {
  const {run} = await temporaryShell()
  const {output, outcome} = await run(command)
  expect(output.endsWith(answer)).toBe(true)
  expect(outcome).toMatchObject({exitCode: 0})
  expect((await run('echo next')).output).toBe('next\r\n')
})

test('a reply takes the size and much earlier output into account', async () => {
  const {run, shell} = await temporaryShell()
  await run(query('\\e[6n', 'R'))
  shell.resize({cols: 200, rows: 50})
  await run('seq 20000')
  expect((await run(query('\\e[6n', 'R', '\\e[999;999H'))).output).toContain(String.raw`$'\E[50;200'`)
})

describe('each query is answered once, when another terminal takes over the answers or gives them back', () => {
  const position = query('\\e[6n', 'R', '\\e[2J\\e[5;7H')
  const positionAnswer = String.raw`$'\E[5;7'`
  /** Calls `then` when the program has asked. */
  const whenAsked = (then: () => void) => whenPrinted('\x1b[6n', then)

  test('one that was printed before the other terminal takes over', async () => {
    const {run, shell} = await temporaryShell()
    const {output} = await run(
      position,
      whenAsked(() => shell.suppressReplies(true)),
    )
    expect(output.endsWith(positionAnswer)).toBe(true)
  })

  test('one that the other terminal has not answered', async () => {
    const {run, shell} = await temporaryShell()
    shell.suppressReplies(true)
    const {output} = await run(
      position,
      whenAsked(() => shell.suppressReplies(false)),
    )
    expect(output.endsWith(positionAnswer)).toBe(true)
  })

  test('one that it has answered, and one before that it does not know', async () => {
    const {run, shell} = await temporaryShell()
    shell.suppressReplies(true)
    const asks = `printf "\\e]11;?\\a\\e[6n"; IFS= read -r -d R x; printf "\\e[5n"; IFS= read -r -d n y`
    const {output} = await run(
      `bash -c 'stty -echo; ${asks}; stty echo; printf %q "$x$y"'`,
      whenAsked(() => {
        shell.input(Buffer.from('\x1b[3;4R'))
        shell.suppressReplies(false)
      }),
    )
    expect(output.endsWith(String.raw`$'\E[3;4\E[0'`)).toBe(true)
  })
})

const queries = String.raw`\033[c\033[6n\033]11;?\007`
const shown = queries.replaceAll(String.raw`\033`, '\x1b').replaceAll(String.raw`\007`, '\x07')

describe.each(SHELLS)('%s: an answer that nobody reads reaches neither the shell nor the output', (name) => {
  test('the command that asked has ended', async () => {
    const {run, shell} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    for (let round = 0; round < 20; round++) {
      expect((await run(`printf '${queries}'`)).output).toBe(shown)
      expect((await run('echo next')).output).toBe('next\r\n')
    }
    expect(background).toBe('')
  })

  test('another program runs, which reads lines', async () => {
    const {run} = await temporaryShell('', {name})
    expect((await run(`printf '${queries}'; sleep 0.2`)).output).toBe(shown)
    expect((await run('echo next')).output).toBe('next\r\n')
  })

  test('a background job asks', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    const ask = `until [ -e go ]; do printf ready; sleep 0.1; done; printf '${queries}'; sleep 0.2; printf asked; sleep 10`
    await run(`sh -c "${ask}" &`)
    // Now the shell has drawn its prompt: it is not the shell that asks.
    await expect.poll(() => background).toContain('ready')
    await writeFile(`${home}/go`, '')
    await expect.poll(() => background).toContain('asked')
    expect(background).toContain(`${shown}asked`)
    expect((await run('echo next')).output).toBe('next\r\n')
  })
})

test.each([
  ['bash', String.raw`IFS=';' read -sdR -p $'\e[5;7H\e[6n' row column; printf %s "$row" | od -An -c`],
  ['zsh', String.raw`printf '\e[5;7H\e[6n'; read -s -d R answer; printf %s "$answer[1,3]" | od -An -c`],
] as const)('%s itself reads the answer to its question', async (name, command) => {
  const {run} = await temporaryShell('', {name})
  expect((await run(command)).output).toMatch(/ 033 +\[ +5/)
})
