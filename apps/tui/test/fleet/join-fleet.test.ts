import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {claimFile, homePaths, openSqliteLog, sessionPaths, writeClaimFile} from '@holdfast/event-log'
import {sendOrder} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test, vi} from 'vitest'

import {startServer} from '../../../../packages/fleet/test/fixtures/start-servers.ts'
import {openTestFleet, removeLeases} from '../../../../packages/fleet/test/fixtures/test-fleet.ts'
import {joinFleet, type FleetMember} from '../../src/cli/commands/serve/join-fleet.ts'

function createHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hf-join-'))
  const {run, sessions} = homePaths(home)
  for (const folder of [run, sessions]) mkdirSync(folder)
  onTestFinished(() => rmSync(home, {recursive: true}))
  return home
}

/** A log as a host leaves it that has claimed its session. */
function createSession(home: string, machine: string): void {
  const sessionId = createSessionId()
  const {log: file} = sessionPaths(home, sessionId)
  const log = openSqliteLog({file, sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  log.close()
  writeClaimFile(claimFile(file), {fleet: 'main', machine, epoch: 1, promise: 'local', through: 1})
}

async function startNats() {
  // What the machine says is not of the test.
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => stderr.mockRestore())
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const serve = async (home: string, name: string): Promise<FleetMember> => {
    const choice = {servers: [server.url], name: 'main'}
    // Nothing renews or loses the lease meanwhile.
    const options = {name, replicas: 1, lease: 60_000}
    const gateway = {hostCommand: ['false'], version: '1.2.3'} as const
    const member = await joinFleet(choice, options, {home, gateway, breadcrumbs: noBreadcrumbs, onFailure: () => {}})
    onTestFinished(() => member.close())
    return member
  }
  const drain = async (machine: string) => {
    const order = () => sendOrder(fleet, machine, {kind: 'drain', now: false})
    await expect.poll(order).toMatchObject({kind: 'draining', left: 0})
  }
  return {fleet, serve, drain}
}

test('a home with sessions is not started under another name, unless it was drained', async () => {
  const {serve, drain} = await startNats()
  const home = createHome()
  await (await serve(home, 'box')).close()
  createSession(home, 'box')
  await expect(serve(home, 'box2')).rejects.toMatchObject({
    name: 'UserError',
    message:
      'the sessions of this home are those of machine box of the fleet main: start it with --name box; to give it another name, first drain it with `holdfast fleet drain box`, and stop it',
  })
  const again = await serve(home, 'box')
  rmSync(homePaths(home).sessions, {recursive: true})
  await drain('box')
  await again.close()
  expect((await serve(home, 'box2')).name).toBe('box2')
})

test('a drained machine leaves its fleet when it ends, but not with a session that began since', async () => {
  const {serve, drain} = await startNats()
  const [empty, used] = [createHome(), createHome()]
  const [a, b] = [await serve(empty, 'a'), await serve(used, 'b')]
  await drain('a')
  await drain('b')
  createSession(used, 'b')
  await Promise.all([a.close(), b.close()])
  expect(existsSync(`${empty}/fleet.json`)).toBe(false)
  expect(existsSync(`${used}/fleet.json`)).toBe(true)
})

test('a machine leaves its fleet also where its lease cannot be given up', async () => {
  const {fleet, serve, drain} = await startNats()
  const home = createHome()
  const member = await serve(home, 'box')
  await drain('box')
  await removeLeases(fleet)
  await member.close()
  expect(existsSync(`${home}/fleet.json`)).toBe(false)
  expect((await serve(home, 'box')).name).toBe('box')
})
