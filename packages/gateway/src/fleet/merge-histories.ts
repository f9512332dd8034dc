import type {Result} from '@holdfast/protocol'

type History = Result<'prompt.history'>
type Prompt = History['prompts'][number]

/** The most characters of texts in a result. */
const maxLength = 1024 * 1024

/**
 * Joins the histories of machines, each with the newest first, without what is said twice. A machine that has more may have prompts
 * between its last one and the last ones of others: so what is older than the first end waits for the next page. Pure.
 */
export function mergeHistories(histories: readonly History[], limit: number): History {
  const ends = histories.flatMap(({next}) => (next === undefined ? [] : [next]))
  const horizon = Math.max(-Infinity, ...ends)
  const placed = histories.flatMap(placePrompts).filter(({place}) => place >= horizon)
  placed.sort((first, second) => second.place - first.place)
  const newest = new Map<string, Placed>()
  for (const each of placed) if (!newest.has(each.prompt.text)) newest.set(each.prompt.text, each)
  const all = [...newest.values()]
  const page = takePage(all, limit)
  const next = page.length < all.length ? page.at(-1)!.place : horizon
  const hasMore = page.length > 0 && next > -Infinity
  return {prompts: page.map(({prompt}) => prompt), ...(hasMore && {next})}
}

interface Placed {
  prompt: Prompt
  place: number
}

/** Commands without a time come last; their places are below 0. Those here are the first of them: the machine alone knows the true ones. */
function placePrompts({prompts}: History): Placed[] {
  let untimed = 0
  return prompts.map((prompt) => ({prompt, place: prompt.at ?? --untimed}))
}

function takePage(all: readonly Placed[], limit: number): Placed[] {
  let length = 0
  const end = all.findIndex(({prompt}, index) => (length += prompt.text.length) > maxLength && index > 0)
  const count = Math.min(limit, end === -1 ? all.length : end)
  if (count === all.length || all[count]!.place >= 0) return all.slice(0, count)
  // A page that ended among those without a time could not say where.
  const timed = all.filter(({place}) => place >= 0).length
  return all.slice(0, timed === 0 ? all.length : Math.min(count, timed))
}
