/** Where transcripts and exports are written. */
export interface OutputStream {
  write(data: string | Uint8Array): void
  /** A slow reader lags behind: write nothing until `flushed` resolves. */
  readonly isFull: boolean
  /** Resolves when all data has been handed to the system, or never can be. */
  flushed(): Promise<void>
}
