/** One way to speak JSON-RPC over the stdio of a child, used as its README shows. */
export interface Contender {
  /** Serves in the child: `add {a, b}` → `{sum}`, `size {text}` → `{length}`, and `flood {count}` sends `tick` events. */
  serve(): void | Promise<void>
  /** Starts the child and speaks to it. */
  connect(command: string, args: string[]): Caller | Promise<Caller>
}

export interface Caller {
  request(method: 'add' | 'size' | 'flood', params: Record<string, unknown>): Promise<unknown>
  /** Called for each `tick` from now on, instead of whoever was before. */
  onTick(listener: (params: Tick) => void): void
  childPid(): number
  /** Ends the child. */
  stop(): void | Promise<void>
}

export interface Tick {
  n: number
  text: string
}

/** What a `tick` carries: as much as a token of a model's answer. */
export const TICK_TEXT = 'a few words'
