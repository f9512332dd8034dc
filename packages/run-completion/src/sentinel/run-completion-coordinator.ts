import {randomHex} from '../random-hex.ts'
import {createEchoRemover, type EchoRemover} from './echo-remover.ts'
import {createSentinelScanner, type SentinelPiece, type SentinelScanner} from './sentinel-scanner.ts'
import {createSecret, encodeSentinel, postambleParts} from './sentinel.ts'
import {createWaitedRun, type Wait, type WaitedRun} from './waited-run.ts'

/** The log. Where a method throws or rejects, the promise of the ingestion rejects with the same error. */
export interface RunCompletionAppender {
  /** Appends program output; `data` is often a view of the bytes that were ingested. */
  appendOutput(data: Uint8Array): unknown
  /** Appends the end of a run and returns the seq of that record. */
  appendRunComplete(completion: RunCompletion): number | Promise<number>
}

export interface RunCompletion {
  marker: string
  inputRunSeq: number
  /** Missing if the shell did not print it. */
  exitCode?: number
}

export interface RegisteredRun {
  /** The line to type after the command, newline included. Its echo is removed from the output, and it preserves `$?`. */
  postamble: string
  /** The bytes that end the run when the terminal prints them; the shell inserts its exit status. */
  sentinel: string
  wait: Wait
}

interface ActiveRun {
  marker: string
  inputRunSeq: number
  waited: WaitedRun
}

const DONE: Promise<void> = Promise.resolve()
const MARKER = /^__HF_MARKER_[0-9a-f]{32}__$/

/**
 * Finds the end of commands in the bytes of a terminal whose shell the caller started. The order for each run:
 * `prepareWaitedRun`, record the run with its marker in the log, `registerWaitedRun`, write the command and the postamble to
 * the terminal. The coordinator appends output before the end, the end, and output after it in that order.
 *
 * Text typed ahead can be lost: to Ctrl-C, to a program that reads it, to an open quote. Then the run has no end.
 */
export class RunCompletionCoordinator {
  readonly #appender: RunCompletionAppender
  readonly #secret = createSecret()
  /** The runs that have not ended, by token. */
  readonly #active = new Map<string, ActiveRun>()
  /** The tokens of the active runs whose sentinel has not come. */
  readonly #awaited = new Set<string>()
  readonly #scanner: SentinelScanner
  readonly #echoes: EchoRemover
  #lastTurn: Promise<unknown> = DONE
  #turns = 0

  constructor(appender: RunCompletionAppender) {
    this.#appender = appender
    this.#scanner = createSentinelScanner(this.#secret, this.#awaited)
    this.#echoes = createEchoRemover(this.#secret, this.#active)
  }

  /** Returns a marker for the log's record of a run. Changes nothing in the coordinator. */
  prepareWaitedRun(): {marker: string} {
    return {marker: `__HF_MARKER_${randomHex(16)}__`}
  }

