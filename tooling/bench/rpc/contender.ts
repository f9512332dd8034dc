/** One implementation of JSON-RPC over the stdio of a child, used as its README shows. */
export interface Contender {
  /** Serves in the child: `add {a, b}` → `{sum}`, `size {text}` → `{length}`, and `flood {count}` sends `tick` events. */
  serve(): void | Promise<void>
  /** Starts the child and connects to it. */
  connect(command: string, args: string[]): Caller | Promise<Caller>
}

export interface Caller {
  request(method: 'add' | 'size' | 'flood', params: Record<string, unknown>): Promise<unknown>
  /** Replaces the listener for `tick`. */
  onTick(listener: (params: Tick) => void): void
  childPid(): number
  /** Ends the child. */
  stop(): void | Promise<void>
}

export interface Tick {
  n: number
  text: string
}

/** The text of a `tick`: about a token of a model's answer. */
export const tickText = 'a few words'
