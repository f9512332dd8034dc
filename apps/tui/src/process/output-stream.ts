/** Where a transcript is written. */
export interface Sink {
  write(data: string | Uint8Array): void
  /** More waits for a slow reader than should: nothing more is to be made until `flushed`. */
  readonly isFull: boolean
  /** Resolves when all that was written is with the system, or it is known that it never will be. */
  flushed(): Promise<void>
}
