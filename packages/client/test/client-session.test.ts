import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import {isSessionEndedError} from '../src/index.ts'
import {openClient, output, settle, upTo, watch} from './fixtures/open-client.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

const unavailable = () => new RpcError(errorCodes.hostUnavailable, 'no host')

describe('a prompt', () => {
  test.each(['crash-before', 'crash-after'] as const)('is sent again with its id after a %s', async (how) => {
    const opened = openClient()
    const {gateway} = opened
    const {session, types} = await watch(opened)
    gateway.script('prompt.submit', how)
    const answer = await session.submit('make')
    await settle()
    const sent = gateway.requestsOf('prompt.submit')
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect(gateway.runs).toEqual([answer.prompt_id])
    expect(types).toEqual(['session.info', 'message.start'])
  })

  test('that is too large is refused before it is sent', async () => {
    const opened = openClient()
    const {session} = await watch(opened)
    const error = {code: errorCodes.tooLarge, message: expect.stringContaining('and this one 36000000')}
    await expect(session.submit('文'.repeat(12_000_000))).rejects.toMatchObject(error)
    await expect(session.update('p', '文'.repeat(12_000_000))).rejects.toMatchObject(error)
    expect(opened.gateway.requestsOf('prompt.submit')).toEqual([])
  })

  test('can be withdrawn through a gateway crash', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {session} = await watch(opened)
    gateway.script('prompt.withdraw', 'crash-after')
    await expect(session.withdraw('p')).resolves.toBe(true)
    expect(gateway.requestsOf('prompt.withdraw').map(({prompt_id}) => prompt_id)).toEqual(['p', 'p'])
  })

  test.each([
    ['there is no answer', 'silence', 30_000],
    ['its host cannot be reached', unavailable(), 100],
  ] as const)('is sent again with its id when %s', async (_what, script, laterMs) => {
    const opened = openClient()
    const {gateway} = opened
    const {session} = await watch(opened)
    gateway.script('prompt.submit', script)
    const submitted = session.submit('make')
    await vi.advanceTimersByTimeAsync(laterMs - 1)
    expect(gateway.requestsOf('prompt.submit')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    const {prompt_id} = await submitted
    const [first, second] = gateway.requestsOf('prompt.submit')
    expect(second).toEqual(first)
    expect(gateway.runs).toEqual([prompt_id])
  })

  test.each(['crash-before', 'crash-after', 'silence'] as const)(
    'and an answer to a question are sent again after a %s',
    async (how) => {
      const opened = openClient()
      const {gateway} = opened
      const {id, session} = await watch(opened)
      gateway.script('approval.answer', how)
      const answered = session.answer('q', 'once')
      await vi.advanceTimersByTimeAsync(31_000)
      await answered
      const answer = {session_id: id, approval_id: 'q', choice: 'once'}
      expect(gateway.requestsOf('approval.answer')).toEqual([answer, answer])
    },
  )

  test('settings, a policy and a restart of the agent are sent again after a crash', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened)
    const session_id = id
    const asked = {
      'agent.set': [
        () => session.setAgent({option: 'effort', value: 'high'}),
        {setting: {option: 'effort', value: 'high'}},
      ],
      'agent.policy': [() => session.setPolicy({edit: 'allow'}), {policy: {edit: 'allow'}}],
      'agent.restart': [() => session.restartAgent(), {}],
    } as const
    for (const [method, [ask, params]] of Object.entries(asked)) {
      gateway.script(method as keyof typeof asked, 'crash-before')
      const done = ask()
      await vi.advanceTimersByTimeAsync(61_000)
      await done
      expect(gateway.requestsOf(method)).toEqual([
        {session_id, ...params},
        {session_id, ...params},
      ])
    }
  })

  test('waits after gave-up, and is sent after a retry', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {session, statuses} = await watch(opened)
    gateway.scriptStarts(...Array.from({length: 4}, () => new Error('no gateway')))
    gateway.kill()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(statuses.at(-1)).toMatchObject({kind: 'gave-up'})
    const submitted = session.submit('make')
    await vi.advanceTimersByTimeAsync(60_000)
    client.retry()
    await vi.advanceTimersByTimeAsync(5000)
    const {prompt_id} = await submitted
    expect(gateway.runs).toEqual([prompt_id])
  })

  test('is not sent again to a session that has ended', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened)
    gateway.script('prompt.submit', unavailable())
    const submitted = expect(session.submit('make')).rejects.toSatisfy(isSessionEndedError)
    await settle()
    gateway.append(id, {type: 'session.closed', payload: {reason: 'user'}})
    await vi.advanceTimersByTimeAsync(200)
    await submitted
    expect(gateway.requestsOf('prompt.submit')).toHaveLength(1)
  })

  test('that the host refused is not sent again', async () => {
    const opened = openClient()
    const {session} = await watch(opened)
    opened.gateway.script('prompt.submit', new RpcError(errorCodes.notAllowed, 'too many'))
    await expect(session.submit('make')).rejects.toMatchObject({code: errorCodes.notAllowed})
    expect(opened.gateway.requestsOf('prompt.submit')).toHaveLength(1)
  })
})

