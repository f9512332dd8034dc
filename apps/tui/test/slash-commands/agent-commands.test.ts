import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'

import {createComposer, createHistory, defaultBindings, type Composer} from '@holdfast/ink-composer'
import type {AgentState, SessionState} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {parseSlashCommand} from '../../src/slash-commands/parse-slash-command.ts'
import type {SlashCommandContext} from '../../src/slash-commands/slash-command.ts'
import {slashCommands} from '../../src/slash-commands/slash-commands.ts'
import {idleSession} from '../fixtures/idle-session.ts'

const settings: AgentState['settings'] = {
  mode: {
    current: 'ask',
    choices: [
      {id: 'ask', name: 'Ask'},
      {id: 'code', name: 'Code', description: 'edits without asking'},
    ],
  },
}
const conversation = (agent: Partial<AgentState>, changes: Partial<SessionState> = {}) =>
  idleSession({
    info: {title: 'one', agent: 'mine', cwd: '/srv', created_at: 0},
    agent: {is_ready: true, settings, ...agent},
    ...changes,
  })

let composer: Composer
let folder = ''
let state: SessionState
/** What the session was asked. */
let asked: unknown[]
let notices: (string | undefined)[]
let answers: string[]
let log: {type: string; payload: object}[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-'))
  mkdirSync(join(folder, 'holdfast'))
  vi.stubEnv('XDG_CONFIG_HOME', folder)
  vi.stubEnv('PATH', folder)
  writeFileSync(join(folder, 'my-agent'), '')
  chmodSync(join(folder, 'my-agent'), 0o755)
  const configured = {
    agents: {mine: {command: 'my-agent', args: ['--acp']}},
    permissions: {read: 'allow', edit: 'allow'},
  }
  writeFileSync(join(folder, 'holdfast/config.json'), JSON.stringify(configured))
  state = conversation({})
  ;[asked, notices, answers, log] = [[], [], [], []]
  composer = createComposer({history: createHistory(() => Promise.resolve({entries: []})), onSubmit() {}})
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, {recursive: true})
})

/** Runs a line as the screen does, and resolves with the last notice. */
async function run(line: string, {machine}: {machine?: string} = {}): Promise<string | undefined> {
  const ask =
    (what: string) =>
    async (...values: unknown[]) =>
      void asked.push([what, ...values])
  const session = {
    id: 's',
    get state() {
      return state
    },
    setAgent: ask('set'),
    setPolicy: ask('policy'),
    restartAgent: ask('restart'),
    loginAgent: ask('login'),
  }
  const context = {
    client: {
      async request(_method: string, {before_seq}: {before_seq: number}) {
        const events = log.map((event, index) => ({...event, session_id: '0123456789', seq: index + 1, at: 1}))
        // Pages of two events.
        return {events: events.filter(({seq}) => seq < before_seq).slice(-2), latest_seq: events.length}
      },
    },
    opened: async () => session,
    model: {
      snapshot: {machine, bindings: defaultBindings},
      setNotice: (text: string | undefined) => notices.push(text),
    },
    answer: (text: string) => answers.push(text),
    composer,
    openSession: ask('open'),
    reportError: (error: unknown) => expect.fail(String(error)),
  } as unknown as SlashCommandContext
  const parsed = parseSlashCommand(line, slashCommands)
  if (parsed.kind !== 'command') expect.fail(JSON.stringify(parsed))
  await parsed.command.run(context, parsed.argument)
  return notices.at(-1)
}
const key = (name: string) => composer.press({kind: 'key', name})

test.each(['/agent', '/agent retry', '/agent fresh', '/agent login', '/mode', '/model x', '/approvals'])(
  '%s says that a session with a shell has no agent',
  async (line) => {
    state = idleSession()
    expect(await run(line)).toBe('This session has a shell, and no agent: /agent mine opens a session with one')
    expect([asked, answers]).toEqual([[], []])
  },
)

test('/agent tells what the agent is', async () => {
  state = conversation(
    {
      name: 'My Agent',
      version: '1.2',
      usage: {used: 45_000, size: 200_000},
      session: {id: 'x', cwd: `${homedir()}/src`, prompts: 3},
    },
    {running: {prompt_id: 'p', text: 'go on', started_at: 1}},
  )
  await run('/agent')
  expect(answers[0]?.split('\n')).toEqual([
    'Agent      mine · My Agent 1.2',
    'State      works on a prompt',
    'Mode       Ask',
    'Context    45,000 of 200,000 tokens (23 %)',
    'Memory     3 prompts',
    'Folder     ~/src',
  ])
})

test.each([
  [{is_ready: true}, 'ready'],
  [{is_ready: false}, 'not started: the next prompt starts it'],
  [{is_ready: false, session: {id: 'x', cwd: '/', prompts: 1}}, 'ended: the next prompt brings it back'],
  [
    {is_ready: false, unavailable: {reason: 'gave-up', error: 'spawn ENOENT.'}},
    'not running: spawn ENOENT. /agent retry starts it again',
  ],
  [
    {is_ready: false, unavailable: {reason: 'not-restored'}},
    'did not bring its session back. /agent retry tries again; /agent fresh begins a new one, which knows nothing of this one',
  ],
  [
    {is_ready: false, unavailable: {reason: 'login-required', error: 'key expired'}},
    'needs a login: key expired. /agent login lists the ways',
  ],
] satisfies [AgentState, string][])('/agent tells the state %j', async (agent, said) => {
  state = conversation(agent)
  await run('/agent')
  expect(answers[0]).toContain(`\nState      ${said}\n`)
})

