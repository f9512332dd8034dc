import type {Result} from '@holdfast/protocol'
import {useState, type FormEvent} from 'react'

import {useApp} from '../app-context.ts'
import {routeHref, sessionHref} from '../route.ts'
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

/** Finds lines in the logs of all sessions. */
export function SearchScreen() {
  const {link} = useApp()
  const [query, setQuery] = useState('')
  const [search, setSearch] = useState<Search>({kind: 'none'})
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const words = searchWords(query)
    if (words.length === 0) return
    setSearch({kind: 'searching'})
    try {
      const found = await link.client.request('session.search', {words, limit: linesOfSession})
      setSearch({kind: 'found', words, found})
    } catch (error) {
      setSearch({kind: 'failed', why: error instanceof Error ? error.message : String(error)})
    }
  }
  return (
    <section className="search" aria-label="Search">
      <header className="bar">
        <a className="back" href="#/" aria-label="All sessions">
          ‹
        </a>
        <h1 className="bar-title">Search</h1>
      </header>
      <form className="search-form" role="search" onSubmit={(event) => void submit(event)}>
        <input
          type="search"
          aria-label="Words to find"
          placeholder="Words that a line must contain"
          autoFocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
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
      const counted = lines === 0 ? 'No line has these words.' : `${lines} lines in ${sessions.length} sessions.`
      const more = has_more === true ? ' More sessions may match: add words.' : ''
      return `${counted}${more}${unreadable.length === 0 ? '' : ` ${unreadable.length} logs could not be read.`}`
    }
  }
}
