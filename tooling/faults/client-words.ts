import type {QueueChange} from './schedule.ts'

/** What the driver tells a client process to do. */
export type DriverWord =
  | {kind: 'submit'; promptId: string; text: string}
  | {kind: 'input'; promptId: string; text: string}
  | {kind: 'change'; does: QueueChange; promptId: string; text: string}
  | {kind: 'draft'; text: string}
  | {kind: 'resize'; cols: number; rows: number}
  | {kind: 'interrupt'}

/** What a client process tells the driver. */
export type ClientWord =
  | {kind: 'opened'; sessionId: string}
  | {kind: 'status'; is: string}
  /** It was shown an event. */
  | {kind: 'event'; seq: number; type: string; promptId?: string | undefined}
  | {kind: 'accepted'; promptId: string}
  | {kind: 'input-taken'; promptId: string}
  /** It was refused, or nobody knows what became of it. */
  | {kind: 'input-lost'; promptId: string}
  /** A waiting prompt was withdrawn, or given another text, or another place; `was`: it still waited. */
  | {kind: 'changed'; does: QueueChange; promptId: string; was: boolean}
  | {kind: 'draft-kept'; text: string}
  | {kind: 'resized'; cols: number; rows: number}
  /** Ctrl-C was carried out, or the line was lost to who would have. */
  | {kind: 'interrupt-over'}
  /** What should not have happened. */
  | {kind: 'fault'; message: string}
