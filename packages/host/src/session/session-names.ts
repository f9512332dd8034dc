import {changeTags, errorCodes, maxTags, type SessionInfo} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {LogWriter} from './log-writer.ts'
import {toTitle} from './to-title.ts'

export interface SessionNamesOptions {
  append: LogWriter['append']
  info: () => SessionInfo
  requireNotClosed: () => void
  /** Commits the output so far. */
  flush: () => void
  latestSeq: () => number
}

/** Characters of the name of a mark. */
const maxMarkLength = 200

/** What users call a session. `by`: see `EventPayload<'session.info'>`. */
export interface SessionNames {
  /** Changes the title, and returns it as it was stored. */
  rename(title: string, by?: string): string
  /** Marks this place in the log. Returns the name as it was stored. */
  mark(name: string, by?: string): {name: string; seq: number}
  /** Changes the tags, and returns all of them. */
  tag(changes: {add?: readonly string[] | undefined; remove?: readonly string[] | undefined}, by?: string): string[]
}

export function createSessionNames(options: SessionNamesOptions): SessionNames {
  const {append, info, requireNotClosed, flush, latestSeq} = options
  return {
    rename(text, by) {
      requireNotClosed()
      const title = toTitle(text)
      if (title === '') throw new RpcError(errorCodes.notAllowed, 'Expected a title with a visible character')
      append([{type: 'session.info', payload: {...info(), title, untitled: undefined, by}}], true)
      return title
    },

    mark(text, by) {
      requireNotClosed()
      const name = toTitle(text, maxMarkLength)
      if (name === '') throw new RpcError(errorCodes.notAllowed, 'Expected a name with a visible character')
      flush()
      append([{type: 'session.marked', payload: {name, by}}], true)
      return {name, seq: latestSeq()}
    },

    tag(changes, by) {
      requireNotClosed()
      const {tags: before = []} = info()
      const tags = changeTags(before, changes)
      if (tags.length > maxTags)
        throw new RpcError(errorCodes.notAllowed, `A session has at most ${maxTags} tags: remove one first`)
      const isChanged = tags.length !== before.length || tags.some((tag, index) => tag !== before[index])
      if (isChanged) append([{type: 'session.info', payload: {...info(), tags, by}}], true)
      return tags
    },
  }
}
