import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {createNats, startMachine, startNats} from '../support/nats.ts'
import {until} from '../support/until.ts'

const noCluster = 'nats://127.0.0.1:1'

test('a second machine of the same name, and a second process of one, are refused', async () => {
  await using nats = await startNats()
  await using home = createHome()
  await using other = createHome()
  await using first = await startMachine(home, 'box', nats)
  const args = ['serve', '--listen', '127.0.0.1:0', '--fleet', nats.url, '--name', 'box']
  expect(await other.holdfast(args)).toMatchObject({
    stderr:
      'holdfast: another process of the fleet has the name box: give each machine a name of its own with --name\n',
    exitCode: 1,
  })
  expect(existsSync(`${other.state}/fleet.json`)).toBe(false)
  expect((await home.holdfast(args)).stderr).toBe(
    `holdfast: another \`holdfast serve --fleet\` serves ${home.state}: stop it first\n`,
  )
  expect(first.running.stderr).toBe('')
})

test('a machine that starts again is a member at once', async () => {
  await using nats = await startNats()
  await using home = createHome()
  const first = await startMachine(home, 'box', nats)
  first.running.child.kill('SIGKILL')
  await first.running.ended
  await using again = await startMachine(home, 'box', nats)
  expect(again.running.stderr).toBe('')
})

test('a machine joins when the cluster answers, and has no session beside the fleet before', async () => {
  await using nats = createNats()
  await using home = createHome()
  await using machine = await startMachine(home, 'box', nats)
  await until(() => machine.running.stderr.includes('joins the fleet as soon as it can'), {what: 'the notice'})
  const created = await home.holdfast(['new'])
  expect(created.stderr).toContain('the cluster of the fleet is needed for a new session')
  expect(created).toMatchObject({stdout: '', exitCode: 6})
  await nats.start()
  await until(() => machine.running.stderr.includes('the cluster answers: this machine is box in the fleet main'), {
    what: 'the machine in the fleet',
  })
  const {stdout} = await home.holdfast(['fleet', 'status'])
  expect(stdout).toMatch(/^box +ready +0/m)
})

test('credentials come from a file, and wrong ones are refused', async () => {
  await using nats = await startNats(
    'authorization {user: ada, password: "of the test"}'.replace('of the test', 'secret'),
  )
  await using home = createHome()
  const creds = `${home.user}/creds`
  const status = () => home.holdfast(['fleet', 'status', '--fleet', nats.url, '--creds', creds])
  writeFileSync(creds, 'ada:wrong\n', {mode: 0o600})
  const refused = await status()
  expect(refused).toMatchObject({exitCode: 4, stdout: ''})
  expect(refused.stderr).toMatch(/^holdfast: the cluster refuses this machine .*: see --creds\n$/)
  const serve = await home.holdfast(['serve', '--listen', '127.0.0.1:0', '--fleet', nats.url, '--creds', creds])
  expect(serve).toMatchObject({exitCode: 4, stdout: ''})

  writeFileSync(creds, 'ada:secret\n', {mode: 0o600})
  await using machine = await startMachine(home, 'box', {url: nats.url, args: ['--creds', creds]})
  // The machine knows its fleet, and so do its commands.
  expect(await home.holdfast(['fleet', 'status'])).toMatchObject({stderr: '', exitCode: 0})
  const {stdout} = await home.holdfast(['run', '--fleet', nats.url, '--creds', creds, '--', 'env'])
  expect(stdout).toContain('HOLDFAST_SESSION=')
  expect(machine.running.stderr).toBe('')
  expect(stdout).not.toContain('FLEET')
  expect(stdout).not.toContain('secret')
  expect(readFileSync(`${home.state}/logs/crash.log`, 'utf8')).not.toContain('secret')
})

