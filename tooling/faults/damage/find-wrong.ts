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
  payload: {prompt_id?: string; text?: string; base64?: string; status?: string}
}

/** Events that belong to the output and the prompts of a session. All others may be added by a repair. */
const contentTypes = new Set(['prompt.queued', 'message.start', 'message.delta'])

/** Checks that nothing wrong was shown, nothing was lost or accepted in silence, and everything ended. */
export function findWrong(facts: DamageFacts): string[] {
  const {sessionId, before, otherBefore, isEndCut, ls, show, runs, showAfter, otherShow, doctor, rest} = facts
  const all = [ls, show, ...runs, showAfter, otherShow, doctor, ...rest]
  const wrong = all.flatMap(findFailure)
  wrong.push(...findForged(before, show), ...findForged(before, showAfter))

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
function findForged(before: readonly string[], show: CommandResult): string[] {
  const known = new Set(before.map(sorted))
  const prompts = new Set(before.map((line) => (JSON.parse(line) as Event).payload.prompt_id))
  const wrong: string[] = []
  let lastSeq = 0
  for (const line of linesOf(show.stdout)) {
    const event = JSON.parse(line) as Event
    if (event.seq !== lastSeq + 1) wrong.push(`Expected event ${lastSeq + 1} after ${lastSeq}, got ${event.seq}`)
    lastSeq = event.seq
    const isOld = prompts.has(event.payload.prompt_id)
    if (!known.has(sorted(line)) && isOld && contentTypes.has(event.type)) {
      wrong.push(`Expected event ${event.seq} to be as before or lost, got ${quote(line)}`)
    }
  }
  return wrong
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