  /**
   * Starts to look for the end of a run. Call it after the log has recorded the run under `inputRunSeq`, and before writing
   * to the terminal. Throws a `TypeError` if the marker or the seq is malformed, or the marker is active.
   */
  registerWaitedRun(run: {marker: string; inputRunSeq: number}): RegisteredRun {
    const {marker, inputRunSeq} = run
    if (!MARKER.test(marker))
      throw new TypeError(`Expected \`marker\` to be __HF_MARKER_<32 hex digits>__, got \`${marker}\``)
    if (!(Number.isInteger(inputRunSeq) && inputRunSeq >= 0))
      throw new TypeError(`Expected \`inputRunSeq\` to be an integer of at least 0, got \`${inputRunSeq}\``)
    if ([...this.#active.values()].some((active) => active.marker === marker))
      throw new TypeError(`Expected \`marker\` to be a new one, got \`${marker}\` again`)
    let token = createSecret()
    while (this.#active.has(token)) token = createSecret()
    const waited = createWaitedRun()
    this.#active.set(token, {marker, inputRunSeq, waited})
    this.#awaited.add(token)
    const {before, after} = postambleParts(this.#secret)
    return {postamble: `${before}${token}${after}\n`, sentinel: encodeSentinel(this.#secret, token), wait: waited.wait}
  }

  /**
   * Ingests bytes of the terminal, cut at any place, in the order of the calls. Resolves when the bytes are appended, except
   * those that may become a sentinel or an echo; the caller must not change the bytes before. If an append fails, the
   * promise rejects, as do the waits for an end that the failure kept from being recorded; later bytes are still appended.
   */
  ingestPtyData(data: Uint8Array): Promise<void> {
    return this.#inTurn(() => this.#append(this.#scanner.feed(data)))
  }

  /** Whether output is withheld that `releasePtyData` would append. */
  get withholdsOutput(): boolean {
    return this.#scanner.isWithholding || this.#echoes.isWithholding
  }

  /**
   * Appends withheld bytes that are most likely output. Call it when the terminal has printed nothing for a while. If the rest of a
   * sentinel or an echo comes later, it is still found.
   */
  releasePtyData(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#append(this.#scanner.release())
      await this.#appendOutput(this.#echoes.release())
    })
  }

  /**
   * Appends bytes that are withheld because the text of a run was just typed, and its echo may be in pieces. Call it a while after
   * typing. An echo that other output interrupts within its first two bytes is not found after that.
   */
  releaseEcho(): Promise<void> {
    return this.#inTurn(() => this.#appendOutput(this.#echoes.release()))
  }

  /** Appends the withheld bytes as output. Call it when the terminal has ended. */
  flushPtyDataOnExit(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#append(this.#scanner.flush())
      } finally {
        await this.#appendOutput(this.#echoes.flush())
      }
    })
  }

  /** Resolves all waits with `exited` and forgets the runs. Call it after `flushPtyDataOnExit`, even if that rejected. */
  resetForExit(): void {
    const runs = [...this.#active.values()]
    this.#active.clear()
    this.#awaited.clear()
    for (const {waited} of runs) waited.settle({outcome: {kind: 'exited'}})
  }

  /** Does the work after all earlier work; at once, if there is none. */
  #inTurn(work: () => unknown): Promise<void> {
    const turn = this.#turns === 0 ? attempt(work) : this.#lastTurn.then(work)
    if (turn === undefined) return DONE
    this.#turns += 1
    this.#lastTurn = turn.then(
      () => (this.#turns -= 1),
      () => (this.#turns -= 1),
    )
    return turn as Promise<void>
  }

  /** Returns undefined if everything was appended synchronously. */
  #append(pieces: readonly SentinelPiece[]): unknown {
    const [first] = pieces
    // The usual case: one piece without an echo in it.
    if (pieces.length === 1 && first?.kind === 'output') {
      const [data, ...more] = this.#echoes.feed(first.data)
      if (more.length > 0) return this.#appendOutput([data!, ...more])
      return data && this.#appender.appendOutput(data)
    }
    return pieces.length === 0 ? undefined : this.#appendAll(pieces)
  }

  async #appendAll(pieces: readonly SentinelPiece[]): Promise<void> {
    const faults: unknown[] = []
    for (const piece of pieces) {
      try {
        if (piece.kind === 'output') await this.#appendOutput(this.#echoes.feed(piece.data))
        else await this.#complete(piece.token, piece.exitCode)
      } catch (error) {
        faults.push(error)
      }
    }
    if (faults.length > 0) throw faults[0]
  }

  async #appendOutput(pieces: readonly Uint8Array[]): Promise<void> {
    for (const data of pieces) await this.#appender.appendOutput(data)
  }

  async #complete(token: string, exitCode: number | undefined): Promise<void> {
    const run = this.#active.get(token)
    // The caller called `resetForExit` too early.
    if (!run) return
    const {marker, inputRunSeq, waited} = run
    // What is withheld may contain the echo of this run.
    const rest = this.#echoes.flush()
    this.#active.delete(token)
    const status = exitCode === undefined ? {} : {exitCode}
    try {
      await this.#appendOutput(rest)
      const seq = await this.#appender.appendRunComplete({marker, inputRunSeq, ...status})
      waited.settle({outcome: {kind: 'completed', seq, ...status}})
    } catch (error) {
      waited.settle({fault: error})
      throw error
    }
  }
}

/** Returns the promise of the work, rejected if the work throws; undefined if the work is done. */
function attempt(work: () => unknown): Promise<unknown> | undefined {
  try {
    const result = work()
    return result instanceof Promise ? result : undefined
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}