describe('openSession delivers the events', () => {
  test.each([
    [0, [1, 2, 3, 4]],
    [3, [4]],
    [-2, [3, 4]],
    [9, []],
  ])('after %i', async (afterSeq, expected) => {
    const opened = openClient()
    const id = opened.gateway.createSession()
    opened.gateway.append(id, output('a'), output('b'), output('c'))
    const {seqs, session} = await watch(opened, {id, afterSeq})
    expect(seqs).toEqual(expected)
    expect(session.lastSeq).toBe(4)
  })

  test('and each resume has the last size of the terminal', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened, {size: {cols: 80, rows: 24}})
    await session.resize({cols: 100, rows: 30})
    gateway.kill()
    await settle()
    expect(gateway.requestsOf('session.resume')).toEqual([
      {session_id: id, after_seq: 0, cols: 80, rows: 24},
      {session_id: id, after_seq: 1, after_at: 1000, cols: 100, rows: 30},
    ])
  })
})

describe('a closed session', () => {
  test('ends with its last event, and is not resumed again', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {session, types, statuses} = await watch(opened)
    await session.close()
    await settle()
    gateway.kill()
    await settle()
    expect(types).toEqual(['session.info', 'session.closed'])
    expect(statuses).toEqual([{kind: 'live'}, {kind: 'ended', reason: 'user'}])
    expect(gateway.requestsOf('session.resume')).toHaveLength(1)
  })

  test('delivers the events that were missed before it ends', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs, statuses} = await watch(opened)
    gateway.kill()
    gateway.append(id, ...upTo(7).map((number) => output(`${number}`)))
    gateway.append(id, {type: 'session.closed', payload: {reason: 'user'}})
    await settle()
    expect(seqs).toEqual(upTo(9))
    expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'user'})
    expect(session.state.closed).toEqual({reason: 'user'})
    expect(opened.client.status.kind).toBe('live')
  })

  test('repeats a close whose answer was lost, without an error', async () => {
    const opened = openClient()
    const {session, statuses} = await watch(opened)
    opened.gateway.script('session.close', 'crash-after')
    await session.close()
    expect(opened.gateway.requestsOf('session.close')).toHaveLength(2)
    expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'user'})
  })
})

test('a session ends when the gateway answers that it is closed, whatever its log contains', async () => {
  const opened = openClient()
  const {statuses} = await watch(opened)
  opened.gateway.script('session.resume', new RpcError(errorCodes.sessionClosed, 'closed'))
  opened.gateway.kill()
  await settle()
  expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'closed'})
})

