import {RpcError, type Client as SessionClient} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'
import {Client, InMemoryTransport} from '@modelcontextprotocol/client'
import {expect, test} from 'vitest'

import {serveMcp, type McpLimits} from '../src/index.ts'

type Answers = Readonly<Record<string, (params: Record<string, unknown>) => unknown>>

/** The official client, connected in this process to a server whose gateway answers like this. */
async function connect(answers: Answers, limits: McpLimits = {}) {
  const requests: string[] = []
  const sessions = {
    status: {kind: 'live'},
    async request(method: string, params: Record<string, unknown>) {
      requests.push(method)
      const answer = answers[method]
      if (answer === undefined) throw new RpcError(-32_601, `Unexpected ${method}`)
      return answer(params)
    },
    listSessions: async () => answers['session.list']?.({}),
    createSession: async (params: Record<string, unknown>) => answers['session.create']?.(params),
  } as unknown as SessionClient
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const server = serveMcp({client: sessions, version: '1.2.3', startFolder: '/', limits, transport: theirs})
  const client = new Client({name: 'test', version: '1.0.0'})
  await client.connect(ours)
  return {
    client,
    requests,
    async call(name: string, args: Record<string, unknown>) {
      const {content, isError} = await client.callTool({name, arguments: args})
      return {isError: isError ?? false, texts: content.map((part) => (part.type === 'text' ? part.text : part.type))}
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.close()
    },
  }
}

const ofAgent = {type: 'session.info', session_id: '0123456789', seq: 1, at: 0}
const info = (tags: readonly string[]) => ({
  events: [{...ofAgent, payload: {title: 't', agent: 'shell', cwd: '/', created_at: 0, tags}}],
  latest_seq: 1,
})
const session = '0123456789'

test('lists its tools with schemas that explain each argument', async () => {
  await using mcp = await connect({})
  expect(mcp.client.getServerVersion()).toMatchObject({name: 'holdfast', version: '1.2.3'})
  const {tools} = await mcp.client.listTools()
  expect(tools.map(({name}) => name)).toEqual([
    'open',
    'run',
    'input',
    'keys',
    'wait',
    'snapshot',
    'screenshot',
    'read',
    'sessions',
    'search',
    'close',
  ])
  for (const {name, inputSchema, description} of tools) {
    expect(description, name).toMatch(/\.$/)
    expect(inputSchema, name).toMatchObject({additionalProperties: false})
    for (const [argument, schema] of Object.entries(inputSchema.properties ?? {}))
      expect(schema, `${name}.${argument}`).toMatchObject({description: expect.any(String)})
  }
  // What a client spends on them in each conversation.
  expect(JSON.stringify(tools).length).toBeLessThan(12_000)
})

test('a server that may only read has no other tools', async () => {
  await using mcp = await connect({}, {readOnly: true})
  const {tools} = await mcp.client.listTools()
  expect(tools.map(({name}) => name)).toEqual(['wait', 'snapshot', 'screenshot', 'read', 'sessions', 'search'])
  expect(tools.every(({annotations}) => annotations?.readOnlyHint === true)).toBe(true)
})

test('nothing reaches a session that a person opened', async () => {
  await using mcp = await connect({'session.events': () => info([])})
  for (const [tool, args] of [
    ['run', {command: 'ls'}],
    ['input', {text: 'x'}],
    ['keys', {keys: ['x']}],
    ['close', {}],
  ] as const) {
    const {isError, texts} = await mcp.call(tool, {session, ...args})
    expect(isError, tool).toBe(true)
    expect(texts, tool).toEqual([expect.stringMatching(/^a person opened session 0123456789/)])
  }
  expect(new Set(mcp.requests)).toEqual(new Set(['session.events']))
})

test('keys and input reach a session of an agent, and its errors come back as sentences', async () => {
  const got: unknown[] = []
  await using mcp = await connect({
    'session.events': () => info(['mcp']),
    'session.input': (params) => (got.push(params), {screen_version: 7}),
    'session.keys'() {
      throw new RpcError(errorCodes.notAllowed, 'No program is running: run a command first')
    },
  })
  expect((await mcp.call('input', {session, text: 'yes'})).texts).toEqual([
    `{"session":"${session}","typed":4,"screen_version":7}`,
  ])
  expect(got).toEqual([{session_id: session, text: 'yes\r', drives: true}])
  expect(await mcp.call('keys', {session, keys: ['Enter']})).toEqual({
    isError: true,
    texts: ['No program is running: run a command first'],
  })
})

test('a session of an older version says so', async () => {
  await using mcp = await connect({'session.events': () => info(['mcp'])})
  expect((await mcp.call('snapshot', {session})).texts).toEqual([
    'Unexpected screen.snapshot: an older version of Holdfast runs the session; `open` another one',
  ])
})

