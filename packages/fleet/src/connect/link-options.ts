import type {StreamTransportOptions} from '@holdfast/transport'

export interface LinkOptions extends StreamTransportOptions {
  /** How often to ask the other end whether it is there, ms. If its process has ended, a server answers that it is gone. @default 3000 */
  pingMs?: number
  /** An end that sends nothing for this time is gone, ms. @default 10_000 */
  deadlineMs?: number
}

export const defaultDeadlineMs = 10_000
