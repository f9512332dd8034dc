/** What the driver tells a client process: a prompt to submit. */
export interface PromptWord {
  promptId: string
  text: string
}

/** What a client process tells the driver. */
export type ClientWord =
  | {kind: 'opened'; sessionId: string}
  /** It was shown an event; `ended`: the prompt of which it is the end. */
  | {kind: 'event'; seq: number; type: string; ended?: string}
  | {kind: 'accepted'; promptId: string}
  /** What should not have happened. */
  | {kind: 'fault'; message: string}
