import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {openSqliteLog, type EventLog} from '@holdfast/event-log'
import {claimSession, startShipper, type Fleet, type Shipper} from '@holdfast/fleet'
import {createSessionId, type NewEvent} from '@holdfast/protocol'

import {natsOf} from '../../../packages/fleet/src/stream/nats-of.ts'
import {medianOf} from '../report.ts'

export interface Place {
  fleet: Fleet
  /** For logs. */
  folder: string
}

export type Contender = (place: Place) => Promise<number>

const accepted = 300
const events = 20_000
/** Events in one commit, as a host commits output. */
const perCommit = 50
const text = 'x'.repeat(100)
/** Of `acceptMany`. */
const sessions = 50
const promptsEach = 20

/** The time to have one event committed as a prompt is, and in the cluster if its contender says so; ms, the median. */
export const acceptEvents: Readonly<Record<string, Contender>> = {
  jetstream: ({fleet}) => {
    const subject = subjectOf(createSessionId())
    return medianTime(async (index) => {
      await natsOf(fleet).jetstream.publish(subject, JSON.stringify(eventOf(index)))
    })
  },
  sqlite: (place) =>
    withLog(place, (log) =>
      medianTime((index) => {
        log.append([eventOf(index)], {durable: true})
      }),
    ),
  'holdfast, local': (place) =>
    withShipper(place, (log, shipper) =>
      medianTime((index) => {
        log.append([eventOf(index)], {durable: true})
        shipper.wake()
      }),
    ),
  'holdfast, replicated': (place) =>
    withShipper(place, (log, shipper) =>
      medianTime(async (index) => {
        log.append([eventOf(index)], {durable: true})
        shipper.wake()
        await shipper.replicated(log.latestSeq)
      }),
    ),
}

/** Prompts that are accepted a second, by many sessions at once. */
export const acceptMany: Readonly<Record<string, Contender>> = {
  jetstream: ({fleet}) => {
    const subjects = Array.from({length: sessions}, () => subjectOf(createSessionId()))
    return rateOfMany(subjects, async (subject, index) => {
      await natsOf(fleet).jetstream.publish(subject, JSON.stringify(eventOf(index)))
    })
  },
  sqlite: (place) =>
    withMany(place, withLog, (opened) =>
      rateOfMany(opened, ([log], index) => {
        log.append([eventOf(index)], {durable: true})
      }),
    ),
  'holdfast, local': (place) =>
    withMany(place, withShipper, (opened) =>
      rateOfMany(opened, ([log, shipper], index) => {
        log.append([eventOf(index)], {durable: true})
        shipper.wake()
      }),
    ),
  'holdfast, replicated': (place) =>
    withMany(place, withShipper, (opened) =>
      rateOfMany(opened, async ([log, shipper], index) => {
        log.append([eventOf(index)], {durable: true})
        shipper.wake()
        await shipper.replicated(log.latestSeq)
      }),
    ),
}

/** Events a second, from the first append until all are where the contender keeps them. */
export const shipEvents: Readonly<Record<string, Contender>> = {
  jetstream: async ({fleet}) => {
    const subject = subjectOf(createSessionId())
    return rate(async () => {
      // As many at once as keep the servers busy.
      for (let index = 0; index < events; index += 256) {
        const batch = Array.from({length: Math.min(256, events - index)}, () => JSON.stringify(output()))
        await Promise.all(batch.map((json) => natsOf(fleet).jetstream.publish(subject, json)))
      }
    })
  },
  sqlite: (place) =>
    withLog(place, (log) =>
      rate(async () => {
        await appendOutput(log, () => {})
      }),
    ),
  'holdfast, local': (place) =>
    withShipper(place, (log, shipper) =>
      rate(async () => {
        await appendOutput(log, shipper.wake)
      }),
    ),
  'holdfast, replicated': (place) =>
    withShipper(place, (log, shipper) =>
      rate(async () => {
        await appendOutput(log, shipper.wake)
        await shipper.replicated(log.latestSeq)
      }),
    ),
}

async function appendOutput(log: EventLog, wake: () => void): Promise<void> {
  for (let index = 0; index < events; index += perCommit) {
    log.append(Array.from({length: perCommit}, output))
    wake()
    // A host reads from its shell meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function withLog(
  {folder}: Place,
  measure: (log: EventLog, sessionId: string) => Promise<number>,
): Promise<number> {
  const sessionId = createSessionId()
  const log = openSqliteLog({file: join(folder, `${sessionId}.db`), sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: 'bench', agent: 'shell', cwd: '/', created_at: 0}}])
  try {
    return await measure(log, sessionId)
  } finally {
    log.close()
  }
}

function withShipper(place: Place, measure: (log: EventLog, shipper: Shipper) => Promise<number>): Promise<number> {
  return withLog(place, async (log, sessionId) => {
    const claimed = await claimSession(place.fleet, sessionId, {machine: 'bench', instance: '1', replaces: 0})
    if (claimed.kind === 'lost') throw new Error('Another machine has the session')
    const shipper = startShipper(place.fleet, claimed.claim, log)
    try {
      return await measure(log, shipper)
    } finally {
      await shipper.replicated(log.latestSeq)
      await shipper.close()
    }
  })
}

/** Opens as many sessions as `acceptMany` has, measures, and closes them. */
async function withMany<Opened extends unknown[]>(
  place: Place,
  open: (place: Place, use: (...opened: Opened) => Promise<number>) => Promise<number>,
  measure: (opened: Opened[]) => Promise<number>,
): Promise<number> {
  const measured = Promise.withResolvers<number>()
  const opened: Opened[] = []
  const all = Array.from({length: sessions}, () =>
    open(place, (...one) => {
      opened.push(one)
      if (opened.length === sessions) measure(opened).then(measured.resolve, measured.reject)
      return measured.promise
    }),
  )
  const [result] = await Promise.all(all)
  return result!
}

/** Each session has its prompts accepted one after the other. A process of its own would have each, with a core of its own at best. */
async function rateOfMany<Session>(
  opened: readonly Session[],
  accept: (session: Session, index: number) => void | Promise<void>,
): Promise<number> {
  const start = performance.now()
  await Promise.all(
    opened.map(async (session) => {
      for (let index = 0; index < promptsEach; index++) await accept(session, index)
    }),
  )
  return (opened.length * promptsEach * 1000) / (performance.now() - start)
}

async function medianTime(once: (index: number) => void | Promise<void>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < accepted; index++) {
    const start = performance.now()
    await once(index)
    times.push(performance.now() - start)
    // One at a time: a disk that is busy with the last one would be measured otherwise.
    await delay(5)
  }
  return medianOf(times)
}

async function rate(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (events * 1000) / (performance.now() - start)
}

function subjectOf(sessionId: string): string {
  return `holdfast.main.0.${sessionId}.bare`
}

function eventOf(index: number): NewEvent {
  return {type: 'note', payload: {text: `make ${index}`, level: 'info'}}
}

function output(): NewEvent {
  return {type: 'background.output', payload: {text}}
}
