import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {eventsOf} from '../support/events-of.ts'
import {createHome, type Home} from '../support/home.ts'
import {openTui} from '../support/tui.ts'
import {waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

const untilGone = (home: Home) => until(() => home.processes().length === 0, {what: 'the end of all processes'})

test.for([
  ['true', []],
  ['exit 3', []],
  ['sleep 1000 &', []],
  ['until [ -e go ]; do sleep 0.01; done', ['--no-wait']],
] as const)('a session that run made ends with its command, and its log stays: `%s` %j', async ([command, options]) => {
  await using home = createHome()
  await home.holdfast(['run', ...options, '--', command])
  if (options.length > 0) expect(await sessionsOf(home)).toMatchObject([{state: 'running', one_shot: true}])
  writeFileSync(`${home.project}/go`, '')
  await untilGone(home)
  const [{id, state}] = await sessionsOf(home)
  expect(state).toBe('closed')
  const events = await eventsOf(home, id)
  expect(events.slice(-1)).toMatchObject([{type: 'session.closed', payload: {reason: 'command-ended'}}])
  expect(events.map(({type}) => type)).toContain('message.complete')
})

test('the command of a killed run ends as it would have, its output is in the log, and then its host ends', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'echo begun; until [ -e go ]; do sleep 0.01; done; echo whole'])
  await until(() => run.stdout !== '', {what: 'the command'})
  run.child.kill('SIGKILL')
  await run.ended
  writeFileSync(`${home.project}/go`, '')
  await untilGone(home)
  const [{id}] = await sessionsOf(home)
  expect((await eventsOf(home, id)).slice(-3)).toMatchObject([
    {type: 'message.delta', payload: {text: 'whole\r\n'}},
    {type: 'message.complete', payload: {exit_code: 0}},
    {type: 'session.closed'},
  ])
})

test('a session whose host was killed says so when it is opened, and is closed then', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'echo begun; sleep 1000'])
  await until(() => run.stdout !== '', {what: 'the command'})
  const host = await home.process('host')
  process.kill(host.pid, 'SIGKILL')
  await waitForExit(host)
  expect(await run.ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('the host process died') as string,
  })
  await untilGone(home)
  expect(await sessionsOf(home)).toMatchObject([{state: 'closed'}])
})

test('--keep keeps the shell; --continue opens that session, and not a later one of run', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'kept=here'])
  const later = home.startHoldfast(['run', '--', 'echo begun; until [ -e go ]; do sleep 0.01; done'])
  await until(() => later.stdout !== '', {what: 'the later command'})
  await using tui = await openTui(home, ['--continue'])
  await tui.submit('echo "is $kept"')
  await tui.waitFor('is here')
  const {stdout} = await home.holdfast(['ls'])
  expect(stdout).toMatch(
    /^ID .*\n\w+ +idle .*kept=here.*\n\nFor one command or program each:\nID .*\n\w+ +running .*begun.*\n$/,
  )
  await tui.submit('touch go')
  expect(await later.ended).toMatchObject({exitCode: 0})
})

test('a command that Ctrl-Z has stopped has not ended: its session stays, and a later command continues it', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'sh -c "kill -TSTP \\$\\$; echo continued"'])
  expect(await run.ended).toMatchObject({exitCode: 148})
  const [{id, state, one_shot}] = await sessionsOf(home)
  expect({state, one_shot}).toEqual({state: 'idle', one_shot: undefined})
  expect((await home.holdfast(['run', '--session', id, '--', 'fg'])).stdout).toContain('continued\n')
})

/** The status of `run` in front of a reader that goes after the first line. */
function intoHead(home: Home, args: readonly string[]) {
  const {stdout, stderr} = spawnSync(
    '/bin/sh',
    ['-c', '{ "$@"; echo $? >&2; } | head -1', 'sh', ...home.launch(home.project, args)],
    {
      cwd: home.project,
      env: home.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    },
  )
  return {stdout, stderr}
}

test.for(['yes', `trap '' INT TERM; while :; do echo y; done`, `python3 -c 'while True: print("y")'`])(
  'a closed stdout ends the command: `%s`',
  async (command) => {
    need('python3')
    await using home = createHome()
    expect(intoHead(home, ['run', '--', command])).toEqual({stdout: 'y\n', stderr: '141\n'})
    await untilGone(home)
  },
)

test('a closed stdout ends the command in a session, and not the session', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'kept=here'])
  const [{id}] = await sessionsOf(home)
  expect(intoHead(home, ['run', '--session', id, '--', 'yes'])).toEqual({stdout: 'y\n', stderr: '141\n'})
  expect(await home.holdfast(['run', '--session', id, '--', 'echo $kept'])).toMatchObject({stdout: 'here\n'})
})
