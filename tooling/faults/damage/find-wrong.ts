import {commandTimeoutMs, linesOf, type CommandResult} from './run-command.ts'

/** What the commands of Holdfast printed about a session before and after its log was damaged. */
export interface DamageFacts {
  sessionId: string
  /** The events of the log before the damage, one JSON object a line. */
  before: readonly string[]
  /** The same of the session whose log was not damaged. */
  otherBefore: readonly string[]
  /** The damage cut off the end of the WAL, as a power failure does: what was there is gone without a trace. */
  isEndCut: boolean
  ls: CommandResult
  /** The first `show --json` after the damage, with no host started by the harness in between. */
  show: CommandResult
  /** `run` of a command, repeated while it fails, and `show --json` after it. */
  runs: readonly CommandResult[]
  showAfter: CommandResult
  otherShow: CommandResult
  doctor: CommandResult
  rest: readonly CommandResult[]
}

/** What the harness runs after the damage, and what it prints. */
export const freshCommand = 'echo "fresh $((40 + 2))"'
const freshOutput = 'fresh 42'

interface Event {
  seq: number
  type: string
  payload: {prompt_id?: string; text?: string; base64?: string; status?: string; reason?: string; title?: string}
}

/** Events that neither a repair nor the next host writes for a prompt. */
const contentTypes = new Set(['prompt.queued', 'message.start', 'message.delta'])

/** How a repair and the next host end a prompt whose end is lost. */
const madeUpEnds = new Set(['log-damaged', 'host-died'])

/** Checks that nothing wrong was shown, nothing was lost or accepted in silence, and everything ended. */
export function findWrong(facts: DamageFacts): string[] {
  const {sessionId, before, otherBefore, isEndCut, ls, show, runs, showAfter, otherShow, doctor, rest} = facts
  const all = [ls, show, ...runs, showAfter, otherShow, doctor, ...rest]
  const wrong = all.flatMap(findFailure)
  wrong.push(...findForged(facts, show), ...findForged(facts, showAfter), ...findForgedTitle(facts))

  const missing = (result: CommandResult) => {
    const shown = new Set(linesOf(result.stdout).map(sorted))
    return before.filter((line) => !shown.has(sorted(line))).length
  }
  const isReported = [show, ls, doctor].some((result) => reportsDamage(result, sessionId))
  if (missing(show) > 0 && !isReported && !(isEndCut && isPrefix(show, before))) {
    wrong.push(`Expected the loss of ${missing(show)} of ${before.length} events to be reported by ls, show or doctor`)
  }
  if (missing(showAfter) > missing(show) && !reportsDamage(showAfter, sessionId)) {
    wrong.push(`Expected show to report the ${missing(showAfter)} events that are missing after the next prompt`)
  }
  const last = runs.at(-1)!
  if (last.code === 0) {
    if (last.stdout !== `${freshOutput}\n`) wrong.push(`Expected \`${freshOutput}\`, got ${quote(last.stdout)}`)
    const fresh = eventsOf(showAfter).filter(({payload}) => payload.text?.includes(freshOutput))
    if (fresh.length !== 1) wrong.push(`Expected show to have the output of the new prompt once, found ${fresh.length}`)
  } else if (!namesSession(last.stderr, sessionId)) {
    wrong.push(`Expected the error of \`run\` to name the session or its file, got ${quote(last.stderr)}`)
  }
  if (linesOf(otherShow.stdout).join('\n') !== otherBefore.join('\n') || otherShow.code !== 0) {
    wrong.push(`Expected the other session to be as before, got ${quote(otherShow.stdout + otherShow.stderr)}`)
  }
  if (!ls.stdout.includes(sessionId) && !reportsDamage(doctor, sessionId) && !show.stderr.includes(sessionId)) {
    wrong.push('Expected ls, show or doctor to mention the session, none does')
  }
  return wrong
}

