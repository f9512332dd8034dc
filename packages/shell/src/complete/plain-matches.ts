import {opendir, stat} from 'node:fs/promises'
import {delimiter, join, resolve} from 'node:path'

import {findVariable} from './read-draft.ts'
import {MAX_MATCHES, type CompletionRequest, type Match, type Matches} from './side-shell.ts'
import {readWord, writeWord, type WriteOptions} from './write-word.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface PlainOptions {
  env: Environment
  syntax: WriteOptions['syntax']
}

/** The longest time that a slow disk may take, ms. */
const MAX_READ_MS = 200

/**
 * Completes paths, and the names of commands on `$PATH` and of variables: what needs no shell. Finds what can be read in a short
 * time.
 */
export async function findPlainMatches(request: CompletionRequest, options: PlainOptions): Promise<Matches> {
  const {current, words, isRedirected} = request
  const variable = findVariable(request)
  if (variable !== null) return variables(variable, request, options)
  const isCommand = words.length === 0 && !isRedirected && !current.text.includes('/')
  const matches = isCommand ? await commands(request, options) : await paths(request, options)
  return {start: current.start, matches}
}

/** Only paths, for a shell that does not answer. */
export async function findPaths(request: CompletionRequest, options: PlainOptions): Promise<Matches> {
  return {start: request.current.start, matches: await paths(request, options)}
}

function variables([written, name = '']: RegExpExecArray, {current}: CompletionRequest, {env}: PlainOptions): Matches {
  const brace = written.startsWith('${') ? '}' : ''
  const names = Object.keys(env).filter((each) => each.startsWith(name) && /^\w+$/.test(each))
  return {
    start: current.start + current.text.length - written.length,
    matches: names.map((each) => {
      const insert = written.slice(0, written.length - name.length) + each + brace
      return {insert, suffix: '', label: insert}
    }),
  }
}

async function commands({current}: CompletionRequest, {env, syntax}: PlainOptions): Promise<Match[]> {
  const typed = readWord(current.text)
  if (typed === '') return []
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  const names = await Promise.all(folders.map((folder) => readNames(folder, typed)))
  const found = [...new Set(names.flat().flatMap(({name, isFolder}) => (isFolder ? [] : [name])))]
  return found.map((name) => ({insert: writeWord(name, {syntax}), suffix: ' ', label: name}))
}

/** Commands whose arguments are folders. */
const FOLDER_COMMANDS: ReadonlySet<string> = new Set(['cd', 'pushd', 'rmdir'])

async function paths(
  {current, quote, cwd, words, isRedirected}: CompletionRequest,
  {env, syntax}: PlainOptions,
): Promise<Match[]> {
  const path = readWord(current.text)
  const folderEnd = path.lastIndexOf('/') + 1
  const [folder, name] = [path.slice(0, folderEnd), path.slice(folderEnd)]
  const found = await readNames(resolve(cwd, expand(folder, env)), name)
  return found
    .filter((each) => name.startsWith('.') || !each.name.startsWith('.'))
    .filter((each) => each.isFolder || isRedirected || !FOLDER_COMMANDS.has(words[0]?.text ?? ''))
    .map((each) => {
      const label = each.isFolder ? `${each.name}/` : each.name
      const insert = writeWord(folder + label, {quote, syntax})
      return {insert, suffix: each.isFolder ? '' : `${quote} `, label}
    })
}

/** Expands the home folder, or a variable, at the start of a path. */
function expand(folder: string, env: Environment): string {
  if (folder.startsWith('~/')) return join(env['HOME'] ?? '~', folder.slice(2))
  return folder.replace(/^\$(?:(\w+)|\{(\w+)\})(?=\/)/, (written, plain, braced) => env[plain ?? braced] ?? written)
}

interface Name {
  name: string
  isFolder: boolean
}

async function readNames(folder: string, start: string): Promise<Name[]> {
  const found: Name[] = []
  const read = async () => {
    for await (const entry of await opendir(folder)) {
      if (!entry.name.startsWith(start)) continue
      const isFolder =
        entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderBehind(join(folder, entry.name))))
      found.push({name: entry.name, isFolder})
      if (found.length === MAX_MATCHES) return
    }
  }
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, MAX_READ_MS)
  try {
    await Promise.race([read(), late.promise])
  } catch {
    // No such folder, or no permission: there is nothing to complete.
  } finally {
    clearTimeout(timer)
  }
  return found
}

async function isFolderBehind(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
