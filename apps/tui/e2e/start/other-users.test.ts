import {chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {poison, poisonedVersion, version} from '../support/poisoned-cache.ts'
import {openSecondUser, type SecondUser} from '../support/second-user.ts'
import {startServer} from '../support/serve.ts'

/** Each returns the home that the user is led to, and the sentence with which it is refused. */
const homes: Record<string, (other: SecondUser, home: Home) => {state: string; problem: string}> = {
  'belongs to another user': ({sh, folder, uid}) => {
    sh('mkdir -m 755 home')
    return {state: `${folder}/home`, problem: `${folder} belongs to another user (uid ${uid})`}
  },
  'belongs to another user, in a folder for all': ({uid, sh}, {state}) => {
    mkdirSync(state, {mode: 0o777})
    chmodSync(state, 0o1777)
    sh('mkdir -m 777 "$1"', [`${state}/home`])
    return {state: `${state}/home`, problem: `${state}/home belongs to another user (uid ${uid})`}
  },
  'belongs to another user, who waits for readers there': ({sh, folder, uid}) => {
    sh(
      'mkdir -m 755 home home/logs home/sessions home/run && mkfifo -m 666 home/logs/crash.log home/sessions/0123456789.db',
    )
    return {state: `${folder}/home`, problem: `${folder} belongs to another user (uid ${uid})`}
  },
  'is in a folder of another user': ({folder, uid, sh}) => {
    sh('chmod 777 .')
    mkdirSync(`${folder}/mine`, {mode: 0o700})
    return {state: `${folder}/mine`, problem: `${folder} belongs to another user (uid ${uid})`}
  },
  'does not exist yet, in a folder of another user': ({folder, uid, sh}) => {
    sh('chmod 777 .')
    return {state: `${folder}/home`, problem: `${folder} belongs to another user (uid ${uid})`}
  },
  'is reached by a symbolic link of another user': ({sh, uid}, {state, user}) => {
    mkdirSync(state, {mode: 0o777})
    chmodSync(state, 0o1777)
    mkdirSync(`${user}/mine`, {mode: 0o700})
    sh('ln -s "$1" "$2"', [`${user}/mine`, `${state}/link`])
    return {state: `${state}/link`, problem: `the symbolic link ${state}/link belongs to another user (uid ${uid})`}
  },
  'can be written to by all': (_, {state}) => {
    mkdirSync(state)
    chmodSync(state, 0o777)
    return {state, problem: `every user can write to ${state}`}
  },
  'can be written to by all, and has the sticky bit': (_, {state}) => {
    mkdirSync(state)
    chmodSync(state, 0o1777)
    return {state, problem: `every user can write to ${state}`}
  },
  'is in a folder that can be written to by all': (_, {state}) => {
    mkdirSync(`${state}/home`, {recursive: true, mode: 0o700})
    chmodSync(state, 0o777)
    return {state: `${state}/home`, problem: `every user can write to ${state}`}
  },
  'has a folder of another user in it': ({sh, uid}, {state}) => {
    mkdirSync(state)
    chmodSync(state, 0o777)
    sh('mkdir -m 777 "$1"', [`${state}/run`])
    chmodSync(state, 0o700)
    return {state, problem: `${state}/run belongs to another user (uid ${uid})`}
  },
}

test.for(Object.entries(homes))('a home that %s is refused, and stays as it was', async ([, prepare]) => {
  await using home = createHome()
  // The second user has to get to the folders of the test.
  chmodSync(home.user.slice(0, -'/user'.length), 0o755)
  const {state, problem} = prepare(openSecondUser(), home)
  const before = listing(state)
  const env = {HOLDFAST_HOME: state}
  for (const args of [['ls'], ['run', '--', 'true'], ['serve', '--listen', '127.0.0.1:0'], ['gateway'], ['talk']]) {
    const {stdout, stderr, exitCode} = await home.holdfast(args, {env})
    expect({args, stdout, stderr, exitCode}).toMatchObject({args, stdout: '', exitCode: 1})
    expect(stderr).toMatch(/^holdfast: [^\n]+\n$/)
    expect(stderr).toContain(`holdfast: ${problem}: `)
  }
  const doctor = await home.holdfast(['doctor', '--json'], {env})
  const {problems} = JSON.parse(doctor.stdout) as {problems: {problem: string}[]}
  expect({problem: problems[0]?.problem, exitCode: doctor.exitCode}).toEqual({problem, exitCode: 1})
  expect(listing(state)).toEqual(before)
  // For the end of the test.
  rmSync(home.state, {recursive: true, force: true})
})

test('a home that is reached by a link of its user, in a folder for all, is used', async () => {
  await using home = createHome()
  mkdirSync(`${home.user}/mine`, {mode: 0o700})
  symlinkSync(`${home.user}/mine`, home.state)
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
  expect(readdirSync(`${home.user}/mine`).sort()).toEqual(['logs', 'run', 'sessions'])
})

/** The names in a folder, and its mode. */
function listing(folder: string): unknown {
  const stat = lstatSync(folder, {throwIfNoEntry: false})
  return stat?.isDirectory() ? {mode: stat.mode, names: readdirSync(folder)} : stat?.mode
}

/**
 * Each plants a code cache that prints another version, as the second user, and returns how the user is led to it. `code` is
 * such a cache; the user's own, below `~/.cache`, is one, too, to show where that is used.
 */
const plants: Record<string, (other: SecondUser, home: Home, code: Buffer) => Record<string, string>> = {
  'a folder of another user as XDG_CACHE_HOME': ({sh, folder}, _, code) => {
    sh('mkdir -m 755 holdfast && cat >holdfast/other', [], code)
    return {XDG_CACHE_HOME: folder}
  },
  'a folder for all as XDG_CACHE_HOME': ({sh}, {project}, code) => {
    chmodSync(project, 0o1777)
    sh('mkdir -m 755 "$1/holdfast" && cat >"$1/holdfast/other"', [project], code)
    return {XDG_CACHE_HOME: project}
  },
  'a link of another user to his own folder': ({sh, folder}, {project}, code) => {
    chmodSync(project, 0o1777)
    sh('mkdir -m 755 holdfast && cat >holdfast/other && ln -s "$1" "$2"', [folder, `${project}/link`], code)
    return {XDG_CACHE_HOME: `${project}/link`}
  },
  "a link of another user to the user's own folder, which he can change at any moment": ({sh}, {user, project}) => {
    chmodSync(project, 0o1777)
    sh('ln -s "$1" "$2"', [`${user}/.cache`, `${project}/link`])
    return {XDG_CACHE_HOME: `${project}/link`}
  },
  'a link to a file of another user in the place of the cache': ({sh, folder}, {user}, code) => {
    sh('cat >other', [], code)
    rmSync(`${user}/.cache/holdfast/other`)
    symlinkSync(`${folder}/other`, `${user}/.cache/holdfast/other`)
    return {}
  },
  'a home folder of another user, as after `su`': ({sh, folder}, _, code) => {
    sh('mkdir -m 755 -p .cache/holdfast && cat >.cache/holdfast/other', [], code)
    return {HOME: folder}
  },
}

test.for(Object.entries(plants))('%s: no code of it runs', async ([, plant]) => {
  await using home = createHome()
  chmodSync(home.user.slice(0, -'/user'.length), 0o755)
  const printVersion = async (env = {}) => (await home.holdfast(['--version'], {env})).stdout.trim()
  for (let start = 0; start < 2; start++) await printVersion()
  const own = `${home.user}/.cache/holdfast/other`
  poison(own)
  expect(await printVersion()).toBe(poisonedVersion)
  const env = plant(openSecondUser(), home, readFileSync(own))
  expect(await printVersion(env)).toBe(version)
})

test("Node's compile cache in the temporary folder, prepared by another user, is neither read nor written", async () => {
  await using home = createHome()
  chmodSync(home.user.slice(0, -'/user'.length), 0o755)
  chmodSync(home.temporary, 0o1777)
  const {sh} = openSecondUser()
  const prepared = `${home.temporary}/node-compile-cache`
  sh('mkdir -m 777 "$1"', [prepared])
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', exitCode: 0})
  await home.holdfast(['close', '--all'])
  expect(readdirSync(prepared)).toEqual([])
})

test('serve gives no session to another user, who cannot read its token', async () => {
  await using home = createHome()
  // As if the home were in a folder that others may enter.
  chmodSync(home.user.slice(0, -'/user'.length), 0o755)
  await using server = await startServer(home, {ownToken: true})
  const {sh, tries} = openSecondUser()
  expect(tries('cat "$1"', [`${home.state}/token`])).not.toBe(0)
  const request = [
    'GET / HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n')
  const connect = 'exec 3<>"/dev/tcp/127.0.0.1/$1"; printf %s "$2" >&3; head -n 1 <&3'
  const answer = sh('exec bash -c "$1" bash "$2" "$3"', [connect, new URL(server.url).port, request])
  expect(answer).toBe('HTTP/1.1 401 Unauthorized')
})
