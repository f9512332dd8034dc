/** One implementation of run completion, which hides its sentinels in the output of a terminal. */
export interface Contender {
  /** Prepares one active run, after this number of abandoned ones. */
  start(abandoned: number): {
    ingest(chunk: Uint8Array): Promise<void> | void
    /** Ends the active run; undefined for a contender without runs. */
    sentinel: string | undefined
    /** The bytes and the ends of runs that came out. */
    readonly out: {bytes: number; ends: number}
  }
}
