import {randomBytes} from 'node:crypto'

import {createEchoRemover, type EchoRemover} from './echo-remover.ts'
import {createSentinelScanner, type SentinelPiece, type SentinelScanner} from './sentinel-scanner.ts'
import {createSecret, encodeSentinel, postambleParts} from './sentinel.ts'
import {createWaitedRun, type Wait, type WaitedRun} from './waited-run.ts'

/** Where what the terminal says is put down. What these throw, or reject with, the ingestion rejects with. */
export interface RunCompletionAppender {
  /** What the program printed; often a view of the bytes that were ingested. */
  appendOutput(data: Uint8Array): unknown
  /** A run is over. Gives the seq under which that stands in the log. */
  appendRunComplete(completion: RunCompletion): number | Promise<number>
}

export interface RunCompletion {
  marker: string
  inputRunSeq: number
  /** Missing if the shell told none. */
  exitCode?: number
}

export interface RegisteredRun {
  /** The line to type behind the command, newline included. Its echo is hidden, and the shell's `$?` outlives it. */
  postamble: string
  /** What ends the run when the terminal gives it; the shell adds its status to it. */
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
 * Tells from the bytes of a terminal when a command is over that was typed into a shell which we did not start. The order
 * of a run: `prepareWaitedRun`, the log takes the run with its marker, `registerWaitedRun`, then command and postamble are
 * written to the terminal. Output before the end, the end, output after it are appended in that order.
 *
 * A text that is typed ahead can be lost: to Ctrl-C, to a program that reads, to an open quote. Then the run has no end.
 */
export class RunCompletionCoordinator {
  readonly #appender: RunCompletionAppender
  readonly #secret = createSecret()
  readonly #active = new Map<string, ActiveRun>()
  /** The tokens of the active runs whose sentinel was not seen yet. */
  readonly #awaited = new Set<string>()
  readonly #markers = new Set<string>()
  readonly #scanner: SentinelScanner
  readonly #echoes: EchoRemover
  #lastTurn: Promise<unknown> = DONE
  #turns = 0

  constructor(appender: RunCompletionAppender) {
    this.#appender = appender
    this.#scanner = createSentinelScanner(this.#secret, this.#awaited)
    this.#echoes = createEchoRemover(this.#secret, this.#active)
  }

  /** A marker for the log's record of a run that is about to be typed. Changes nothing here. */
  prepareWaitedRun(): {marker: string} {
    return {marker: `__HF_MARKER_${randomBytes(16).toString('hex')}__`}
  }

  /**
   * From now on the end of the run is looked for. Comes after the log's record, whose seq is `inputRunSeq`, and before the
   * terminal is written to. Throws a `TypeError` for a marker or seq that is none, and for a marker that is active.
   */
  registerWaitedRun(run: {marker: string; inputRunSeq: number}): RegisteredRun {
    const {marker, inputRunSeq} = run
    if (!MARKER.test(marker))
      throw new TypeError(`Expected \`marker\` to be __HF_MARKER_<32 hex digits>__, got \`${marker}\``)
    if (!(Number.isInteger(inputRunSeq) && inputRunSeq >= 0))
      throw new TypeError(`Expected \`inputRunSeq\` to be an integer of at least 0, got \`${inputRunSeq}\``)
    if (this.#markers.has(marker)) throw new TypeError(`Expected \`marker\` to be a new one, got \`${marker}\` again`)
    let token = createSecret()
    while (this.#active.has(token)) token = createSecret()
    const waited = createWaitedRun()
    this.#active.set(token, {marker, inputRunSeq, waited})
    this.#awaited.add(token)
    this.#markers.add(marker)
    const {before, after} = postambleParts(this.#secret)
    return {postamble: `${before}${token}${after}\n`, sentinel: encodeSentinel(this.#secret, token), wait: waited.wait}
  }

  /**
   * Takes what the terminal gave, cut at any place, in the order of the calls. Resolves when all of it is appended but what
   * may become a sentinel or an echo; until then the bytes may not change. A fault of an append rejects it, and, if it kept
   * an end from being recorded, those who wait for that end, too; the bytes behind it are still appended.
   */
  ingestPtyData(data: Uint8Array): Promise<void> {
    return this.#inTurn(() => this.#append(this.#scanner.feed(data)))
  }

  /** The terminal has ended: what waited for more bytes is output. */
  flushPtyDataOnExit(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#append(this.#scanner.flush())
      } finally {
        await this.#appendOutput(this.#echoes.flush())
      }
    })
  }

  /** Tells all who wait that the terminal is gone, and forgets the runs. Comes after `flushPtyDataOnExit`, however that ended. */
  resetForExit(): void {
    const runs = [...this.#active.values()]
    this.#active.clear()
    this.#awaited.clear()
    this.#markers.clear()
    for (const {waited} of runs) waited.settle({outcome: {kind: 'exited'}})
  }

  /** Work begins when all earlier work is done; at once, if there is none. */
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

  /** Undefined if all was appended at once. */
  #append(pieces: readonly SentinelPiece[]): unknown {
    const [first] = pieces
    // Nearly always there is one piece, and nothing in it.
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
    // Forgotten by `resetForExit`, which was too early.
    if (!run) return
    const {marker, inputRunSeq, waited} = run
    this.#active.delete(token)
    this.#markers.delete(marker)
    const status = exitCode === undefined ? {} : {exitCode}
    try {
      await this.#appendOutput(this.#echoes.flush())
      const seq = await this.#appender.appendRunComplete({marker, inputRunSeq, ...status})
      waited.settle({outcome: {kind: 'completed', seq, ...status}})
    } catch (error) {
      waited.settle({fault: error})
      throw error
    }
  }
}

/** The promise of what this does, a fault included; undefined if it is done. */
function attempt(work: () => unknown): Promise<unknown> | undefined {
  try {
    const result = work()
    return result instanceof Promise ? result : undefined
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}
