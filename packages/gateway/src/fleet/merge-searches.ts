import {maxPageBytes, type Result} from '@holdfast/protocol'

type Found = Result<'session.search'>

/** Joins what machines have found, last used first, up to `maxBytes`. Pure. */
export function mergeSearches(results: readonly Found[], maxBytes = maxPageBytes): Found {
  const found = new Map<string, Found['sessions'][number]>()
  // A session that has moved may have a log on two machines: the one with the newer use knows more of it.
  for (const session of results.flatMap(({sessions}) => sessions)) {
    const known = found.get(session.id)
    if (known === undefined || known.updated_at < session.updated_at) found.set(session.id, session)
  }
  const ordered = [...found.values()].sort((first, second) => second.updated_at - first.updated_at)
  let bytes = 0
  const end = ordered.findIndex((session, index) => {
    bytes += Buffer.byteLength(JSON.stringify(session))
    return bytes > maxBytes && index > 0
  })
  const hasMore = end !== -1 || results.some(({has_more}) => has_more === true)
  const unreadable = [...new Set(results.flatMap((result) => result.unreadable))]
  return {sessions: end === -1 ? ordered : ordered.slice(0, end), unreadable, ...(hasMore && {has_more: true})}
}
