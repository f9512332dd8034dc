import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {findProcess, waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const growOnSignal = fileURLToPath(new URL('../fixtures/grow-on-signal.mjs', import.meta.url))

interface Checkup {
  exits: {role: string; cause: string; detail: string; isCertain: boolean; evidence: object[]}[]
  environment: {hosts: {session: string; pid: number; socket: string}[]; orphans: {role: string; pid: number}[]}
  problems: {problem: string; action: string}[]
}

async function checkup(home: Home): Promise<Checkup> {
  const {stdout, stderr} = await home.holdfast(['doctor', '--json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Checkup
}

/** Each exit in one line. */
async function exitsOf(home: Home): Promise<string[]> {
  const {exits} = await checkup(home)
  for (const {evidence} of exits) expect(evidence).not.toEqual([])
  return exits.map(({role, cause, detail, isCertain}) =>
    // The reason depends on what the gateway notices first.
    role === 'gateway' && cause === 'requested' ? gatewayToo : `${role}: ${cause} ${detail}${isCertain ? '' : '?'}`,
  )
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
  /** The process whose exit the test waits for. */
  ends: 'client' | 'gateway' | 'host'
  exits: string[]
}

const kill = (pid: number, signal: NodeJS.Signals) => void process.kill(pid, signal)
const gatewayToo = 'gateway: requested'

const causes: Cause[] = [
  {
    name: 'SIGKILL of the TUI',
    cause: (tui) => tui.kill('SIGKILL'),
    ends: 'client',
    exits: [gatewayToo, 'tui: external SIGKILL?'],
  },
  {
    name: 'SIGTERM of the TUI',
    cause: (tui) => tui.kill('SIGTERM'),
    ends: 'client',
    exits: [gatewayToo, 'tui: external SIGTERM'],
  },
  {
    name: 'a terminal that is closed',
    cause: (tui) => tui.close(),
    ends: 'client',
    exits: [gatewayToo, 'tui: external SIGHUP'],
  },
  {
    name: '/quit',
    cause: (tui) => tui.submitLast('/quit'),
    ends: 'client',
    exits: [gatewayToo, 'tui: requested the user left'],
  },
  {
    name: 'memory of the TUI that is used up bit by bit',
    cause: (tui) => tui.kill('SIGUSR2'),
    ends: 'client',
    exits: [gatewayToo, 'tui: out-of-memory memory-critical'],
  },
  {
    name: 'SIGKILL of the gateway',
    cause: (_, {gateway}) => kill(gateway, 'SIGKILL'),
    ends: 'gateway',
    exits: ['gateway: external SIGKILL'],
  },
  {
    name: 'SIGTERM of the gateway from outside',
    cause: (_, {gateway}) => kill(gateway, 'SIGTERM'),
    ends: 'gateway',
    exits: ['gateway: external SIGTERM'],
  },
  {
    name: 'SIGSEGV of the gateway',
    cause: (_, {gateway}) => kill(gateway, 'SIGSEGV'),
    ends: 'gateway',
    exits: ['gateway: crashed SIGSEGV'],
  },
  {
    name: 'SIGKILL of the host',
    cause: (_, {host}) => kill(host, 'SIGKILL'),
    ends: 'host',
    exits: ['host: external SIGKILL?'],
  },
  {
    name: 'SIGTERM of the host',
    cause: (_, {host}) => kill(host, 'SIGTERM'),
    ends: 'host',
    exits: ['host: external SIGTERM'],
  },
]

test.for(causes)('$name has a cause of its own', async ({cause, ends, exits}) => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const cast = await castOf(home, tui)
  await cause(tui, {gateway: cast.gateway.pid, host: cast.host.pid})
  await waitForExit(cast[ends])
  if (ends === 'client') await waitForExit(cast.gateway)
  // Its parent records it a moment later.
  await until(async () => (await exitsOf(home)).length >= exits.length, {what: `${exits.length} exits`})
  expect((await exitsOf(home)).toSorted()).toEqual(exits)
})

test('a gateway that runs out of memory at its start is reported as such, not as killed', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {...env, FAULT: 'at-once'}})
  await tui.waitFor('· idle')
  const gateway = await home.process('gateway')
  process.kill(gateway.pid, 'SIGUSR2')
  await waitForExit(gateway, {timeoutMs: 30_000})
  // Until its parent has recorded the exit, anybody who looks infers another one.
  const hasRecorded = () => readFileSync(`${home.state}/logs/crash.log`, 'utf8').includes('heap-exhausted')
  await until(hasRecorded, {what: 'the record of its exit'})
  expect(await exitsOf(home)).toEqual(['gateway: out-of-memory heap-exhausted'])
})

