import {errorCodes, stdinGoneMs, stdinWaitMs} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import type {CommandStdin} from '@holdfast/shell'

/** A part of the stdin of a prompt. */
export interface StdinPart {
  /** How many bytes came before it. */
  offset: number
  data: Uint8Array
  /** No bytes follow. */
  isEnd: boolean
}

/** The stdin that a client brings for the running prompt. */
export interface PromptStdin {
  /** A prompt starts that reads such a stdin. */
  begin(promptId: string): void
  /** Its command can be written to. */
  open(stdin: CommandStdin): void
  /** The prompt is over. Returns whether its stdin ended because its client was gone, and not because the client said so. */
  close(): {isCut: boolean}
  /**
   * Resolves to the number of bytes that were taken from the beginning, when it has taken this part or after `stdinWaitMs`.
   * Takes no byte twice. Rejects with an `RpcError` `notAllowed`. `from`: the connection that brings it.
   */
  take(promptId: string, part: StdinPart, from: object): Promise<number>
  /** A connection was lost. If it was the last that brought something, the stdin ends after `stdinGoneMs` without another word. */
  noteGone(promptId: string, from: object): void
}

/** What may wait for the command, bytes, before the client has to. */
const maxWaitingBytes = 256 * 1024

interface Current {
  promptId: string
  stdin: CommandStdin | undefined
  opened: PromiseWithResolvers<void>
  taken: number
  hasEnded: boolean
  isCut: boolean
  from: object | undefined
  gone: NodeJS.Timeout | undefined
}

export function createPromptStdin(): PromptStdin {
  let current: Current | undefined

  const end = (of: Current) => {
    of.hasEnded = true
    of.stdin?.end()
  }
  const awaitClient = (of: Current) => {
    clearTimeout(of.gone)
    of.gone = setTimeout(() => {
      // A command that reads no more misses nothing.
      of.isCut = of.stdin?.isGone !== true
      end(of)
    }, stdinGoneMs).unref()
  }
  const require = (promptId: string): Current => {
    if (current?.promptId === promptId) return current
    throw new RpcError(errorCodes.notAllowed, `Prompt ${promptId} does not run, or reads its terminal`)
  }

  return {
    begin(promptId) {
      current = {
        promptId,
        stdin: undefined,
        opened: Promise.withResolvers(),
        taken: 0,
        hasEnded: false,
        isCut: false,
        from: undefined,
        gone: undefined,
      }
      awaitClient(current)
    },
    open(stdin) {
      if (current === undefined) return
      current.stdin = stdin
      if (current.hasEnded) stdin.end()
      current.opened.resolve()
    },
    close() {
      clearTimeout(current?.gone)
      current?.opened.resolve()
      const isCut = current?.isCut === true
      current = undefined
      return {isCut}
    },
    async take(promptId, {offset, data, isEnd}, from) {
      const begun = require(promptId)
      begun.from = from
      clearTimeout(begun.gone)
      const deadline = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => deadline.resolve('late'), stdinWaitMs)
      try {
        for (;;) {
          const to = require(promptId)
          if (offset > to.taken) {
            const expected = `Expected the stdin of prompt ${promptId} from byte ${to.taken} on`
            throw new RpcError(errorCodes.notAllowed, `${expected}, got byte ${offset}`)
          }
          const rest = data.subarray(to.taken - offset)
          if (to.stdin?.isGone === true) throw new RpcError(errorCodes.notAllowed, `Prompt ${promptId} reads no more`)
          const hasRoom = to.stdin !== undefined && to.stdin.waitingBytes <= maxWaitingBytes
          if (to.hasEnded) {
            if (rest.length > 0) throw new RpcError(errorCodes.notAllowed, `The stdin of prompt ${promptId} has ended`)
            if (isEnd) to.isCut = false
            return to.taken
          }
          if (hasRoom || rest.length === 0) {
            to.stdin?.write(rest)
            to.taken += rest.length
            if (isEnd) end(to)
            return to.taken
          }
          const room = to.stdin === undefined ? to.opened.promise : to.stdin.drained()
          if ((await Promise.race([room, deadline.promise])) === 'late') return to.taken
        }
      } finally {
        clearTimeout(timer)
      }
    },
    noteGone(promptId, from) {
      if (current?.promptId === promptId && current.from === from && !current.hasEnded) awaitClient(current)
    },
  }
}
