import {sessionIdPattern} from '@holdfast/protocol'
import * as z from 'zod'

/** The longest wait of one call, ms. */
const maxTimeoutMs = 600_000

export const session = z
  .string()
  .regex(sessionIdPattern, 'expected the id of a session, 10 letters or digits, as `open` and `sessions` return it')
  .describe('The session: its id, as `open` and `sessions` return it.')

export const ownId = z.string().min(1).max(128)

export const run = ownId
  .optional()
  .describe('Only if this run is the one that runs: its id, as `run` and `open` return it. Default: whatever runs.')

export const timeoutMs = (defaultMs: number, whatThen: string) =>
  z
    .int()
    .min(0)
    .max(maxTimeoutMs)
    .default(defaultMs)
    .describe(`How long to wait at most, ms, up to ${maxTimeoutMs}. ${whatThen}`)

/** The most output that a call may ask for, UTF-16 units. */
export const maxOutputLength = 100_000

export const maxOutput = z
  .int()
  .min(200)
  .max(maxOutputLength)
  .default(12_000)
  .describe('The most characters of output to return. Of more, you get the beginning and the end.')
