import {errorCodes, type ProgramInput} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {Agent} from '../agent/agent.ts'

export interface TypedTextOptions {
  agent: Pick<Agent, 'look'>
  isRunning: () => boolean
  /** Epoch milliseconds. */
  now: () => number
}

export interface TypedDraft {
  text: string
  /** What the client knew when the user typed the first key. */
  hiddenAt?: number | undefined
}

export interface TypedPrompt {
  hiddenAt?: number | undefined
  /** What the running program reads, as the client believes. */
  ifInput?: ProgramInput | undefined
  /** The prompt is committed: a client that lost the answer repeats the request. Then nothing is required of it. */
  isKnown: () => boolean
}

/**
 * Keeps a secret that a user types for a program, but into a prompt, out of the log. A client learns with a delay that the echo
 * is off, so a password may be typed, and even submitted, before it knows.
 *
 * The argument: let a text have its first key at time K. The client sends the `hiddenAt` that it had received before K. The
 * host accepts the text only if `hiddenAt` is still the same and a look now, after the last key, finds the echo on: so every
 * look since before K found the echo on. A program that hides what it reads waits for its line, and does not get it from
 * this client, which keeps the text: the echo is still off at that last look, and the text is refused. If something else
 * ends the wait before, such as a timeout, the echo was seen off at one of the looks in between: those after the program's
 * output, and those that the client asks for with the keys. What remains is an echo that goes off and on between two looks.
 */
export interface TypedText {
  readonly hiddenAt: number
  /** The last look has found a program that may read a secret. */
  readonly isHiding: boolean
  /** What a look has found; `false` at the end of the program. */
  note(mayBeSecret: boolean): void
  look(): Promise<{input: ProgramInput; hidden_at: number}>
  /** Stores a draft, in the order of the calls. Resolves to false if it may be a secret, and was not stored. */
  storeDraft(draft: TypedDraft, store: (text: string) => void): Promise<boolean>
  /** Submits a prompt, in the order of the calls. Rejects with an `RpcError` `maybeSecret` or `inputChanged`. */
  submit<T>(typed: TypedPrompt, submit: () => T): Promise<T>
}

export function createTypedText({agent, isRunning, now}: TypedTextOptions): TypedText {
  let hiddenAt = 0
  let isHiding = false
  let last: Promise<unknown> = Promise.resolve()

  /** What comes second must not overtake the first, which waits for a look. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  const note = (mayBeSecret: boolean) => {
    if (mayBeSecret || isHiding) hiddenAt = Math.max(hiddenAt + 1, now())
    isHiding = mayBeSecret
  }
  const look = async () => {
    const {input = 'none', mayBeSecret = false} = (isRunning() ? await agent.look?.() : undefined) ?? {}
    if (isRunning()) note(mayBeSecret)
    return {input, hidden_at: hiddenAt}
  }
  const require = async ({hiddenAt: known, ifInput}: Omit<TypedPrompt, 'isKnown'>) => {
    const {input} = await look()
    if (known !== undefined && (isHiding || hiddenAt > known)) {
      const message = 'The program hides what is typed, so the text may be a secret: it was not stored'
      throw new RpcError(errorCodes.maybeSecret, message)
    }
    if (ifInput !== undefined && isRunning() && input !== ifInput) {
      const message = `Expected a program that reads \`${ifInput}\`, but it reads \`${input}\` now: nothing was submitted`
      throw new RpcError(errorCodes.inputChanged, message)
    }
  }

  return {
    get hiddenAt() {
      return hiddenAt
    },
    get isHiding() {
      return isHiding
    },
    note,
    look,
    storeDraft: ({text, hiddenAt: known = Infinity}, store) =>
      inOrder(async () => {
        if (text !== '') await look()
        if (text !== '' && (isHiding || hiddenAt > known)) return false
        store(text)
        return true
      }),
    submit: (typed, submit) =>
      inOrder(async () => {
        // Only here: the first request may have waited for its look when the repeated one came.
        if (!typed.isKnown()) await require(typed)
        return submit()
      }),
  }
}
