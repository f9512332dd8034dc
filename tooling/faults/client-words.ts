/** What the driver tells a client process to do. */
export type DriverWord =
  | {kind: 'submit'; promptId: string; text: string}
  | {kind: 'input'; promptId: string; text: string}
  | {kind: 'withdraw'; promptId: string}
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
  | {kind: 'withdrawn'; promptId: string; was: boolean}
  /** What should not have happened. */
  | {kind: 'fault'; message: string}
