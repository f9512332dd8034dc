import {EventLogError, type EventLog} from '@holdfast/event-log'
import {errorCodes, type SessionEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'
import {createSessionLog} from './fixtures/session-log.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']}))
afterEach(() => void vi.useRealTimers())

const full = new EventLogError('full', 'no room')

/** Opens a session on a disk that is full while the test sets a fault. */
function open() {
  const log = createSessionLog()
  const disk = {fault: undefined as Error | undefined, takesMs: 0}
  let time = 0
  const onDisk: EventLog = {
    ...log,
    append(events, options) {
      time += disk.takesMs
      if (disk.fault !== undefined) throw disk.fault
      return log.append(events, options)
    },
  }
  const agent = createHandDrivenAgent()
  const faults: string[] = []
  const session = createSession({
    log: onDisk,
    agent,
    onAppend() {},
    onNotSaved: () => faults.push('not saved'),
    onFault: (error) => faults.push(String(error)),
    now: () => time,
  })
  const story = () => log.read({afterSeq: 3}).map(inShort)
  return {disk, agent, session, faults, story}
}

function inShort(event: SessionEvent): string {
  return event.type === 'message.delta' ? (event.payload.text ?? '') : event.type
}

test('output and its program wait while the disk is full, and continue when it has room', async () => {
  const {disk, agent, session, faults, story} = open()
  session.submit({promptId: 'a', text: 'cat'})
  agent.print('one')
  await vi.advanceTimersByTimeAsync(5)
  disk.fault = full
  agent.print('two')
  await vi.advanceTimersByTimeAsync(5)
  expect({isPaused: agent.isPaused, saveError: session.saveError}).toEqual({isPaused: true, saveError: full})
  agent.print('three')
  await agent.finish()
  await vi.advanceTimersByTimeAsync(3000)
  expect(faults).toEqual(['not saved', 'not saved', 'not saved', 'not saved'])
  expect(story()).toEqual(['one'])
  expect(session.state.running?.prompt_id).toBe('a')

  disk.fault = undefined
  await vi.advanceTimersByTimeAsync(1000)
  expect(story()).toEqual(['one', 'two', 'three', 'message.complete'])
  expect({isPaused: agent.isPaused, saveError: session.saveError}).toEqual({isPaused: false, saveError: undefined})
})

test('a waiting prompt starts only after the end of the previous one is saved', async () => {
  const {disk, agent, session, story} = open()
  session.submit({promptId: 'a', text: 'first'})
  session.submit({promptId: 'b', text: 'second'})
  disk.fault = full
  await agent.finish()
  expect(agent.asked).toEqual(['first'])
  disk.fault = undefined
  await vi.advanceTimersByTimeAsync(1000)
  expect(agent.asked).toEqual(['first', 'second'])
  expect(story().slice(1)).toEqual(['message.complete', 'message.start'])
})

test('requests that cannot be saved are rejected with the reason, and may be repeated', async () => {
  const {disk, agent, session, story} = open()
  disk.fault = full
  const refused = expect.objectContaining({code: 'full', wireCode: errorCodes.storageFull})
  expect(() => session.submit({promptId: 'a', text: 'ls'})).toThrow(refused)
  expect(agent.asked).toEqual([])
  disk.fault = undefined
  session.submit({promptId: 'a', text: 'ls'})
  disk.fault = full
  await agent.finish()
  expect(() => session.submit({promptId: 'b', text: 'ls'})).toThrow(refused)
  disk.fault = undefined
  // Still rejected: recorded events are saved first.
  expect(() => session.submit({promptId: 'b', text: 'ls'})).toThrow(refused)
  await vi.advanceTimersByTimeAsync(1000)
  await expect(session.close('user')).resolves.toBe(true)
  expect(story()).toEqual(['message.complete', 'session.closed'])
})

test.each([true, false])(
  'a close on a full disk ends the agent, says so, and is recorded later (running: %s)',
  async (isRunning) => {
    const {disk, agent, session, story} = open()
    if (isRunning) session.submit({promptId: 'a', text: 'sleep 9'})
    disk.fault = full
    const refused = expect.objectContaining({
      code: errorCodes.storageFull,
      message: expect.stringMatching(
        /^The programs of session \w+ have ended; it is closed as soon as that can be saved: no room$/,
      ) as string,
    }) as unknown
    await expect(session.close('user')).rejects.toEqual(refused)
    expect(agent.isClosed).toBe(true)
    await expect(session.close('user')).rejects.toEqual(refused)
    expect(() => session.submit({promptId: 'b', text: 'ls'})).toThrow('about to end')
    disk.fault = undefined
    await vi.advanceTimersByTimeAsync(1000)
    await session.closed
    expect(session.isClosed).toBe(true)
    if (isRunning) expect(story()).toEqual(['message.complete', 'session.closed'])
    await expect(session.close('user')).resolves.toBe(false)
  },
)

test('a permanent fault is reported at once', async () => {
  const {disk, agent, session, faults} = open()
  session.submit({promptId: 'a', text: 'cat'})
  disk.fault = new EventLogError('damaged', 'it is broken')
  agent.print('two')
  await vi.advanceTimersByTimeAsync(5)
  expect(faults).toEqual(['EventLogError: it is broken'])
  expect(agent.isPaused).toBe(false)
})

test('an attempt that takes long, as to write a large log back, is repeated less often', async () => {
  const {disk, agent, session, faults} = open()
  session.submit({promptId: 'a', text: 'cat'})
  disk.fault = full
  disk.takesMs = 500
  agent.print('one')
  await vi.advanceTimersByTimeAsync(4900)
  expect(faults).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(faults).toHaveLength(2)
})

test('a client that waits for the end of a program is told of it when its log has that', async () => {
  const {disk, agent, session, story} = open()
  session.submit({promptId: 'a', text: 'vim'})
  const {attachments} = session
  const ended = attachments.snapshot({after: attachments.version, waitMs: 20_000}).catch(() => story().at(-1))
  disk.fault = full
  await agent.finish()
  await vi.advanceTimersByTimeAsync(2000)
  disk.fault = undefined
  await vi.advanceTimersByTimeAsync(1000)
  expect(await ended).toBe('message.complete')
})
