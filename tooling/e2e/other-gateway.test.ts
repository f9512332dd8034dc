import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {createHome} from './home.ts'
import {openTui} from './tui.ts'

const fakeGateway = fileURLToPath(new URL('./fixtures/fake-gateway.ts', import.meta.url))

test('HOLDFAST_GATEWAY names the gateway that ls asks', async () => {
  await using home = createHome()
  const {stdout, exitCode} = await home.holdfast(['ls', '--json'], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({id: 'abcde00000', title: 'loud', agent: 'shouter', state: 'idle'})
})

test('HOLDFAST_GATEWAY names the gateway of the TUI', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  await tui.waitFor('loud · shouter · / · idle')
  await tui.submit('is anybody there?')
  await tui.waitFor(/^✓ 0\.0 s/m)
  expect(tui.outputOf('is anybody there?')).toEqual(['IS ANYBODY THERE?!'])
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
})

test('a gateway that is not there is one clear line, for a command and for the TUI', async () => {
  await using home = createHome()
  const env = {HOLDFAST_GATEWAY: '/no/such/gateway'}
  const {exitCode, stdout, stderr} = await home.holdfast(['ls'], {env})
  expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''})
  expect(stderr).toMatch(/^holdfast: [^\n]*\/no\/such\/gateway[^\n]*\n$/)

  await using tui = await openTui(home, [], {env})
  expect(await tui.exited).toBe(1)
  expect(tui.scrollback()).toMatch(/^holdfast: .*\/no\/such\/gateway/m)
  expect(tui.modes()).toEqual(tui.modesBefore)
})

test('a gateway that dies at once is tried three times more, then ls says what it said last', async () => {
  await using home = createHome()
  const gateway = `${home.project}/gateway`
  writeFileSync(gateway, '#!/bin/sh\necho start >> starts\necho "the disk is full" >&2\nexit 9\n')
  chmodSync(gateway, 0o755)
  const {exitCode, stderr} = await home.holdfast(['ls'], {env: {HOLDFAST_GATEWAY: gateway}})
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^holdfast: [^\n]*the disk is full[^\n]*\n$/)
  expect(readFileSync(`${home.project}/starts`, 'utf8')).toBe('start\n'.repeat(4))
})
