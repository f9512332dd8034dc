import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {findProcess, waitForDeath} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const growOnSignal = fileURLToPath(new URL('../fixtures/grow-on-signal.mjs', import.meta.url))

interface Checkup {
  deaths: {
    at: string
    who: string
    pid?: number
    session?: string
    verdict: string
    why: string
    says: string
    certainty: string
    evidence: string[]
  }[]
  environment: {hosts: {session: string; pid: number; socket: string}[]; strays: {who: string; pid: number}[]}
  problems: {what: string; todo: string}[]
}

async function checkup(home: Home): Promise<Checkup> {
  const {stdout, stderr} = await home.holdfast(['doctor', '--json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Checkup
}

/** Each death in a few words. */
async function verdictsOf(home: Home): Promise<string[]> {
  const {deaths} = await checkup(home)
  for (const {evidence} of deaths) expect(evidence).not.toEqual([])
  return deaths.map(({who, verdict, why, certainty}) => `${who}: ${verdict} ${why}${certainty === 'shown' ? '' : '?'}`)
}

const env = {NODE_OPTIONS: `--import=${growOnSignal} --max-old-space-size=128 --max-semi-space-size=1`}

const openIdle = (home: Home) => openTui(home, [], {env})

/** The three processes of a TUI with an open session. */
async function castOf(home: Home, tui: Tui) {
  await tui.waitFor('· idle')
  return {client: findProcess(tui.pid)!, gateway: await home.process('gateway'), host: await home.process('host')}
}

interface Cause {
  name: string
  cause(tui: Tui, pids: {gateway: number; host: number}): Promise<void> | void
  /** Whose death to wait for. */
  ends: 'client' | 'gateway' | 'host'
  verdicts: string[]
}

const kill = (pid: number, signal: NodeJS.Signals) => void process.kill(pid, signal)
const goneWithIt = 'gateway: parent tui-ended'

const causes: Cause[] = [
  {
    name: 'SIGKILL of the TUI',
    cause: (tui) => tui.kill('SIGKILL'),
    ends: 'client',
    verdicts: ['gateway: parent tui-ended?', 'tui: signal SIGKILL?'],
  },
  {
    name: 'SIGTERM of the TUI',
    cause: (tui) => tui.kill('SIGTERM'),
    ends: 'client',
    verdicts: [goneWithIt, 'tui: signal SIGTERM'],
  },
  {
    name: 'a terminal that is closed',
    cause: (tui) => tui.close(),
    ends: 'client',
    verdicts: [goneWithIt, 'tui: signal SIGHUP'],
  },
  {
    name: '/quit',
    cause: (tui) => tui.submitLast('/quit'),
    ends: 'client',
    verdicts: [goneWithIt, 'tui: user the user left'],
  },
  {
    name: 'memory of the TUI that is used up bit by bit',
    cause: (tui) => tui.kill('SIGUSR2'),
    ends: 'client',
    verdicts: [goneWithIt, 'tui: memory memory-critical'],
  },
  {
    name: 'SIGKILL of the gateway',
    cause: (_, {gateway}) => kill(gateway, 'SIGKILL'),
    ends: 'gateway',
    verdicts: ['gateway: signal SIGKILL'],
  },
  {
    name: 'SIGTERM of the gateway from outside',
    cause: (_, {gateway}) => kill(gateway, 'SIGTERM'),
    ends: 'gateway',
    verdicts: ['gateway: signal SIGTERM'],
  },
  {
    name: 'SIGSEGV of the gateway',
    cause: (_, {gateway}) => kill(gateway, 'SIGSEGV'),
    ends: 'gateway',
    verdicts: ['gateway: own-error SIGSEGV'],
  },
  {
    name: 'SIGKILL of the host',
    cause: (_, {host}) => kill(host, 'SIGKILL'),
    ends: 'host',
    verdicts: ['host: signal SIGKILL?'],
  },
  {
    name: 'SIGTERM of the host',
    cause: (_, {host}) => kill(host, 'SIGTERM'),
    ends: 'host',
    verdicts: ['host: signal SIGTERM'],
  },
]

test.for(causes)('$name has a verdict of its own', async ({cause, ends, verdicts}) => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const cast = await castOf(home, tui)
  await cause(tui, {gateway: cast.gateway.pid, host: cast.host.pid})
  await waitForDeath(cast[ends], {timeoutMs: 20_000})
  if (ends === 'client') await waitForDeath(cast.gateway)
  // Its parent tells of it a moment later.
  await until(async () => (await verdictsOf(home)).length >= verdicts.length, {what: `${verdicts.length} verdicts`})
  expect((await verdictsOf(home)).toSorted()).toEqual(verdicts)
})

test('a gateway whose heap is exhausted at once is told from one that was killed', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {...env, FAULT: 'at-once'}})
  await tui.waitFor('· idle')
  const gateway = await home.process('gateway')
  process.kill(gateway.pid, 'SIGUSR2')
  await waitForDeath(gateway, {timeoutMs: 30_000})
  await until(async () => (await verdictsOf(home)).length > 0, {what: 'a verdict'})
  expect(await verdictsOf(home)).toEqual(['gateway: memory heap-exhausted'])
})

