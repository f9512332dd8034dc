import {lstatSync, mkdirSync, readFileSync, readlinkSync, type Stats} from 'node:fs'
import {dirname, join} from 'node:path'

/** A folder or a symbolic link on the way to a path, through which another user could lead to something else. */
export interface OpenStep {
  path: string
  /** `group`: members of its group can write to it. `all`: every user can. `link`, `owner`: it belongs to another user. */
  kind: 'group' | 'all' | 'link' | 'owner'
  /** The user id of its owner. */
  owner: number
}

export interface WalkedPath {
  /** The same path without symbolic links. */
  real: string
  /** `undefined` if it does not exist. */
  stat: Stats | undefined
  /** The symbolic link that leads to something that does not exist. */
  danglingLink: string | undefined
  /** From the root of the file system on. */
  openSteps: readonly OpenStep[]
}

/** As many as Linux follows. */
const maxLinks = 40
const [sticky, groupWrite, allWrite] = [0o1000, 0o020, 0o002]

/**
 * Walks to an absolute path, link by link, as the system would, and finds who else could change where it leads. In a folder
 * with the sticky bit, such as /tmp, users can only replace what belongs to them; but in the last folder they must not even
 * create something. Throws the errors of the file system.
 */
export function walkPath(path: string): WalkedPath {
  const openSteps: OpenStep[] = []
  const links: {path: string; stepsAfter: number}[] = []
  const steps = namesOf(path)
  let real = '/'
  let followed = 0
  let found = lstatSync(real)

  while (steps.length > 0) {
    noteOpen(real, found, false)
    const name = steps.shift()!
    const next = name === '..' ? dirname(real) : join(real, name)
    const step = lstatSync(next, {throwIfNoEntry: false})
    while (steps.length < (links.at(-1)?.stepsAfter ?? 0)) links.pop()
    if (step === undefined) {
      return {real: join(next, ...steps), stat: undefined, danglingLink: links[0]?.path, openSteps}
    }
    if (step.isSymbolicLink()) {
      if ((followed += 1) > maxLinks) throw Object.assign(new Error(`too many links: ${path}`), {code: 'ELOOP'})
      if (!isTrusted(step.uid)) openSteps.push({path: next, kind: 'link', owner: step.uid})
      const target = readlinkSync(next)
      links.push({path: next, stepsAfter: steps.length})
      steps.unshift(...namesOf(target))
      if (!target.startsWith('/')) continue
      real = '/'
      found = lstatSync(real)
    } else {
      real = next
      found = step
    }
  }
  noteOpen(real, found, true)
  return {real, stat: found, danglingLink: undefined, openSteps}

  function noteOpen(step: string, {uid, mode}: Stats, isLast: boolean): void {
    const note = (kind: OpenStep['kind']) => {
      if (openSteps.at(-1)?.path !== step) openSteps.push({path: step, kind, owner: uid})
    }
    if (isLast ? uid !== process.geteuid?.() : !isTrusted(uid)) note('owner')
    else if ((mode & sticky) !== 0 && !isLast) return
    else if ((mode & allWrite) !== 0) note('all')
    else if ((mode & groupWrite) !== 0) note('group')
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

/**
 * Creates a folder, mode 0700, and those above it. (Node's own recursive `mkdirSync` never returns where a file system has
 * no such name, but does not say why, as in /proc.) Throws the errors of the file system.
 */
export function makeFolder(path: string): void {
  if (lstatSync(path, {throwIfNoEntry: false}) !== undefined) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, {mode: 0o700})
  } catch (error) {
    // Another process has just created it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Whether a user is root or the one of this process. In a user namespace, root may be one of the users without an id. */
function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.() || uid === unmappedUid()
}

function unmappedUid(): number | undefined {
  try {
    const isInNamespace = !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
    return isInNamespace ? Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8')) : undefined
  } catch {
    return undefined
  }
}