test('only processes of a fleet load its code', async () => {
  await using nats = await startNats()
  await using home = createHome()
  const file = `${home.user}/modules`
  const env = {
    NODE_OPTIONS: `--require ${fileURLToPath(new URL('../fixtures/list-modules.cjs', import.meta.url))}`,
    MODULES: file,
  }
  const loaded = async (args: string[], count: number, exitCode = 0) => {
    writeFileSync(file, '')
    expect(await home.holdfast(args, {env})).toMatchObject({exitCode})
    const lines = await until(
      () => {
        const found = readFileSync(file, 'utf8').split('\n').slice(0, -1)
        return found.length === count && found
      },
      {what: `the ends of ${count} processes`},
    )
    return lines.map((line) => (JSON.parse(line) as string[]).includes('fleet.cjs'))
  }
  expect(await loaded(['run', '--', 'true'], 2)).toEqual([false, false])
  // The cluster has no fleet.
  expect(await loaded(['ls', '--fleet', nats.url], 1, 6)).toEqual([true])
})

test.each([
  [
    ['ls', '--fleet', 'http://box'],
    '--fleet: expected nats://HOST:PORT or tls://HOST:PORT, several with commas between them',
  ],
  [['ls', '--fleet', 'nats://ada:pw@box'], '--fleet: credentials do not belong in the URL: use --creds'],
  [['ls', '--fleet', noCluster, '--connect', 'ws://box:1'], 'expected --connect or --fleet, got both'],
  [['ls', '--creds', '/nowhere'], 'expected --fleet beside --creds'],
  [
    ['ls', '--fleet', noCluster, '--fleet-name', 'My Fleet'],
    '--fleet-name: expected 1 to 32 of a-z, 0-9 and -, got "My Fleet"',
  ],
  [['serve', '--lease', '5'], 'expected --fleet beside --lease'],
  [['--fleet', noCluster, 'doctor'], 'doctor checks this machine: leave out --fleet'],
  [['fleet', 'status'], 'this machine is in no fleet: expected --fleet nats://HOST:PORT'],
])('holdfast %j is refused', async (args, message) => {
  await using home = createHome()
  const {stderr, exitCode} = await home.holdfast(args)
  expect(stderr).toContain(message)
  expect(exitCode).toBe(2)
})

test('without a cluster, a command says so', async () => {
  await using home = createHome()
  const {stderr, exitCode} = await home.holdfast(['fleet', 'status', '--fleet', noCluster])
  expect(stderr).toMatch(/^holdfast: the cluster does not answer/)
  expect(exitCode).toBe(6)
})

test('without a cluster, lists have what this machine has, and fail', async () => {
  await using home = createHome()
  const ask = (...args: string[]) => home.holdfast([...args, '--fleet', noCluster])
  const away = {
    stderr: expect.stringMatching(
      /^holdfast: the fleet cannot be asked: the cluster does not answer: .*: only what this machine has is shown\n$/i,
    ),
    exitCode: 6,
  }
  for (const args of [
    ['ls'],
    ['ls', '--json'],
    ['ls', '--tag', 'web'],
    ['search', 'none'],
    ['prune', '--older-than', '1d', '--dry-run'],
  ])
    expect(await ask(...args)).toMatchObject({...away, stdout: ''})

  const id = (await home.holdfast(['new'])).stdout.trim()
  expect(await ask('ls')).toMatchObject({...away, stdout: expect.stringContaining(id)})
  expect(await ask('ls', '--json')).toMatchObject({...away, stdout: expect.stringMatching(/^{"id":.*\n$/)})
  const closing = await ask('close', '--all', '--json')
  expect(closing).toMatchObject({stderr: '', exitCode: 6})
  expect(JSON.parse(closing.stdout)).toMatchObject({
    result: {closed: [id], not_closed: [], incomplete: {message: expect.stringMatching(/cluster does not answer/)}},
  })
  expect(await ask('close', '--all')).toMatchObject({...away, stdout: ''})
  expect(await home.holdfast(['ls', '--json'])).toMatchObject({
    stdout: expect.stringContaining('"state":"closed"'),
    exitCode: 0,
  })
})

test('only serve creates a fleet', async () => {
  await using nats = await startNats()
  await using home = createHome()
  const status = await home.holdfast(['fleet', 'status', '--fleet', nats.url])
  expect(status).toMatchObject({
    stderr:
      'holdfast: the cluster has no fleet main: `holdfast serve --fleet` creates it, and --fleet-name says which one it is\n',
    exitCode: 1,
  })
  expect((await home.holdfast(['new', '--fleet', nats.url])).stderr).toContain('cluster has no fleet main')
})
