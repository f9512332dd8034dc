import type {Result} from '@holdfast/protocol'
import {formatLines} from '@holdfast/session-view'
import {useCallback, useEffect, useRef, useState, type FormEvent} from 'react'

import {useApp} from '../app-context.ts'
import {goTo, routeHref, sessionHref} from '../route.ts'
import {Icon} from '../ui/icon.tsx'
import {isTouch} from '../ui/typing-focus.ts'
import {markFound, searchWords} from './search-words.ts'
import './search.css'

type Found = Result<'session.search'>
type Search =
  | {kind: 'none'}
  | {kind: 'searching'}
  | {kind: 'found'; words: readonly string[]; found: Found}
  | {kind: 'failed'; why: string}

/** Lines of one session that are shown. */
const linesOfSession = 20

/** Finds lines in the logs of all sessions. `query`: what the address says. */
export function SearchScreen({query = ''}: {query: string | undefined}) {
  const {client} = useApp().link
  const [typed, setTyped] = useState(query)
  const [search, setSearch] = useState<Search>({kind: 'none'})
  const field = useRef<HTMLInputElement>(null)
  /** The search whose answer is shown. */
  const latest = useRef<object>(undefined)
  const find = useCallback(async () => {
    const mine = {}
    latest.current = mine
    const words = searchWords(query)
    setSearch({kind: words.length === 0 ? 'none' : 'searching'})
    if (words.length === 0) return
    const answer: Search = await client.request('session.search', {words, limit: linesOfSession}).then(
      (found) => ({kind: 'found', words, found}),
      (error: unknown) => ({kind: 'failed', why: error instanceof Error ? error.message : String(error)}),
    )
    if (latest.current === mine) setSearch(answer)
  }, [client, query])
  useEffect(() => {
    setTyped(query)
    // On a touch screen, a focused field opens the keyboard, which would cover the results.
    if (query === '' || !isTouch()) field.current?.focus()
    void find()
  }, [query, find])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (searchWords(typed).length === 0) return
    // The address stays, and what there is to find may have changed.
    if (typed === query) void find()
    else goTo({kind: 'search', query: typed})
  }
  return (
    <section className="search" aria-label="Search">
      <header className="bar">
        <a className="button quiet square back" href="#/" aria-label="All sessions">
          <Icon name="back" />
        </a>
        <h1 className="bar-title">Search</h1>
      </header>
      <form className="search-form" role="search" onSubmit={submit}>
        <input
          ref={field}
          type="search"
          aria-label="Words to find"
          placeholder="Words that a line must contain"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button primary" disabled={search.kind === 'searching'}>
          Search
        </button>
      </form>
      <p className="search-summary muted" role="status">
        {describeSearch(search)}
      </p>
      {search.kind === 'found' && <Results words={search.words} found={search.found} />}
    </section>
  )
}

function Results({words, found}: {words: readonly string[]; found: Found}) {
  return (
    <ol className="search-results">
      {found.sessions.map(({id, title, hits, has_more}) => (
        <li key={id}>
          <h2>
            <a href={sessionHref(id)}>{title}</a>
          </h2>
          <ul>
            {hits.map((hit, at) => (
              // A log line may have been found twice in one event.
              <li key={`${hit.seq} ${at}`} className="search-line mono">
                <a href={routeHref({kind: 'session', id, isTerminal: false, found: hit})}>
                  {markFound(hit.text, words).map(({text, isFound}, part) =>
                    isFound ? <mark key={part}>{text}</mark> : <span key={part}>{text}</span>,
                  )}
                </a>
              </li>
            ))}
          </ul>
          {has_more && <p className="muted">More lines of this session have these words.</p>}
        </li>
      ))}
    </ol>
  )
}

function describeSearch(search: Search): string {
  switch (search.kind) {
    case 'none':
      return 'Finds lines that contain all words, in any order and case: titles, prompts, output, what agents say and do.'
    case 'searching':
      return 'Searching …'
    case 'failed':
      return search.why
    case 'found': {
      const {sessions, unreadable, has_more} = search.found
      const lines = sessions.reduce((sum, {hits}) => sum + hits.length, 0)
      const counted =
        lines === 0 ? 'No line has these words.' : `${formatLines(lines)} in ${count(sessions.length, 'session')}.`
      const more = has_more === true ? ' More sessions may match: add words.' : ''
      return `${counted}${more}${unreadable.length === 0 ? '' : ` ${count(unreadable.length, 'log')} could not be read.`}`
    }
  }
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`
}
