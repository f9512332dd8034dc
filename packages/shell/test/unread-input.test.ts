import {readdirSync, readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {temporaryFolder, temporaryShell} from './fixtures/temporary-shell.ts'

test('unread input does not become part of the next command', async () => {
  const {run, shell} = await temporaryShell()
  await run('true', {onStart: () => shell.input('rest')})
  expect((await run('echo next')).output).toBe('next\r\n')
})

test('no signal stays blocked where the read at the prompt times out at once', async () => {
  // As on a busy machine.
  const hasty = 'builtin() { command builtin "${@/#0.*/0.000001}"; }'
  const {run, shell} = await temporaryShell(hasty)
  const blocked = () => /^SigBlk:\s*0*(.*)$/m.exec(readFileSync(`/proc/${shell.pid}/status`, 'utf8'))?.[1]
  await run('true', {onStart: () => shell.input('rest')})
  await expect.poll(blocked).toBe('')
  await run('true')
  await expect.poll(blocked).toBe('')
})

test('the unread flag exists only while input may be unread', async () => {
  const temporary = await temporaryFolder()
  const {run, shell} = await temporaryShell('', {temporary})
  const flags = () => readdirSync(temporary, {recursive: true, encoding: 'utf8'}).filter((name) => name.includes('/'))
  await run('true', {onStart: () => shell.input('rest')})
  expect(flags()).toHaveLength(1)
  // In the folder of the shell, where no other user can put one.
  expect(readdirSync(temporary)).toHaveLength(1)
  await run('true')
  expect(flags()).toEqual([])
  await run('exit', {onStart: () => shell.input('rest')})
  await expect.poll(() => readdirSync(temporary)).toEqual([])
})

test('unread input has a bound', async () => {
  const {run, shell} = await temporaryShell()
  const running = run('sleep 300')
  expect(() => shell.input(Buffer.alloc(2_000_000))).toThrow(expect.objectContaining({code: 'input-overflow'}))
  shell.interrupt()
  await running
})
