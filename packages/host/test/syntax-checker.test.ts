import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {mayBeIncomplete} from '@holdfast/protocol'
import {planSyntaxCheck, readProcesses} from '@holdfast/shell'
import {expect, onTestFinished, test, vi} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {COMMAND_TEXTS} from '../../shell/test/fixtures/command-texts.ts'
import {createSyntaxChecker} from '../src/agent/syntax-checker.ts'
import {createShellAgent} from '../src/index.ts'

const shells = ['bash', 'zsh', 'fish', 'dash'] as const

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-syntax-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** What each shows where a quote, a pipe and a backslash are not the end. */
const continuations = {
  bash: ['> ', '> ', '> '],
  zsh: ['quote> ', 'pipe> ', '> '],
  fish: [true, true, true],
  dash: ['> ', '> ', '> '],
} as const

test.for(shells)('%s asks for the rest of an open quote, of a pipe, and behind a backslash', async (name) => {
  const isIncomplete = createSyntaxChecker()
  const asked = async (text: string) => [text, await isIncomplete(need(name), text)]
  for (const [at, text] of ["echo 'a", 'echo a |', 'echo a \\'].entries())
    expect(await asked(text)).toEqual([text, continuations[name][at]])
  for (const text of ["echo 'a'", 'echo a | cat', 'echo # \\', 'echo )'])
    expect(await asked(text)).toEqual([text, false])
})

test.for(shells)('a check in %s runs nothing, whatever its start files and its environment say', async (name) => {
  const folder = newFolder()
  const file = join(folder, 'ran')
  for (const start of ['.bashrc', '.zshenv', '.shrc', 'env']) writeFileSync(join(folder, start), `touch '${file}'\n`)
  const before = {...process.env}
  onTestFinished(() => void (process.env = before))
  process.env = {...before, HOME: folder, ZDOTDIR: folder, ENV: join(folder, 'env'), BASH_ENV: join(folder, 'env')}
  const isIncomplete = createSyntaxChecker()
  const texts = [`touch '${file}'`, `touch '${file}'\necho "`, `echo $(touch '${file}')`, `touch '${file}' \\`]
  await Promise.all(texts.map((text) => isIncomplete(need(name), text)))
  expect(existsSync(file)).toBe(false)
})

test.for(shells)('a text that is complete at first sight is complete in %s', (name) => {
  const path = need(name)
  const plain = COMMAND_TEXTS.filter((text) => !mayBeIncomplete(text))
  expect(plain).toContain('echo a | cat')
  const asked = plain.filter((text) =>
    planSyntaxCheck(path, text)!.some(({command, args, stdin, isIncomplete}) =>
      isIncomplete(spawnSync(command, args, {input: stdin, encoding: 'utf8', env: {LC_ALL: 'C'}}).stdout),
    ),
  )
  expect(asked).toEqual([])
})

test('a shell that does not answer leaves the text as complete and no process behind, and is asked again', async () => {
  const folder = newFolder()
  const path = join(folder, 'bash')
  writeFileSync(path, `#!/bin/sh\necho $$ > '${folder}/pid'\nexec sleep 60\n`)
  chmodSync(path, 0o755)
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  onTestFinished(() => void vi.useRealTimers())
  const isIncomplete = createSyntaxChecker()
  const answer = isIncomplete(path, 'echo "')
  const pidFile = join(folder, 'pid')
  await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/)
  const pid = Number(readFileSync(pidFile, 'utf8'))
  expect(readProcesses().has(pid)).toBe(true)
  vi.advanceTimersByTime(5000)
  vi.useRealTimers()
  expect(await answer).toBe(false)
  await expect.poll(() => readProcesses().has(pid)).toBe(false)

  writeFileSync(path, `#!/bin/sh\nexec ${need('bash')} "$@"\n`)
  expect(await isIncomplete(path, 'echo "')).toBe('> ')
})

test.for(shells)('nothing runs of an unfinished prompt of several lines in %s', async (name) => {
  const folder = newFolder()
  const agent = createShellAgent({cwd: folder, path: need(name), size: {cols: 80, rows: 24}, env: {HOME: folder}})
  onTestFinished(() => agent.close())
  const watch = {onStart() {}, onOutput() {}, onText() {}, onApproval() {}}
  expect(await agent.prompt('touch first\necho "', watch)).toEqual({status: 'failed', reason: 'incomplete-input'})
  expect(existsSync(join(folder, 'first'))).toBe(false)
  expect(await agent.prompt('touch second\necho ""', watch)).toMatchObject({status: 'complete', exitCode: 0})
  expect(existsSync(join(folder, 'second'))).toBe(true)
})
