import {execFileSync, spawnSync} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {openLine} from '../support/cuttable-connection.ts'
import {createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

/** Runs a script of a shell, in which `run` is `holdfast run`. */
function inScript(home: Home, script: string, input?: Uint8Array) {
  const {stdout, stderr, status} = spawnSync('/bin/bash', ['-c', `${define(home)} ${script}`], {
    cwd: home.project,
    env: home.env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input && {input}),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return {stdout, stderr, status}
}

const define = (home: Home) =>
  `run() { ${home
    .launch(home.project, ['run'])
    .map((word) => `'${word}'`)
    .join(' ')} "$@"; };`

const hashOf = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

test.for([
  [`printf 'b\\na\\n' | run -- sort`, 'a\nb\n'],
  [`printf 'b\\na\\n' > list; run -- sort < list`, 'a\nb\n'],
  ['yes | run -- head -1', 'y\n'],
  ['yes | run -- true; echo $?', '0\n'],
  ['run -- cat < /dev/null', ''],
  ['run -- cat <&-', ''],
  [`printf 'one\\ntwo\\n' | run -- $'read a\\nread b\\necho "$b $a"'`, 'two one\n'],
  [`printf 'no end of line' | run -- cat`, 'no end of line'],
  [`printf 'a\\nb\\n' | while read -r line; do run -- echo "got $line" < /dev/null; done`, 'got a\ngot b\n'],
  // As ssh does.
  [`printf 'a\\nb\\nc\\n' | while read -r line; do run -- "echo got $line; cat"; done`, 'got a\nb\nc\n'],
  [`printf 'x' | run -- 'read -r line; echo "$?$line"'`, '1x\n'],
])('the stdin of run goes to the command, and ends: %s', async ([script, stdout]) => {
  await using home = createHome()
  expect(inScript(home, script!)).toEqual({stdout, stderr: '', status: 0})
})

test.for(['bash', 'zsh', 'fish', 'dash'] as const)(
  '%s: every byte reaches the command, of a pipe and of a file',
  async (shell) => {
    const path = need(shell)
    await using home = createHome()
    const data = Buffer.concat([Buffer.from([...Array(256).keys()]), randomBytes(1_000_000), Buffer.from('\x04')])
    const expected = {stdout: `${hashOf(data)}  -\n`, stderr: '', status: 0}
    expect(inScript(home, `run --shell ${path} -- sha256sum`, data)).toEqual(expected)
    writeFileSync(`${home.project}/data`, data)
    expect(inScript(home, `run --shell ${path} -- sha256sum < data`)).toEqual(expected)
  },
)

test('a command in a session reads the stdin of run, and the session goes on', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'kept=here'])
  const [{id}] = await sessionsOf(home)
  const script = `printf 'a\\nb\\n' | run --session ${id} -- 'read first; cd /usr; PAGER=most'`
  expect(inScript(home, script)).toEqual({stdout: '', stderr: '', status: 0})
  const {stdout} = await home.holdfast(['run', '--session', id, '--tty', '--', 'echo "$kept $first $PWD $PAGER $TERM"'])
  expect(stdout).toBe('here a /usr most xterm-256color\n')
})

test.for([
  ['run -- true', 'cat cat dumb 1'],
  ['run --tty -- true', 'less - xterm-256color -'],
])('`%s`: the environment says whether a terminal shows the output', async ([command, environment]) => {
  await using home = createHome()
  writeFileSync(`${home.user}/.bashrc`, 'export PAGER=less\n')
  const show = '\'echo "$PAGER ${GIT_PAGER--} $TERM ${NO_COLOR--}"\''
  expect(inScript(home, command!.replace('true', show)).stdout).toBe(`${environment}\n`)
})

test('a pager does not wait for keys where stdout is a pipe', async () => {
  need('less')
  await using home = createHome()
  writeFileSync(`${home.user}/.bashrc`, 'export PAGER=less\n')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {cwd: home.project})
  git('init', '-q')
  for (let count = 0; count < 60; count++) git('commit', '-q', '--allow-empty', '-m', `commit ${count}`)
  const {stdout, status} = inScript(home, 'run -- git log --format=%s | head -3')
  expect({stdout, status}).toEqual({stdout: 'commit 59\ncommit 58\ncommit 57\n', status: 0})
})

test('stdin crosses a lost connection: every byte reaches the command once', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using line = await openLine(server.url)
  const run = here.startHoldfast(['run', ...server.optionsFor(line.url), '--', 'echo begun; sha256sum'], {stdin: null})
  await until(() => run.stdout === 'begun\n', {what: 'the command'})
  const data = randomBytes(3_000_000)
  run.child.stdin.write(data.subarray(0, 2_000_000))
  line.cut()
  line.mend()
  run.child.stdin.end(data.subarray(2_000_000))
  const {stdout, stderr} = await run.ended
  expect(stdout).toBe(`begun\n${hashOf(data)}  -\n`)
  expect(stderr).toContain('the connection is restored')
})