test('a deleted session ends with the message of the gateway', async () => {
  const opened = openClient()
  const {gateway} = opened
  const {id, statuses} = await watch(opened)
  gateway.script('session.resume', new RpcError(errorCodes.sessionNotFound, `There is no session ${id}`))
  gateway.kill()
  await settle()
  expect(statuses.at(-1)).toEqual({kind: 'ended', reason: `There is no session ${id}`})
})

describe('onRecovered', () => {
  test('is called once, with the state, before the missed events', async () => {
    const opened = openClient()
    const {gateway} = opened
    const calls: unknown[] = []
    const {id} = await watch(opened, {
      onRecovered: ({reason, state}) => calls.push([reason, state.running?.text]),
      onEvent: ({seq}) => calls.push(seq),
    })
    gateway.append(id, {type: 'message.start', payload: {prompt_id: 'p', text: 'make'}})
    gateway.scriptStarts(new Error('the disk is full'))
    gateway.kill()
    gateway.append(id, output('a'))
    await expect.poll(() => calls).toHaveLength(4)
    expect(calls).toEqual([1, 2, [expect.stringContaining('killed'), 'make'], 3])
  })

  test('is not called for a session that was opened after the recovery', async () => {
    const opened = openClient()
    const {gateway} = opened
    await watch(opened)
    gateway.kill()
    await settle()
    const calls: unknown[] = []
    await watch(opened, {onRecovered: ({reason}) => calls.push(reason)})
    await settle()
    expect(calls).toEqual([])
  })
})

describe('a host that cannot be reached', () => {
  test('leaves its session detached until `retry` reaches it', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs, statuses} = await watch(opened)
    const other = await watch(opened)
    gateway.script('session.resume', unavailable())
    gateway.kill()
    await settle()
    expect(statuses.slice(-2)).toEqual([
      {kind: 'recovering', attempt: 1, of: 3},
      {kind: 'detached', reason: 'no host'},
    ])
    expect(other.session.status).toEqual({kind: 'live'})

    gateway.append(id, output('a'))
    gateway.script('session.resume', unavailable())
    await session.retry()
    expect(session.status).toEqual({kind: 'detached', reason: 'no host'})
    await session.retry()
    await settle()
    expect(session.status).toEqual({kind: 'live'})
    expect(seqs).toEqual([1, 2])
  })

  test('shows in the status until the next event', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened)
    const payload = {code: errorCodes.hostUnavailable, message: 'no host'}
    gateway.say({type: 'session.unavailable', session_id: id, payload})
    await settle()
    expect(session.status).toEqual({kind: 'detached', reason: 'no host'})
    gateway.append(id, output('a'))
    await settle()
    expect(session.status).toEqual({kind: 'live'})
  })

  test.each(['an answer', 'an event'])('that hangs shows in the status until %s', async (sign) => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened)
    const payload = {code: errorCodes.hostUnavailable, message: 'it may have been stopped'}
    gateway.say({type: 'session.unresponsive', session_id: id, payload})
    await settle()
    expect(session.status).toEqual({kind: 'unresponsive', reason: 'it may have been stopped'})
    if (sign === 'an answer') gateway.say({type: 'session.responsive', session_id: id})
    else gateway.append(id, output('a'))
    await settle()
    expect(session.status).toEqual({kind: 'live'})
  })

  test('may have closed its session: `retry` finds out', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs} = await watch(opened)
    gateway.script('session.resume', unavailable())
    gateway.kill()
    await settle()
    gateway.append(id, {type: 'session.closed', payload: {reason: 'user'}})
    await session.retry()
    expect(session.status).toEqual({kind: 'ended', reason: 'user'})
    expect(seqs).toEqual([1, 2])
  })

  test('that hangs delays its own session, and other sessions by 2 s at most', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {session} = await watch(opened)
    const other = await watch(opened)
    gateway.script('session.resume', 'silence')
    gateway.kill()
    await vi.advanceTimersByTimeAsync(2000)
    await settle()
    expect(session.status).toEqual({kind: 'unresponsive', reason: 'its host has not answered for 2 s'})
    expect(other.session.status).toEqual({kind: 'live'})
    expect(opened.client.status).toMatchObject({kind: 'live'})
    await vi.advanceTimersByTimeAsync(8000)
    await settle()
    expect(session.status).toMatchObject({kind: 'detached'})
    expect(other.session.status).toEqual({kind: 'live'})
    expect(gateway.instances).toBe(2)
  })
})

