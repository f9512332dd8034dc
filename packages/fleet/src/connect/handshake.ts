import * as z from 'zod'

import {FleetError} from '../fleet-error.ts'

/** The version of the handshake and of the frames behind it. */
const version = 1

/** The smallest window that an end may have, bytes: a frame must fit. */
const minWindow = 4096

const end = {v: z.literal(version), id: z.uuid(), window: z.number().int().min(minWindow)}
/** The first message: an end asks for a connection. */
const hello = z.object(end)
/** The answer: the other end. */
const welcome = z.object(end)
/** Every version can read this. */
const refusal = z.object({v: z.number(), refused: z.string(), code: z.enum(['newer-format', 'busy', 'unreadable'])})

/** One end of a connection, as the other one knows it. */
export interface LinkEnd {
  id: string
  /** How much it takes before it was read, bytes. */
  window: number
}

type Refusal = Omit<z.infer<typeof refusal>, 'v'>

export function encodeEnd({id, window}: LinkEnd): string {
  return JSON.stringify({v: version, id, window})
}

export function encodeRefusal({refused, code}: Refusal): string {
  return JSON.stringify({v: version, refused, code})
}

/** Reads who asks for a connection, or why it is refused. */
export function readHello(bytes: Uint8Array): {kind: 'end'; end: LinkEnd} | ({kind: 'refused'} & Refusal) {
  const json = readJson(bytes)
  const parsed = hello.safeParse(json)
  if (parsed.success) return {kind: 'end', end: parsed.data}
  if (isNewer(json)) {
    const refused = `it speaks format ${version} of connections, and is asked for format ${json.v}: update it`
    return {kind: 'refused', code: 'newer-format', refused}
  }
  return {kind: 'refused', code: 'unreadable', refused: 'it cannot read what it was asked'}
}

/** Reads the other end of a connection that was asked for. `what` names it. Throws a `FleetError`. */
export function readWelcome(bytes: Uint8Array, what: string): LinkEnd {
  const json = readJson(bytes)
  const parsed = welcome.safeParse(json)
  if (parsed.success) return parsed.data
  const refused = refusal.safeParse(json)
  if (refused.success) {
    const {code, refused: why} = refused.data
    throw new FleetError(code === 'busy' ? 'unreachable' : code, `The ${what} refuses the connection: ${why}`)
  }
  if (isNewer(json)) {
    const message = `The ${what} speaks format ${json.v} of connections, expected ${version}: update this machine`
    throw new FleetError('newer-format', message)
  }
  throw new FleetError('unreadable', `The ${what} answers with what is not a message of Holdfast`)
}

function isNewer(json: unknown): json is {v: number} {
  const parsed = z.object({v: z.number()}).safeParse(json)
  return parsed.success && parsed.data.v > version
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