test('the exit of a closed session’s host was requested by the user', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'true'])
  const host = await home.process('host')
  await home.holdfast(['close', '--all'])
  await waitForExit(host)
  expect(await exitsOf(home)).toEqual(['host: requested session-closed'])
})

const programs: {name: string; program: string | undefined; exit: string}[] = [
  {
    name: 'exits with 1 and a message',
    program: '#!/bin/sh\necho "api_key=abcdef is wrong" >&2; exit 1\n',
    exit: 'gateway: crashed exit-1',
  },
  {
    name: 'lacks a module',
    program: '#!/bin/sh\nexec node "$0.gone.mjs"\n',
    exit: 'gateway: crashed module-missing',
  },
  {name: 'is not there', program: undefined, exit: 'gateway: not-started program-missing'},
  {name: 'cannot be executed', program: 'not-executable', exit: 'gateway: not-started not-permitted'},
  {name: 'exits with 0 and no reason', program: '#!/bin/sh\nexit 0\n', exit: 'gateway: unknown exit-0'},
]

test.for(programs)('a gateway that $name has a cause of its own', async ({program, exit}) => {
  await using home = createHome()
  const path = `${home.project}/gateway`
  if (program !== undefined) {
    writeFileSync(path, program)
    if (program.startsWith('#!')) chmodSync(path, 0o755)
  }
  const run = await home.holdfast(['run', '--', 'true'], {env: {HOLDFAST_GATEWAY: path}})
  expect(run.exitCode).toBe(6)
  const found = await checkup(home)
  expect(new Set(await exitsOf(home))).toEqual(new Set([exit]))
  // Its stderr may contain anything.
  expect(JSON.stringify(found)).not.toContain('abcdef')
})

test('a gateway that is never ready is reported as stopped by its parent, not by a signal from outside', async () => {
  await using home = createHome()
  const path = `${home.project}/gateway`
  writeFileSync(path, '#!/bin/sh\nexec sleep 60\n', {mode: 0o755})
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: path}})
  await until(async () => (await exitsOf(home)).length > 0, {what: 'an exit', timeoutMs: 30_000})
  const [exit] = (await checkup(home)).exits
  expect(exit).toMatchObject({role: 'gateway', cause: 'stopped-by-parent', isCertain: true})
  expect(exit?.evidence).toContainEqual(
    expect.objectContaining({facts: expect.objectContaining({signal: 'SIGTERM'}) as object}),
  )
  await tui.submitLast('/quit')
  await tui.exited
  expect(home.processes().filter(({argv}) => argv[0] === 'sleep')).toEqual([])
})

test('the TUI kills and replaces a gateway that is stopped (SIGSTOP); the session continues', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  await waitForExit(gateway, {timeoutMs: 30_000})
  await tui.submit('echo still here')
  await tui.waitFor(/^still here$/m, {timeoutMs: 15_000})
  expect(await exitsOf(home)).toEqual(['gateway: stopped-by-parent it was unresponsive'])
})

test('without the crash log, no cause is known', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway, host, client} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  for (const victim of [client, gateway, host]) {
    process.kill(victim.pid, 'SIGKILL')
    await waitForExit(victim)
  }
  rmSync(`${home.state}/logs`, {recursive: true})
  expect((await exitsOf(home)).toSorted()).toEqual([
    'gateway: unknown no-record?',
    'host: unknown no-record?',
    'tui: unknown no-record?',
  ])
  // From now on the log has it, once.
  expect(await exitsOf(home)).toHaveLength(3)
})

test('crash log, PID files and doctor contain no prompts, output or environment', async () => {
  await using home = createHome()
  const secret = 'c4nary'
  await using tui = await openTui(home, [], {env: {ANTHROPIC_API_KEY: `${secret}-env`}})
  await tui.submit(`echo ${secret}-prompt >&2; export TOKEN=${secret}-shell`)
  await tui.waitFor(/^✓/m)
  const {gateway, host} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGKILL')
  process.kill(host.pid, 'SIGABRT')
  await waitForExit(host)
  await tui.submit(`echo ${secret}-again`)
  await tui.waitFor(/^c4nary-again$/m)
  const program = `${home.project}/gateway`
  writeFileSync(program, `#!/bin/sh\necho "password=${secret}-said" >&2; exit 1\n`, {mode: 0o755})
  const failed = await home.holdfast(['run', '--', `echo ${secret}-argv`], {env: {HOLDFAST_GATEWAY: program}})
  expect(failed.exitCode).toBe(6)
  expect(failed.stderr).not.toContain(secret)
  const {stdout} = await home.holdfast(['doctor', '--json'])
  expect(stdout).not.toContain(secret)
  const files = ['logs', 'run'].flatMap((folder) =>
    readdirSync(`${home.state}/${folder}`).map((name) => `${home.state}/${folder}/${name}`),
  )
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'))
  expect(texts.join('\n')).toContain('"event":"spawn","facts":{"child":"gateway"')
  expect(texts.join('\n')).not.toContain(secret)
})

