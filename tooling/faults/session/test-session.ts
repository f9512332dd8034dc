import type {Answerer, Prompt, QueueChange} from '../schedule/schedule.ts'
import type {ClientMessage} from './client-messages.ts'
import type {DrivenClient} from './driven-client.ts'
import type {Observations} from './observations.ts'

/** A log that was turned into one of an older format. */
export interface OlderLog {
  format: 1 | 2
  /** How many events it had then. */
  length: number
  /** The file to which its migration copies it. */
  copy: string
}

/** One session under test: its processes, and the clients that use it. */
export interface TestSession {
  readonly answerer: Answerer
  readonly home: string
  /** The folder in which the commands run and leave their files. */
  readonly project: string
  readonly cli: string
  readonly env: Readonly<Record<string, string>>
  readonly observations: Observations
  readonly clients: readonly DrivenClient[]
  /** The prompts that the run made clients submit, by their ids. */
  readonly submitted: ReadonlyMap<string, Prompt>
  /** `index` wraps around. */
  client(index: number): DrivenClient
  submit(client: number, prompt: Prompt): void
  /** Changes a queued prompt. */
  change(client: number, change: QueueChange, prompt: Prompt): void
  draft(client: number, text: string): void
  /** Presses Ctrl-C, whatever runs. */
  interrupt(client: number): void
  /**
   * The prompts that a Ctrl-C may have met: those that had not ended when it was pressed, and those submitted before it was
   * carried out. A client that has just started may be late with it; one that dies never reports it.
   */
  readonly interrupted: ReadonlySet<string>
  readonly olderLogs: OlderLog[]
  /** Resolves with true as soon as a client sends a matching message, with false after `timeoutMs`. */
  untilMessage(matches: (message: ClientMessage) => boolean, timeoutMs: number): Promise<boolean>
  /** Stops answering questions. */
  end(): void
}