/** A command that hung, crashed, or spoke about our internals. */
function findFailure({args, code, signal, stderr}: CommandResult): string[] {
  const name = `holdfast ${args.join(' ')}`
  if (signal === 'SIGKILL') return [`Expected \`${name}\` to end within ${commandTimeoutMs} ms, it did not`]
  if (signal !== null) return [`Expected \`${name}\` to exit, ${signal} ended it`]
  const internal = /^ {4}at |Internal error|node:internal|TypeError|RangeError|SQLITE_|ERR_[A-Z]/m.exec(stderr)
  if (internal !== null) return [`Expected \`${name}\` to print an error for its user, got ${quote(stderr)}`]
  // As grep, `search` exits with 1 where it finds nothing; `doctor` prints problems to stdout.
  const mayBeSilent = (args[0] === 'search' && code === 1) || args[0] === 'doctor'
  return code !== 0 && stderr.trim() === '' && !mayBeSilent
    ? [`Expected an error from \`${name}\`, which exited with ${code}`]
    : []
}

/** Events that were shown for true, and are not. */
function findForged({before, sessionId}: DamageFacts, show: CommandResult): string[] {
  const known = new Set(before.map(sorted))
  const prompts = new Set(before.map((line) => (JSON.parse(line) as Event).payload.prompt_id))
  const titles = titlesOf(before, sessionId)
  const isForged = ({type, payload}: Event): boolean => {
    const {prompt_id, status, reason = '', title = ''} = payload
    // The folder in it may be another one by now.
    if (type === 'session.info') return !titles.has(title)
    if (type === 'draft.updated') return true
    if (!prompts.has(prompt_id)) return false
    if (type === 'message.complete') return status !== 'interrupted' || !madeUpEnds.has(reason)
    return contentTypes.has(type)
  }
  const wrong: string[] = []
  let lastSeq = 0
  for (const line of linesOf(show.stdout)) {
    const event = JSON.parse(line) as Event
    if (event.seq !== lastSeq + 1) wrong.push(`Expected event ${lastSeq + 1} after ${lastSeq}, got ${event.seq}`)
    lastSeq = event.seq
    if (!known.has(sorted(line)) && isForged(event)) {
      wrong.push(`Expected event ${event.seq} to be as before or lost, got ${quote(line)}`)
    }
  }
  return wrong
}

/** A title in the list of sessions that the session never had. */
function findForgedTitle({ls, before, sessionId}: DamageFacts): string[] {
  const listed = linesOf(ls.stdout).map((line) => JSON.parse(line) as {id: string; title?: string; state?: string})
  const {title = '', state} = listed.find(({id}) => id === sessionId) ?? {}
  if (title === '' || state === 'unreadable' || titlesOf(before, sessionId).has(title)) return []
  return [`Expected ls to show a title of the session, got ${quote(title)}`]
}

/** The titles that a session had. A repair names one whose title is lost by its id. */
function titlesOf(before: readonly string[], sessionId: string): ReadonlySet<string> {
  return new Set([sessionId, ...before.map((line) => (JSON.parse(line) as Event).payload.title ?? sessionId)])
}

function reportsDamage({args, stdout, stderr, code}: CommandResult, sessionId: string): boolean {
  if (args[0] === 'show') return code !== 0 || stderr !== '' || /"type":"event\.lost"|"level":"warning"/.test(stdout)
  const isAboutDamage = (line: string) => line.includes(sessionId) && /damaged|unreadable/.test(line)
  return [...linesOf(stdout), ...linesOf(stderr)].some(isAboutDamage)
}

/** An event with its keys in order: a repair may write them in another one. */
function sorted(line: string): string {
  return JSON.stringify(JSON.parse(line), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}

function isPrefix({stdout}: CommandResult, before: readonly string[]): boolean {
  return linesOf(stdout).every((line, index) => sorted(line) === sorted(before[index] ?? '{}'))
}

const namesSession = (text: string, sessionId: string) => text.includes(sessionId)
const eventsOf = ({stdout}: CommandResult) => linesOf(stdout).map((line) => JSON.parse(line) as Event)
const quote = (text: string) => JSON.stringify(text.slice(0, 300))