test('after a kill of the TUI, only listed hosts are left', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {gateway, host} = await castOf(home, tui)
  tui.kill('SIGKILL')
  await waitForExit(gateway)
  const [{id}] = await sessionsOf(home)
  const {environment, problems} = await checkup(home)
  const listed = {session: id, pid: host.pid, socket: 'responsive', version: expect.stringMatching(/^\d/) as string}
  expect(environment).toMatchObject({hosts: [listed], orphans: [], sockets: []})
  expect(problems).toEqual([])
  // The other process is its shell.
  expect(home.processes().filter(({role}) => role !== 'program')).toMatchObject([{pid: host.pid}])
})

test('doctor reports a gateway that did not exit with its TUI as an orphan', async () => {
  await using home = createHome()
  await using tui = await openIdle(home)
  const {client, gateway} = await castOf(home, tui)
  process.kill(gateway.pid, 'SIGSTOP')
  tui.kill('SIGKILL')
  await waitForExit(client)
  const {environment, problems} = await checkup(home)
  expect(environment.orphans).toMatchObject([{role: 'gateway', pid: gateway.pid}])
  expect(problems).toMatchObject([{action: `end it: \`kill -9 ${gateway.pid}\``}])
  process.kill(gateway.pid, 'SIGCONT')
  await waitForExit(gateway)
  expect((await checkup(home)).problems).toEqual([])
})

test('doctor reports problems of the environment with their remedies', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'true'])
  const host = await home.process('host')
  process.kill(host.pid, 'SIGSTOP')
  chmodSync(home.state, 0o755)
  const {stdout, exitCode} = await home.holdfast(['doctor'])
  process.kill(host.pid, 'SIGCONT')
  expect(exitCode).toBe(1)
  expect(stdout).toContain(`(pid ${host.pid}) does not respond`)
  expect(stdout).toContain(`chmod 700 ${home.state}`)
  chmodSync(home.state, 0o700)
  expect(await home.holdfast(['doctor'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Problems\n {2}none\n$/) as string,
  })
})

test('doctor reports an unusable home as a problem, and does not fail', async () => {
  await using home = createHome()
  const inFile = `${home.project}/plain`
  writeFileSync(inFile, '')
  const found = await home.holdfast(['doctor', '--json'], {env: {HOLDFAST_HOME: inFile}})
  expect(found).toMatchObject({exitCode: 1, stderr: ''})
  expect((JSON.parse(found.stdout) as Checkup).problems).toMatchObject([{problem: `${inFile} is not a folder`}])
  const deep = `${home.project}/${'d'.repeat(100)}`
  mkdirSync(deep, {mode: 0o700})
  const {problems} = JSON.parse(
    (await home.holdfast(['doctor', '--json'], {env: {HOLDFAST_HOME: deep}})).stdout,
  ) as Checkup
  expect(problems[0]?.problem).toContain('is too long')
})

test('doctor says in one line why there is no code cache, and reports a cache of Node that others can change', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['doctor'])
  expect(stdout).toContain(`\n  code cache ${home.user}/.cache/holdfast\n`)
  const caches = `${home.user}/.cache`
  chmodSync(caches, 0o770)
  const cached = {NODE_COMPILE_CACHE: `${caches}/node`}
  const found = await home.holdfast(['doctor'], {env: cached})
  const why = `other users can write to ${caches}: chmod go-w ${caches}`
  expect(found.stdout).toContain(`\n  no code cache, so starts take longer: ${why}\n`)
  expect(found.stdout).toContain(`run with Node: NODE_COMPILE_CACHE is ${cached.NODE_COMPILE_CACHE}, and ${why}\n`)
  chmodSync(caches, 0o700)
  expect((await home.holdfast(['doctor'], {env: cached})).stdout).toMatch(/Problems\n {2}none\n$/)
})