test('arguments that do not fit are errors that name them', async () => {
  await using mcp = await connect({'session.events': () => info(['mcp'])})
  expect((await mcp.call('run', {session: 'x', command: 'ls'})).texts[0]).toMatch(
    /session: expected the id of a session/,
  )
  expect((await mcp.call('run', {session, command: 'ls', timeout: 1})).texts[0]).toMatch(/Unrecognized key: "timeout"/)
  expect((await mcp.call('wait', {session})).texts[0]).toMatch(/^expected exactly one of text, regex,.* got none$/)
})

test('an id of the caller names one session', async () => {
  const created: unknown[] = []
  await using mcp = await connect({
    'session.create': ({session_id, tags}) => (created.push([session_id, tags]), session_id),
    'session.events': ({types}) => ((types as string[]).includes('session.info') ? info(['mcp']) : {events: []}),
  })
  const [first, again, other] = [
    await mcp.call('open', {id: 'a long name of my own'}),
    await mcp.call('open', {id: 'a long name of my own'}),
    await mcp.call('open', {id: 'another'}),
  ]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  expect(created).toContainEqual([expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{10}$/), ['mcp']])
})

test('a screenful of sessions is bounded, and those that may not be seen are left out', async () => {
  const listed = Array.from({length: 60}, (_, index) => ({
    id: `s${index}`,
    title: 'x'.repeat(1000),
    state: index === 0 ? 'closed' : 'idle',
    agent: 'shell',
    cwd: '/',
    created_at: 0,
    updated_at: 0,
    ...(index === 1 ? {} : {tags: ['mcp']}),
  }))
  await using mcp = await connect({'session.list': () => listed}, {otherSessions: 'none'})
  const {texts} = await mcp.call('sessions', {})
  expect(texts[0]).toBe('{"sessions":50,"has_more":true}')
  expect(texts[1]).not.toMatch(/"s[01]"/)
  expect(texts[1]!.length).toBeLessThan(25_000)
})

test('a search tells nothing of sessions that may not be seen', async () => {
  const found = {updated_at: 0, hits: [{seq: 3, at: 0, text: 'a secret'}], has_more: false}
  await using mcp = await connect(
    {
      'session.list': () => [
        {id: 'of-agent', title: 't', tags: ['mcp']},
        {id: 'damaged', title: 'its log is damaged'},
      ],
      'session.search': () => ({
        sessions: [
          {id: 'of-agent', title: 't', ...found},
          {id: 'of-person', title: 't', ...found},
        ],
        unreadable: ['damaged', 'of-agent'],
      }),
    },
    {otherSessions: 'none'},
  )
  expect((await mcp.call('search', {words: ['secret']})).texts).toEqual([
    '{"hits":1,"has_more":false,"unreadable":["of-agent"]}',
    '{"session":"of-agent","title":"t","seq":3,"text":"a secret"}',
  ])
})

test('a read begins at a seq, and ends with the event that still fits', async () => {
  const events = Array.from({length: 30}, (_, index) => ({
    type: 'message.delta',
    session_id: session,
    seq: index + 1,
    at: 0,
    payload: {prompt_id: 'p', text: `\u001b[1mline ${index + 1}\u001b[0m ${'.'.repeat(60)}\r\n`},
  }))
  await using mcp = await connect({
    'session.events': ({types, after_seq}) =>
      types === undefined ? {events: events.slice((after_seq as number | undefined) ?? 0), latest_seq: 30} : info([]),
  })
  const {texts} = await mcp.call('read', {session, after_seq: 10, max_output: 300})
  expect(JSON.parse(texts[0]!)).toEqual({session, next_seq: 14, latest_seq: 30, has_more: true})
  expect(texts[1]!.replaceAll(/ \.+/g, '')).toBe('line 11\nline 12\nline 13\nline 14\n')
  const last = await mcp.call('read', {session, after_seq: -1})
  expect(last.texts[1]).toMatch(/^line 30 \.+\n$/)
})

test('a read of one long event says how to get the whole', async () => {
  const event = {
    type: 'message.delta',
    session_id: session,
    seq: 1,
    at: 0,
    payload: {prompt_id: 'p', text: 'x'.repeat(5000)},
  }
  await using mcp = await connect({
    'session.events': ({types, after_seq}) =>
      types === undefined ? {events: after_seq === 0 ? [event] : [], latest_seq: 1} : info([]),
  })
  const {texts} = await mcp.call('read', {session, after_seq: 0, max_output: 300})
  expect(JSON.parse(texts[0]!)).toEqual({
    session,
    next_seq: 1,
    latest_seq: 1,
    has_more: false,
    left_out: 'the same call with a larger max_output, up to 100000, returns what is left out',
  })
  const whole = await mcp.call('read', {session, after_seq: 0, max_output: 6000})
  expect(JSON.parse(whole.texts[0]!)).not.toHaveProperty('left_out')
  expect(whole.texts[1]).toBe('x'.repeat(5000))
})
