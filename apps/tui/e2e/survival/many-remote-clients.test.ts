import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {openFourClients} from '../support/four-clients.ts'
import {cli, createHome} from '../support/home.ts'
import {peakMemory} from '../support/processes.ts'
import {startServer, type Server} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

const megabyte = 1024 * 1024

/** A copy of the built command that says another version; returns its path. */
function installVersion(version: string): string {
  const folder = mkdtempSync('/tmp/hf-version-')
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const app = dirname(dirname(cli))
  for (const part of ['dist', 'node_modules', 'package.json']) {
    cpSync(`${app}/${part}`, `${folder}/${part}`, {recursive: true})
  }
  for (const file of ['main.cjs', 'internal.cjs']) {
    const path = `${folder}/dist/${file}`
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"0.0.0"', `"${version}"`))
  }
  return `${folder}/dist/cli.cjs`
}

const endings = [
  {signal: 'SIGTERM', status: {exitCode: 143}},
  {signal: 'SIGKILL', status: {signal: 'SIGKILL'}},
] as const

test('a server that is upgraded, twice, keeps all sessions and all clients', {timeout: 120_000}, async () => {
  await using there = createHome()
  await using here = createHome()
  await using old = createHome({state: there.state, cli: installVersion('0.0.0-old')})
  expect((await old.holdfast(['--version'])).stdout).toContain('0.0.0-old')
  const first = await startServer(old)
  const {host: listen} = new URL(first.url)
  await using clients = await openFourClients(there, here, first.optionsFor())
  const sessions = (await sessionsOf(there)).map(({id}) => id)
  expect(sessions).toHaveLength(3)

  let server: Server = first
  for (const [index, {signal, status}] of endings.entries()) {
    server.running.child.kill(signal)
    expect(await server.running.ended).toMatchObject(status)
    await clients.havePrinted(50 + index * 20)
    server = await startServer(there, {listen})
    await clients.areRestored(index + 1)
  }
  await clients.finish()
  await server[Symbol.asyncDispose]()
  expect((await sessionsOf(there)).map(({id}) => id)).toEqual(expect.arrayContaining(sessions))
})

test(
  'clients that are too slow for a flood read on from the log, and cost the server no memory',
  {timeout: 180_000},
  async () => {
    await using there = createHome()
    await using here = createHome()
    await using server = await startServer(there)
    const at = server.optionsFor()
    const go = `${there.project}/go`
    const count = 1_000_000
    const run = here.startHoldfast([
      'run',
      '--keep',
      ...at,
      '--',
      `echo begun; until [ -e ${go} ]; do sleep 0.01; done; seq ${count}`,
    ])
    await until(() => run.stdout.includes('begun\n'), {what: 'the first line'})
    const [{id}] = await sessionsOf(there)
    const shows = [1, 2, 3].map(() => here.startHoldfast(['show', ...at, '--follow', id]))
    await until(() => shows.every(({stdout}) => stdout.includes('begun\n')), {what: 'the first line in each client'})
    const pid = server.running.child.pid!
    const before = peakMemory(pid)
    for (const {child} of shows) child.kill('SIGSTOP')
    writeFileSync(go, '')
    expect(await run.ended).toMatchObject({exitCode: 0})
    for (const {child} of shows) child.kill('SIGCONT')

    const haveRead = () => shows.every(({stdout}) => stdout.includes(`\n${count}\n`))
    await until(haveRead, {what: 'the last line in each client', timeoutMs: 90_000})
    await here.holdfast(['close', ...at, id])
    const lines = Array.from({length: count}, (_, index) => `${index + 1}\n`).join('')
    for (const {ended} of [run, ...shows]) expect((await ended).stdout.includes(`begun\n${lines}`)).toBe(true)
    expect(peakMemory(pid) - before).toBeLessThan(150 * megabyte)
  },
)
