import {sessionIdPattern} from '@holdfast/protocol'
import * as z from 'zod'

import {FleetError} from '../../fleet-error.ts'
import type {Fleet} from '../../stream/fleet.ts'
import {natsOf} from '../../stream/nats-of.ts'
import {toFleetError} from '../../stream/to-fleet-error.ts'
import {requireMachineName} from '../machine-name.ts'

const sessionId = z.string().regex(sessionIdPattern)

const order = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('status')}),
  /** Take no more sessions, and move those that it has. Repeat it to see how far that is. */
  z.object({kind: z.literal('drain'), now: z.boolean()}),
  /** Move one session, if no prompt is running. */
  z.object({kind: z.literal('move'), sessionId, to: z.string(), now: z.boolean()}),
  /** Claim a session that its machine has prepared, and start its host. */
  z.object({
    kind: z.literal('take'),
    sessionId,
    machine: z.string(),
    epoch: z.number().int().positive(),
    needs: z.array(z.string()),
  }),
])
/** What one machine asks another one to do. All can be repeated. */
export type Order = z.infer<typeof order>

const unshipped = z.object({
  sessionId: z.string(),
  /** The seqs of the events that are in no other log. */
  first: z.number(),
  last: z.number(),
})

const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    unshipped: z.array(unshipped),
    failed: z.array(z.object({sessionId: z.string(), message: z.string()})),
  }),
  z.object({
    kind: z.literal('draining'),
    left: z.number(),
    busy: z.array(z.string()),
    stranded: z.array(z.object({sessionId: z.string(), needs: z.array(z.string())})),
  }),
  z.object({kind: z.literal('moved')}),
  z.object({kind: z.literal('busy')}),
  z.object({kind: z.literal('refused'), message: z.string()}),
])
export type Answer = z.infer<typeof answer>
export type MachineStatus = Extract<Answer, {kind: 'status'}>
export type DrainProgress = Extract<Answer, {kind: 'draining'}>

/** The most entries of a list in an answer: it must fit into a message. */
export const maxListed = 1000

function subjectOf(fleet: Fleet, machine: string): string {
  requireMachineName(machine)
  return `holdfast.${fleet.name}.order.${machine}`
}

/** Sends an order. Throws a `FleetError`: `unreachable` if the machine does not answer; what it was asked may be done. */
export async function sendOrder(
  fleet: Fleet,
  machine: string,
  content: Order,
  {timeoutMs = 5000}: {timeoutMs?: number} = {},
): Promise<Answer> {
  const subject = subjectOf(fleet, machine)
  if (!fleet.isConnected()) throw new FleetError('unreachable', 'No server of the cluster is connected')
  let body: string
  try {
    const reply = await natsOf(fleet).connection.request(subject, JSON.stringify(content), {timeout: timeoutMs})
    body = reply.string()
  } catch (error) {
    const fault = toFleetError(error)
    if (fault.code !== 'unreachable') throw fault
    throw new FleetError('unreachable', `Machine ${machine} does not answer`, {cause: error})
  }
  const read = answer.safeParse(readJson(body))
  if (read.success) return read.data
  throw new FleetError('unreadable', `Machine ${machine} sent an answer that this version of Holdfast cannot read`)
}

/** Orders that are carried out at a time; more are refused. */
const maxAtOnce = 16

/** Carries orders out until `signal`. What `carryOut` throws is the answer. */
export async function takeOrders(
  fleet: Fleet,
  machine: string,
  carryOut: (order: Order) => Promise<Answer>,
  signal: AbortSignal,
): Promise<void> {
  const subscription = natsOf(fleet).connection.subscribe(subjectOf(fleet, machine))
  const stop = () => subscription.unsubscribe()
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let atOnce = 0
  const reply = async (body: string): Promise<Answer> => {
    const read = order.safeParse(readJson(body))
    if (!read.success) return {kind: 'refused', message: `machine ${machine} does not know this order: update it`}
    if (atOnce === maxAtOnce) return {kind: 'refused', message: `machine ${machine} is busy: try again`}
    atOnce++
    try {
      return await carryOut(read.data)
    } catch (error) {
      return {kind: 'refused', message: error instanceof Error ? error.message : String(error)}
    } finally {
      atOnce--
    }
  }
  for await (const message of subscription) {
    void reply(message.string()).then((content) => {
      // The cluster may be away by now: then it is asked again.
      if (!natsOf(fleet).connection.isClosed()) message.respond(JSON.stringify(content))
    })
  }
  signal.removeEventListener('abort', stop)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
