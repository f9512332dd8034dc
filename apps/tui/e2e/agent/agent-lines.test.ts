import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTalk} from '../support/talk-terminal.ts'

/** What `talk` says about the `edit` of the scripted agent, up to its question. */
const before = [
  '> edit',
  'Thinking: It is the second line.',
  'I look at it.',
  'Plan',
  'Done: Look at it',
  'To do: Change it',
  'Tool: Edit a.ts',
  '/project/a.ts',
  'one',
  'removed: two',
  'added: three',
]
const question = ['The agent asks: Edit a.ts', '1. Allow once', '2. Reject']
const answered = ['Answered: Allow once', 'Tool done: Edit a.ts', 'Plan', 'Done: Look at it', 'Done: Change it']

test('talk says what the agent does, and a number answers its question', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using talk = await openTalk(home, ['talk', '--agent', 'scripted'])
  talk.type('edit\r')
  await talk.waitFor(/^Number:$/m)
  talk.type('3\r')
  await talk.waitFor('Type a number from 1 to 2, and press Enter.')
  await talk.waitFor(() => talk.lines().at(-1) === 'Number:')
  talk.type('1\r')
  await talk.waitFor(/^done, \d/m)
  const lines = talk.lines()
  expect(
    lines.slice(
      lines.indexOf('> edit'),
      lines.findIndex((line) => line.startsWith('done, ')),
    ),
  ).toEqual([
    ...before,
    ...question,
    'Number: 3',
    'Type a number from 1 to 2, and press Enter.',
    'Number: 1',
    ...answered,
    'It is changed.',
  ])
  await talk.enter('hello')
  expect(talk.lines()).toContain('echo: hello')
})

test('an open question is asked again when talk and the gateway were killed', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using first = await openTalk(home, ['talk', '--agent', 'scripted'])
  first.type('edit\r')
  await first.waitFor(/^Number:$/m)
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await first.waitFor(/was restarted/)
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const [{id}] = await sessionsOf(home)
  await using talk = await openTalk(home, ['talk', '--resume', id], {isBusy: true})
  await talk.waitFor(/^Number:$/m)
  expect(talk.scrollback()).toContain(['The agent works on this prompt: edit', ...question, 'Number:'].join('\n'))
  talk.type('2\r')
  await talk.waitFor(/^done, \d/m)
  expect(talk.scrollback()).toContain(['Answered: Reject', 'Tool failed: Edit a.ts', 'Then not.'].join('\n'))
})

test('keys that are typed while the agent works reach nobody; Ctrl-C interrupts it', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using talk = await openTalk(home, ['talk', '--agent', 'scripted'])
  talk.type('wait\r')
  await talk.waitFor('waiting')
  talk.type('x')
  await talk.waitFor('The agent takes no input while it works. Ctrl-C interrupts it.')
  talk.press('ctrl-c')
  await talk.waitFor(/^interrupted, \d/m)
})

test('run prints the answer on stdout, and what the agent does and asks on stderr', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  const running = home.startHoldfast(['run', '--agent', 'scripted', '--', 'edit'])
  const [{id}] = await sessionsOf(home)
  await using talk = await openTalk(home, ['talk', '--resume', id], {isBusy: true})
  await talk.waitFor(/^Number:$/m)
  talk.type('1\r')
  const {stdout, stderr, exitCode} = await running.ended
  expect(stdout).toBe('I look at it.\n\nIt is changed.\n')
  expect(stderr).toMatch(
    /^holdfast: the agent asks: Edit a\.ts \(Allow once, Reject\): answer it with `.*--resume \w+`$/m,
  )
  expect(stderr).toContain('⚙ Edit a.ts\n  /project/a.ts\n    one\n  - two\n  + three\n')
  expect(exitCode).toBe(0)
})

test('talk logs in to an agent that wants that first, and starts it again', async () => {
  await using home = createHome()
  addScriptedAgent(home, {}, {auth: 'kept'})
  await using talk = await openTalk(home, ['talk', '--agent', 'scripted'])
  await talk.enter('hello')
  await talk.waitFor('/agent login key: API key')
  await talk.enter('/agent login key')
  await talk.waitFor('Logged in')
  await talk.enter('hello again')
  await talk.waitFor('echo: hello again')
})
