/** The device under which this browser is paired. */
export interface Device {
  name: string
  isReadOnly: boolean
  /** Epoch ms; `undefined`: it does not expire. */
  expiresAt: number | undefined
}

/** Whether this browser may connect. `unknown`: the server could not be asked, or a proxy answered in its place. */
export type Access = {kind: 'paired'; device: Device | undefined} | {kind: 'unpaired'} | {kind: 'unknown'}

export type PairOutcome = {kind: 'paired'; device: Device | undefined} | {kind: 'refused'; why: string}

/** How long the server may take to answer, ms. */
const timeoutMs = 10_000
/** A server that has not answered within this time counts as unreachable, ms. */
const awayMs = 4000

/** Whether there is a page to load. Never rejects. */
export async function isServed(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(awayMs)
    // The service worker, which has the page also without a server, answers no HEAD.
    const {ok, type} = await fetch('/', {method: 'HEAD', redirect: 'manual', cache: 'no-store', signal})
    // A proxy may redirect to its login page.
    return ok || type === 'opaqueredirect'
  } catch {
    return false
  }
}

/**
 * Whether it is the server itself that does not know this browser: a proxy in front of it may answer 401 with JSON of its own, and a page
 * that believes that it was revoked deletes the drafts of its user. Never rejects.
 */
async function isNotPaired(response: Response): Promise<boolean> {
  if (response.status !== 401) return false
  const answer = (await response.json().catch(() => undefined)) as {code?: unknown} | null | undefined
  return answer?.code === 'not-paired'
}

/** Asks under which device this browser is paired. Never rejects. */
export async function askAccess(): Promise<Access> {
  try {
    const response = await fetch('/device', {signal: AbortSignal.timeout(timeoutMs), cache: 'no-store'})
    if (await isNotPaired(response)) return {kind: 'unpaired'}
    if (response.ok) return {kind: 'paired', device: readDevice(await response.json())}
    return {kind: 'unknown'}
  } catch {
    return {kind: 'unknown'}
  }
}

/** Pairs this browser by a one-time code. Never rejects. */
export async function pair(code: string, name: string): Promise<PairOutcome> {
  try {
    const response = await fetch('/pair', {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({code, name}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok) return {kind: 'paired', device: readDevice(answer)}
    return {kind: 'refused', why: describeRefusal(response.status, answer, response.headers.get('retry-after'))}
  } catch {
    return {kind: 'refused', why: 'The server cannot be reached. The code is not used up: try again.'}
  }
}

/** Ends the pairing of this browser at the server. Rejects where the server cannot be reached, or could not do it. */
export async function unpair(): Promise<void> {
  const response = await fetch('/unpair', {method: 'POST', signal: AbortSignal.timeout(timeoutMs)})
  if (response.ok || (await isNotPaired(response))) return
  throw new Error(`The server answered with status ${response.status}`)
}

/** Why the server has refused a code, and what to do. Pure. */
export function describeRefusal(status: number, answer: unknown, retryAfter: string | null): string {
  if (status === 429) {
    const seconds = Number(retryAfter ?? '')
    return `Too many attempts. Try again ${seconds > 0 ? `in ${seconds} s` : 'in a minute'}.`
  }
  const error = (answer as {error?: unknown} | null | undefined)?.error
  const why = typeof error === 'string' && error !== '' ? error : 'The code is wrong, was used, or has expired'
  return `${why.replace(/\.$/, '')}. Make a new one with \`holdfast pair\`.`
}

/** `undefined` for what is no device. Pure. */
export function readDevice(answer: unknown): Device | undefined {
  const {name, read_only, expires_at} = (answer ?? {}) as {name?: unknown; read_only?: unknown; expires_at?: unknown}
  if (typeof name !== 'string') return undefined
  return {
    name,
    isReadOnly: read_only === true,
    expiresAt: typeof expires_at === 'number' ? expires_at : undefined,
  }
}