test('/agent NAME opens a session with that agent; one that is not there is refused here, or by another machine', async () => {
  state = idleSession()
  await run('/agent mine')
  expect(asked).toEqual([['open', {kind: 'new', agent: 'mine'}]])
  expect(await run('/agent nemo')).toMatch(/^There is no agent `nemo`: there is `mine`. /)
  expect(asked).toHaveLength(1)
  await run('/agent nemo', {machine: 'far'})
  expect(asked.at(-1)).toEqual(['open', {kind: 'new', agent: 'nemo'}])
})

test('/agent retry starts an agent that has given up, and no other', async () => {
  expect(await run('/agent retry')).toBe('Nothing to retry: `mine` has not given up')
  state = conversation({is_ready: false, unavailable: {reason: 'gave-up'}})
  await run('/agent retry')
  expect(asked).toEqual([['restart']])
})

test('/agent fresh asks, begins a new session, and drafts a summary for it', async () => {
  const said = (prompt_id: string, prompt: string, ...answer: string[]) => {
    log.push({type: 'message.start', payload: {prompt_id, text: prompt}})
    for (const text of answer) log.push({type: 'message.delta', payload: {prompt_id, text}})
  }
  log.push({type: 'session.info', payload: {title: 'one', agent: 'mine', cwd: '/', created_at: 1}})
  said('a', 'My name is Ada', 'Nice to ', 'meet ', 'you')
  log.push({type: 'message.start', payload: {prompt_id: 'b', text: '!ls', in_shell: true}})
  log.push({type: 'message.delta', payload: {prompt_id: 'b', text: 'a file'}})
  said('c', 'Why?')
  await run('/agent fresh')
  expect(composer.view.overlay?.title).toMatch(/^Begin a new session of `mine`\? It will have forgotten all/)
  expect(asked).toEqual([])
  key('enter')
  await expect.poll(() => composer.view.draft.text).not.toBe('')
  await expect.poll(() => composer.view.draft.text).not.toBe('')
  expect(asked).toEqual([['restart', {fresh: true}]])
  expect(composer.view.draft.text.split('\n\n').slice(1)).toEqual([
    'I wrote:\nMy name is Ada',
    'You answered:\nNice to meet you',
    'I wrote:\nWhy?',
    'You answered:\n(nothing)',
  ])
})

test('/agent fresh does nothing while a prompt runs, nor when the answer is no', async () => {
  await run('/agent fresh')
  key('escape')
  state = conversation({}, {running: {prompt_id: 'p', text: 'go on', started_at: 1}})
  expect(await run('/agent fresh')).toMatch(/^A prompt is running/)
  expect(asked).toEqual([])
})

test('/agent login lists the ways to log in, and takes one by its id or its name', async () => {
  expect(await run('/agent login')).toBe('`mine` does not ask for a login')
  const auth_methods = [
    {id: 'key', name: 'API key', description: 'set MY_KEY'},
    {id: 'web', name: 'Browser', args: ['login', '--web']},
  ]
  state = conversation({is_ready: false, unavailable: {reason: 'login-required', auth_methods}})
  await run('/agent login')
  expect(answers[0]?.split('\n')).toEqual([
    '/agent login key  API key: set MY_KEY',
    '/agent login web  Browser',
    '  or run in a terminal: my-agent --acp login --web',
  ])
  expect(await run('/agent login card')).toBe('Expected a way to log in: `key` or `web`, got `card`')
  await run('/agent login api key')
  await run('/agent login web')
  expect(asked).toEqual([
    ['login', 'key'],
    ['login', 'web'],
  ])
})

test('/mode lists the modes with the current one, and sets one; what the agent does not offer is refused', async () => {
  await run('/mode')
  expect(composer.view.overlay?.rows).toMatchObject([
    {text: '● Ask', hint: 'ask'},
    {text: '  Code', hint: 'code · edits without asking'},
  ])
  key('down')
  key('enter')
  await expect.poll(() => notices.at(-1)).toBe('The mode is Code')
  expect(await run('/mode CODE')).toBe('The mode is Code')
  expect(await run('/mode ask')).toBe('The mode is Ask')
  expect(asked).toEqual([
    ['set', {mode: 'code'}],
    ['set', {mode: 'code'}],
    ['set', {mode: 'ask'}],
  ])
  expect(await run('/mode plan')).toBe('Expected a mode: `ask` or `code`, got `plan`')
  expect(await run('/model')).toBe('`mine` offers no models')
  state = conversation({is_ready: false, settings: undefined})
  expect(await run('/model')).toBe('`mine` tells its models when it has started')
  expect(asked).toHaveLength(3)
})

test('/approvals lists open questions and the policy, and changes one answer of it', async () => {
  const question = {approval_id: 'q', prompt_id: 'p', title: 'Delete it?', choices: [{id: 'y', label: 'Yes'}]}
  state = conversation({policy: {edit: 'ask', fetch: 'reject'}}, {approvals: [question]})
  await run('/approvals')
  const shown = answers[0] ?? ''
  expect(shown).toContain('Open (Ctrl-T answers):\n  Delete it?\n')
  for (const row of [
    /^ {2}read {4}allow {3}set in the settings$/m,
    /^ {2}edit {4}ask {5}set in this session$/m,
    /^ {2}fetch {3}reject {2}set in this session$/m,
    /^ {2}execute ask$/m,
  ])
    expect(shown).toMatch(row)
  expect(await run('/approvals edit allow')).toBe('From now on, in this session: `edit` is allowed without asking')
  expect(asked).toEqual([['policy', {edit: 'allow', fetch: 'reject'}]])
  expect(await run('/approvals write allow')).toMatch(
    /^Expected a kind of tool: `read`, `edit`.* or `other`, got `write`$/,
  )
  expect(await run('/approvals edit')).toBe('Expected `/approvals edit` and `ask`, `allow`, or `reject`, got `edit`')
  expect(asked).toHaveLength(1)
})
