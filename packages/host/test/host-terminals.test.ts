import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import type {NewEvent} from '@holdfast/protocol'
import {expect, onTestFinished, test} from 'vitest'

import {createHostTerminals} from '../src/agent/acp/host-terminals.ts'
import {isAlive} from './fixtures/is-alive.ts'

function openTerminals() {
  const events: NewEvent[] = []
  const terminals = createHostTerminals({
    cwd: tmpdir(),
    env: {...process.env},
    size: {cols: 80, rows: 24},
    log: (event) => events.push(event),
  })
  onTestFinished(() => terminals.close())
  const {signal} = new AbortController()
  const unset = {args: undefined, env: undefined, cwd: undefined, outputByteLimit: undefined}
  const create = (command: string, rest = {}) => terminals.create({sessionId: 's', command, ...unset, ...rest}, signal)
  const ended = (id: string) => terminals.waitForExit(id, signal)
  return {events, terminals, create, ended}
}

test('words are one command with arguments, which no shell reads', async () => {
  const {terminals, create, ended} = openTerminals()
  const id = await create('printf', {args: ['%s|', 'a b', '$HOME', '*']})
  expect(await ended(id)).toEqual({exitCode: 0, signal: undefined})
  expect(await terminals.output(id)).toMatchObject({
    output: 'a b|$HOME|*|',
    truncated: false,
    exitStatus: {exitCode: 0},
  })
})

test('a command that closes its output before it exits is not hung up', async () => {
  const {create, ended} = openTerminals()
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const id = await create('exec >&- 2>&-; : > closed; until [ -e go ]; do sleep 0.05; done; exit 5', {cwd: folder})
  await expect.poll(() => existsSync(join(folder, 'closed'))).toBe(true)
  writeFileSync(join(folder, 'go'), '')
  expect(await ended(id)).toEqual({exitCode: 5, signal: undefined})
})

test('a command gets its variables and its folder', async () => {
  const {terminals, create, ended} = openTerminals()
  const id = await create('echo "$NAME in $PWD"', {env: [{name: 'NAME', value: 'Ada'}], cwd: '/usr'})
  await ended(id)
  expect(await terminals.output(id)).toMatchObject({output: 'Ada in /usr\n'})
})

test('a command that would show its output in a pager prints it: nobody can leave the pager', async () => {
  const {terminals, create, ended} = openTerminals()
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const id = await create('seq 300 > f; git init -q; git -c core.pager="less -+F" diff --no-index /dev/null f', {
    cwd: folder,
  })
  expect(await ended(id)).toMatchObject({exitCode: 1})
  expect((await terminals.output(id)).output).toMatch(/\n\+1\n.*\n\+300\n$/s)
})

test('a folder that does not exist is an error that names it', async () => {
  const {create} = openTerminals()
  await expect(create('pwd', {cwd: '/nowhere'})).rejects.toThrow('`/nowhere`: no such folder')
})

test('the agent gets the last bytes in whole characters, as plain text', async () => {
  const {terminals, create, ended} = openTerminals()
  const id = await create(String.raw`printf '\033[31mred\033[0m ää'`, {outputByteLimit: 3})
  await ended(id)
  expect(await terminals.output(id)).toMatchObject({output: 'ä', truncated: true})
  const whole = await create(String.raw`printf '\033[31mred\033[0m ää'`)
  await ended(whole)
  expect(await terminals.output(whole)).toMatchObject({output: 'red ää', truncated: false})
  const none = await create('echo hi', {outputByteLimit: 0})
  await ended(none)
  expect(await terminals.output(none)).toMatchObject({output: '', truncated: true})
})

test('the log keeps the beginning and the end of a flood, and counts the rest', async () => {
  const {events, create, ended} = openTerminals()
  const id = await create('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo end')
  await ended(id)
  const kept = events.flatMap(({type, payload}) => (type === 'terminal.output' ? [payload.text!] : [])).join('')
  const [elided] = events.flatMap(({type, payload}) => (type === 'terminal.elided' ? [payload.bytes] : []))
  expect(kept.length + elided!).toBe(20_000_000 + '\r\nend\r\n'.length)
  expect(kept.length).toBeLessThan(10_000_000)
  expect(kept.endsWith('end\r\n')).toBe(true)
})

test('a command that was killed has a terminal until it is released', async () => {
  const {terminals, create, ended} = openTerminals()
  const id = await create('echo $$; sleep 300')
  await expect.poll(async () => (await terminals.output(id)).output).toMatch(/\d+\n/)
  const pid = Number((await terminals.output(id)).output)
  await terminals.kill(id)
  expect(isAlive(pid)).toBe(false)
  expect(await ended(id)).toMatchObject({signal: 'SIGHUP'})
  expect(await terminals.output(id)).toMatchObject({output: `${pid}\n`, exitStatus: {signal: 'SIGHUP'}})
  await terminals.release(id)
  await expect(terminals.output(id)).rejects.toThrow(`Expected the id of a terminal, got \`${id}\``)
})

test('one more than 64 terminals is refused until one is released', async () => {
  const {terminals, create} = openTerminals()
  const ids = await Promise.all(Array.from({length: 64}, () => create('sleep', {args: ['300']})))
  await expect(create('true')).rejects.toThrow('Expected at most 64 terminals at a time: release one first')
  await terminals.release(ids[0]!)
  await create('true')
})

test('nothing that a command prints arrives while the log cannot be written', async () => {
  const {terminals, events, create, ended} = openTerminals()
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  terminals.pause()
  const id = await create('echo hi; : > printed', {cwd: folder})
  await expect.poll(() => existsSync(join(folder, 'printed'))).toBe(true)
  expect(events.map(({type}) => type)).toEqual(['terminal.started'])
  expect(await terminals.output(id)).toEqual({output: '', truncated: false})
  terminals.resume()
  await ended(id)
  expect(await terminals.output(id)).toMatchObject({output: 'hi\n'})
})
