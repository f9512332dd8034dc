import {chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'

/** Each returns the home, and the sentence with which it is refused. */
const odd: Record<string, (home: Home) => {state: string; problem: string}> = {
  'a name that /proc cannot have': () => notCreated('/proc/nope'),
  'a folder below such a name': () => notCreated('/proc/nope/a/b'),
  'a folder in which nothing can be created': () => ({...notCreated('/proc/self/logs'), state: '/proc/self'}),
  'a folder below a descriptor': () => notCreated('/dev/fd/77/x'),
  'a device': () => notAFolder('/dev/null'),
  'a file': ({project}) => notAFolder(writeNew(`${project}/file`)),
  'a folder below a file': ({project}) => notAFolder(`${writeNew(`${project}/file`)}/home`),
  'a link to nothing': ({project}) => {
    symlinkSync(`${project}/gone`, `${project}/link`)
    return leadsNowhere(`${project}/link`, '')
  },
  'a folder behind a link to nothing': ({project}) => {
    symlinkSync('gone/deeper', `${project}/link`)
    return leadsNowhere(`${project}/link`, '/home')
  },
  'a link to itself': ({project}) => {
    symlinkSync('link', `${project}/link`)
    return {state: `${project}/link`, problem: `${project}/link cannot be read (ELOOP)`}
  },
  'a path that is too long for a socket': ({project}) => tooLong(`${project}/${'d'.repeat(100)}`),
  'a path that is too long for the system': ({project}) => tooLong(`${project}/${'d/'.repeat(3000)}d`),
}

function notCreated(state: string) {
  return {state, problem: `the folder ${state} cannot be created (ENOENT)`}
}

function notAFolder(state: string) {
  return {state, problem: `${state} is not a folder`}
}

function leadsNowhere(link: string, rest: string) {
  return {state: link + rest, problem: `the symbolic link ${link} leads to a folder that does not exist`}
}

function tooLong(state: string) {
  const bytes = Buffer.byteLength(`${state}/run/0123456789.sock`)
  return {state, problem: `${state} is too long: its sockets have paths of ${bytes} bytes, the limit is 103`}
}

function writeNew(file: string): string {
  writeFileSync(file, '', {mode: 0o600})
  return file
}

async function expectRefusal(home: Home, state: string, problem: string): Promise<void> {
  const env = {HOLDFAST_HOME: state}
  for (const args of [['ls'], ['run', '--', 'true']]) {
    const {stdout, stderr, exitCode} = await home.holdfast(args, {env})
    expect({args, stdout, exitCode}).toEqual({args, stdout: '', exitCode: 1})
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toContain(`holdfast: ${problem}: `)
  }
  const doctor = await home.holdfast(['doctor', '--json'], {env})
  const {problems} = JSON.parse(doctor.stdout) as {problems: {problem: string}[]}
  expect({problem: problems[0]?.problem, exitCode: doctor.exitCode, stderr: doctor.stderr}).toEqual({
    problem,
    exitCode: 1,
    stderr: '',
  })
}

test.for(Object.entries(odd))('%s as a home is refused in one sentence', async ([, prepare]) => {
  await using home = createHome()
  const {state, problem} = prepare(home)
  await expectRefusal(home, state, problem)
})

test('a home with a file in the place of one of its folders is refused in one sentence', async () => {
  await using home = createHome()
  mkdirSync(home.state, {mode: 0o700})
  const file = writeNew(`${home.state}/sessions`)
  await expectRefusal(home, home.state, `${file} is not a folder`)
  rmSync(file)
})

/** Root may read everything, unless it gives that right up. */
const withoutRights = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', 'sh', '-c', 'cd "$0"; exec "$@"']

test.for(['.', 'sessions', 'run'])(
  'a home whose folder %s cannot be read is refused, and doctor says why',
  async (name) => {
    need('user without privileges')
    const [command = '', ...words] = process.getuid?.() === 0 ? withoutRights : withoutRights.slice(2)
    await using home = createHome({launcher: [command, ...words]})
    await home.holdfast(['ls'])
    const folder = name === '.' ? home.state : `${home.state}/${name}`
    chmodSync(folder, 0)
    const {stdout, stderr, exitCode} = await home.holdfast(['ls'])
    const doctor = await home.holdfast(['doctor'])
    chmodSync(folder, 0o700)
    expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1})
    expect(stderr).toMatch(/^holdfast: .* cannot be read \(EACCES\): make yourself its owner/)
    expect(doctor.stdout).toContain(`  ${folder} cannot be read (EACCES)\n`)
    expect(doctor.exitCode).toBe(1)
    expect(readdirSync(home.state).sort()).toEqual(['logs', 'run', 'sessions'])
  },
)
