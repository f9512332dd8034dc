/** One way to hide the marks of run completion in the bytes of a terminal. */
export interface Contender {
  /** Makes ready for one run, behind so many that were given up. */
  start(abandoned: number): {
    ingest(chunk: Uint8Array): Promise<void> | void
    /** What ends the run that is active, if this contender has any. */
    sentinel: string | undefined
    /** Bytes that came out, and ends. */
    readonly out: {bytes: number; ends: number}
  }
}
