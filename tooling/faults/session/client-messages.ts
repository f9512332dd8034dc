import type {QueueChange} from '../schedule/schedule.ts'

/** What the harness sends to a client program, one JSON object a line. */
export type DriverMessage =
  | {kind: 'submit'; promptId: string; text: string}
  | {kind: 'input'; promptId: string; text: string}
  /** Answers a question of the agent. */
  | {kind: 'answer'; approvalId: string; choice: string}
  | {kind: 'change'; change: QueueChange; promptId: string; text: string}
  | {kind: 'draft'; text: string}
  | {kind: 'resize'; cols: number; rows: number}
  | {kind: 'interrupt'}

/** What a client program reports to the harness, one JSON object a line. */
export type ClientMessage =
  | {kind: 'opened'; sessionId: string}
  | {kind: 'event'; seq: number; type: string; promptId?: string | undefined; approvalId?: string | undefined}
  | {kind: 'accepted'; promptId: string}
  | {kind: 'input-taken'; promptId: string}
  /** The input was refused, or may have arrived. */
  | {kind: 'input-lost'; promptId: string}
  /** `wasQueued`: the prompt was still in the queue, so the change was made. */
  | {kind: 'changed'; change: QueueChange; promptId: string; wasQueued: boolean}
  | {kind: 'draft-saved'; text: string}
  | {kind: 'resized'; cols: number; rows: number}
  /** Ctrl-C was carried out, or the connection was lost before. */
  | {kind: 'interrupt-over'}
  | {kind: 'error'; message: string}