test('a closed session is the user’s doing', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--', 'true'])
  const host = await home.process('host')
  await home.holdfast(['close', '--all'])
  await waitForDeath(host)
  expect(await verdictsOf(home)).toEqual(['host: user session-closed'])
})

const programs: {name: string; program: string | undefined; verdict: string}[] = [
  {
    name: 'exits with 1 and a message',
    program: '#!/bin/sh\necho "api_key=abcdef is wrong" >&2; exit 1\n',
    verdict: 'gateway: own-error exit-1',
  },
  {
    name: 'misses a module',
    program: '#!/bin/sh\nexec node "$0.gone.mjs"\n',
    verdict: 'gateway: own-error module-missing',
  },
  {name: 'is not there', program: undefined, verdict: 'gateway: machine program-missing'},
  {name: 'cannot be executed', program: 'not-executable', verdict: 'gateway: machine not-permitted'},
  {name: 'ends with 0 and no word', program: '#!/bin/sh\nexit 0\n', verdict: 'gateway: unknown exit-0'},
]

test.for(programs)('a gateway that $name has a verdict of its own', async ({program, verdict}) => {
  await using home = createHome()
  const path = `${home.project}/gateway`
  if (program !== undefined) {
    writeFileSync(path, program)
    if (program.startsWith('#!')) chmodSync(path, 0o755)
  }
  const run = await home.holdfast(['run', '--', 'true'], {env: {HOLDFAST_GATEWAY: path}})
  expect(run.exitCode).toBe(1)
  const found = await checkup(home)
  expect(new Set(await verdictsOf(home))).toEqual(new Set([verdict]))
  // What it said may hold anything.
  expect(JSON.stringify(found)).not.toContain('abcdef')
})

test('a gateway that is deaf is ended by its parent, and that is told from a signal from outside', async () => {
  await using home = createHome()
  const path = `${home.project}/gateway`
  writeFileSync(path, '#!/bin/sh\nexec sleep 60\n', {mode: 0o755})
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: path}})
  await until(async () => (await verdictsOf(home)).length > 0, {what: 'a verdict', timeoutMs: 30_000})
  const [death] = (await checkup(home)).deaths
  expect(death).toMatchObject({who: 'gateway', verdict: 'parent', certainty: 'shown'})
  expect(death?.evidence.join('\n')).toContain('signal=SIGTERM')
  await tui.submitLast('/quit')
  await tui.exited
  expect(home.processes().filter(({argv}) => argv[0] === 'sleep')).toEqual([])
})

test('a gateway that is stopped, and so deaf, is ended by its parent and replaced; the session goes on', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  await waitForDeath(gateway, {timeoutMs: 30_000})
  await tui.submit('echo still here')
  await tui.waitFor(/^still here$/m, {timeoutMs: 15_000})
  expect(await verdictsOf(home)).toEqual(['gateway: parent it was unresponsive'])
})

test('without the log nothing is known', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway, host, client} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  for (const victim of [client, gateway, host]) {
    process.kill(victim.pid, 'SIGKILL')
    await waitForDeath(victim)
  }
  rmSync(`${home.state}/logs`, {recursive: true})
  expect((await verdictsOf(home)).toSorted()).toEqual([
    'gateway: unknown no-record?',
    'host: unknown no-record?',
    'tui: unknown no-record?',
  ])
  // Told once, from then on it is in the log.
  expect(await verdictsOf(home)).toHaveLength(3)
})

