import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {createConnection, createMemoryPair, isPeerGone, RpcError, type Transport} from '../src/index.ts'
import {override} from './broken/broken-transport.ts'

/** A pair that delivers its messages one at a time, in order, when the scheduler lets it. */
function createScheduledPair(scheduler: fc.Scheduler): [Transport, Transport] {
  const [near, far] = createMemoryPair()
  return [scheduled('near', near, scheduler), scheduled('far', far, scheduler)]
}

function scheduled(name: string, end: Transport, scheduler: fc.Scheduler): Transport {
  const steps: (() => void)[] = []
  const inTurn = (label: string, step: () => void) => {
    steps.push(step)
    void scheduler.schedule(Promise.resolve(), `${name} ${label}`).then(() => steps.shift()?.())
  }
  return override(end, {
    listen: ({message}) => end.listen({message: (each) => inTurn(`gets ${JSON.stringify(each)}`, () => message(each))}),
    closed: end.closed.then((reason) => new Promise((resolve) => inTurn('sees the end', () => resolve(reason)))),
  })
}

interface Runner {
  run(params: {index: number; lane: string}): string
}

const call = fc.record({
  lane: fc.constantFrom('one', 'two', undefined),
  deltas: fc.nat({max: 3}),
  fails: fc.boolean(),
  cancelled: fc.boolean(),
})

/** What a caller received: deltas in the order of arrival, then the outcome. */
interface Seen {
  deltas: string[]
  end?: {value?: unknown; error?: unknown}
}

test('in any order of requests, answers, cancellations and closes, every request ends once and lanes never mix', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, {minLength: 1, maxLength: 6}),
      fc.boolean(),
      fc.scheduler(),
      async (calls, dies, s) => {
        const [nearEnd, farEnd] = createScheduledPair(s)
        const running = new Map<string, number>()
        createConnection<Runner>(farEnd, {
          handlers: {
            async run({index, lane}, {peer}) {
              const {deltas, fails} = calls[index]!
              running.set(lane, (running.get(lane) ?? 0) + 1)
              expect(lane === 'none' || running.get(lane)! <= 1).toBe(true)
              for (let n = 0; n < deltas; n++) {
                await s.schedule(Promise.resolve(), `${index} streams`)
                // Like a peer whose notifications name only the session, which is the lane.
                peer.notify(`delta ${lane}`, {text: `${index}.${n}`})
              }
              await s.schedule(Promise.resolve(), `${index} answers`)
              running.set(lane, running.get(lane)! - 1)
              if (fails) throw new RpcError(1, `no ${index}`)
              return `done ${index}`
            },
          },
        })
        const near = createConnection(nearEnd, {timeoutMs: Infinity})

        const seen = calls.map(({lane, cancelled}, index): Seen => {
          const mine: Seen = {deltas: []}
          const controller = new AbortController()
          if (cancelled) {
            void s
              .schedule(Promise.resolve(), `${index} is cancelled`)
              .then(() => controller.abort(`cancelled ${index}`))
          }
          const receive = (params: unknown) => {
            const {text} = params as {text: string}
            mine.deltas.push(mine.end ? `late ${text}` : text)
          }
          const name = lane ?? 'none'
          near
            .request(
              'run',
              {index, lane: name},
              {
                signal: controller.signal,
                // The peer ignores cancels.
                ...(lane && {lane, laneGraceMs: Infinity, notifications: {[`delta ${lane}`]: receive}}),
              },
            )
            .then(
              (value) => (mine.end = {value}),
              (error: unknown) => (mine.end = {error}),
            )
          return mine
        })
        if (dies) void s.schedule(Promise.resolve(), 'the peer dies').then(() => farEnd.close())
        await s.waitIdle()
        await near.close()
        await s.waitIdle()

        seen.forEach(({deltas, end}, index) => {
          const {lane, fails, cancelled, deltas: count} = calls[index]!
          const own = Array.from({length: lane ? count : 0}, (_, n) => `${index}.${n}`)
          // Only its own deltas, in order, none twice; and all of them before a result or an error of the peer.
          expect(deltas).toEqual(own.slice(0, deltas.length))
          if (!end) throw new Error(`request ${index} never ended`)
          if ('value' in end) {
            expect([end.value, deltas, fails]).toEqual([`done ${index}`, own, false])
          } else if (end.error instanceof RpcError) {
            expect([end.error.message, deltas, fails]).toEqual([`no ${index}`, own, true])
          } else if (isPeerGone(end.error)) {
            expect(dies).toBe(true)
          } else {
            expect([end.error, cancelled]).toEqual([`cancelled ${index}`, true])
          }
        })
      },
    ),
    {numRuns: 300},
  )
}, 60_000)