describe('leave', () => {
  test('ends the session in this client only', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs, statuses} = await watch(opened)
    await session.leave()
    await session.leave()
    gateway.append(id, output('a'))
    gateway.kill()
    await settle()
    expect(seqs).toEqual([1])
    expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'left'})
    expect(gateway.requests.map(({method}) => method)).toEqual(['session.resume', 'session.leave'])
    expect((await watch(opened, {id})).seqs).toEqual([1, 2])
  })

  test('sends nothing while there is no gateway', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {session} = await watch(opened)
    gateway.scriptStarts(new Error('no memory'))
    gateway.kill()
    await settle()
    await session.leave()
    await vi.advanceTimersByTimeAsync(1000)
    await opened.client.request('gateway.ping', {})
    expect(gateway.requests.map(({method}) => method)).toEqual(['session.resume', 'gateway.ping'])
  })
})

test('the activity that comes before the past events is of the present program', async () => {
  const {gateway, client} = openClient()
  const id = await client.createSession()
  gateway.append(id, {type: 'message.start', payload: {prompt_id: 'x', text: 'vim'}})
  const payload = {state: 'waiting-for-input' as const, since: 7, input: 'terminal' as const, hidden_at: 0}
  const opening = client.openSession(id, {onEvent: () => undefined})
  gateway.say({type: 'session.activity', session_id: id, payload})
  const session = await opening
  await settle()
  expect(session.lastSeq).toBe(session.openedSeq)
  expect(session.activity).toEqual(payload)
  gateway.append(id, {type: 'message.complete', payload: {prompt_id: 'x', status: 'complete'}})
  await settle()
  expect(session.activity).toBeUndefined()
})

test('the activity is known until another program runs, or the connection is lost', async () => {
  const opened = openClient()
  const {gateway} = opened
  const seen: unknown[] = []
  const {id, session} = await watch(opened, {onActivity: (activity) => seen.push(activity?.state)})
  const say = async (state: string) => {
    gateway.say({type: 'session.activity', session_id: id, payload: {state, since: 7, input: 'hidden', hidden_at: 5}})
    await settle()
  }
  await session.submit('read -s x')
  await settle()
  expect(session.activity).toBeUndefined()
  await say('waiting-for-input')
  expect(session.activity).toEqual({state: 'waiting-for-input', since: 7, input: 'hidden', hidden_at: 5})
  expect(session.hiddenAt).toBe(5)
  gateway.kill()
  await vi.advanceTimersByTimeAsync(5000)
  expect(session.activity).toBeUndefined()
  expect(session.hiddenAt).toBe(5)
  await say('quiet')
  gateway.append(id, {type: 'message.complete', payload: {prompt_id: 'x', status: 'complete'}})
  await settle()
  expect(seen).toEqual(['waiting-for-input', undefined, 'quiet', undefined])
  expect(opened.warnings).toEqual([])
})

test('a session knows who else looks at it, until the connection is lost', async () => {
  const open = openClient()
  const told: unknown[] = []
  const {id, session} = await watch(open, {onViewers: (viewers) => told.push(viewers)})
  const viewers = {cols: 80, rows: 24, viewers: [{name: 'phone', types: true}]}
  open.gateway.say({type: 'session.viewers', session_id: id, payload: viewers})
  await settle()
  expect(session.viewers).toEqual(viewers)
  open.gateway.kill()
  await expect.poll(() => told).toEqual([viewers, undefined])
})