test('nothing of what was typed, printed or set gets into the crash log, the marks or what doctor prints', async () => {
  await using home = createHome()
  const secret = 'c4nary'
  await using tui = await openTui(home, [], {env: {ANTHROPIC_API_KEY: `${secret}-env`}})
  await tui.submit(`echo ${secret}-prompt >&2; export TOKEN=${secret}-shell`)
  await tui.waitFor(/^✓/m)
  const {gateway, host} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGKILL')
  process.kill(host.pid, 'SIGABRT')
  await waitForDeath(host)
  await tui.submit(`echo ${secret}-again`)
  await tui.waitFor(/^c4nary-again$/m)
  const program = `${home.project}/gateway`
  writeFileSync(program, `#!/bin/sh\necho "password=${secret}-said" >&2; exit 1\n`, {mode: 0o755})
  const failed = await home.holdfast(['run', '--', `echo ${secret}-argv`], {env: {HOLDFAST_GATEWAY: program}})
  expect(failed.exitCode).toBe(1)
  expect(failed.stderr).not.toContain(secret)
  const {stdout} = await home.holdfast(['doctor', '--json'])
  expect(stdout).not.toContain(secret)
  const files = ['logs', 'run'].flatMap((folder) =>
    readdirSync(`${home.state}/${folder}`).map((name) => `${home.state}/${folder}/${name}`),
  )
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'))
  expect(texts.join('\n')).toContain('spawn child=gateway')
  expect(texts.join('\n')).not.toContain(secret)
})

test('killing only the TUI leaves nothing but hosts that are listed', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway, host} = await castOf(home, tui)
  tui.kill('SIGKILL')
  await waitForDeath(gateway)
  const [{id}] = await sessionsOf(home)
  const {environment, problems} = await checkup(home)
  const listed = {session: id, pid: host.pid, socket: 'answers', version: expect.stringMatching(/^\d/) as string}
  expect(environment).toMatchObject({hosts: [listed], strays: [], sockets: []})
  expect(problems).toEqual([])
  // Besides it, only its shell.
  expect(home.processes().filter(({role}) => role !== 'program')).toMatchObject([{pid: host.pid}])
})

test('a gateway that could not go with its TUI is a stray', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {client, gateway} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  tui.kill('SIGKILL')
  await waitForDeath(client)
  const {environment, problems} = await checkup(home)
  expect(environment.strays).toMatchObject([{who: 'gateway', pid: gateway.pid}])
  expect(problems).toMatchObject([{todo: `end it: \`kill -9 ${gateway.pid}\``}])
  process.kill(gateway.pid, 'SIGCONT')
  await waitForDeath(gateway)
  expect((await checkup(home)).problems).toEqual([])
})

test('what is wrong in the environment is said, with what to do', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--', 'true'])
  const host = await home.process('host')
  process.kill(host.pid, 'SIGSTOP')
  chmodSync(home.state, 0o755)
  const {stdout, exitCode} = await home.holdfast(['doctor'])
  process.kill(host.pid, 'SIGCONT')
  expect(exitCode).toBe(1)
  expect(stdout).toContain(`(pid ${host.pid}) does not answer`)
  expect(stdout).toContain(`chmod 700 ${home.state}`)
  chmodSync(home.state, 0o700)
  expect(await home.holdfast(['doctor'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Wrong here\n {2}nothing\n$/) as string,
  })
})

test('a home that cannot be used is a finding, not a fault', async () => {
  await using home = createHome()
  const inFile = `${home.project}/plain`
  writeFileSync(inFile, '')
  const found = await home.holdfast(['doctor', '--json'], {env: {HOLDFAST_HOME: inFile}})
  expect(found).toMatchObject({exitCode: 1, stderr: ''})
  expect((JSON.parse(found.stdout) as Checkup).problems).toMatchObject([{what: `${inFile} is not a folder`}])
  const deep = `${home.project}/${'d'.repeat(100)}`
  mkdirSync(deep, {mode: 0o700})
  const {problems} = JSON.parse(
    (await home.holdfast(['doctor', '--json'], {env: {HOLDFAST_HOME: deep}})).stdout,
  ) as Checkup
  expect(problems[0]?.what).toContain('too long a path')
})
