import type {DraftWords} from './read-draft.ts'

export interface SideStart {
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** Files by name, for the folder. */
  files: Readonly<Record<string, string>>
}

export interface SidePaths {
  /** A private folder. What a process leaves there, the next one finds. */
  folder: string
  /** A named pipe that the process makes and reads scripts from, one after another. */
  requests: string
  /** The channel to which it writes an answer to each of them. */
  answers: string
}

export interface CompletionRequest extends DraftWords {
  /** The command line up to the cursor. */
  text: string
  /** The folder of the session. */
  cwd: string
}

/** A match, as one kind of shell reports it. */
export interface Match {
  /** Replaces the draft from `start` to the cursor, without `suffix`. */
  insert: string
  /** What follows it, if it is the only one: a space, or the end of the quote and a space. */
  suffix: string
  label: string
  description?: string
}

export interface Matches {
  /** The index in the text from which on matches replace it. */
  start: number
  matches: readonly Match[]
}

/** How one kind of shell completes in a side process. */
export interface SideShell {
  start(paths: SidePaths): SideStart
  /** A script that gives the process the state that the hooks have printed; it answers with an empty message. */
  takeState(state: string): string
  /** A script that completes; undefined where there is nothing to complete. */
  request(request: CompletionRequest): string
  readAnswer(answer: string, request: CompletionRequest): Matches
}

/** Matches of one request that are looked at. */
export const MAX_MATCHES = 5000
