import {stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {basename, join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {writeMention, type Fragment} from '@holdfast/ink-composer'
import {toPlainLine} from '@holdfast/terminal'
import {formatBytes} from '@holdfast/session-view'

/** The longest text that is taken for names of files, UTF-16 units. */
const maxLength = 8192
/** Files that are dropped at once. */
const maxFiles = 20
/** How long the disk may take, ms: the user waits. */
const maxMs = 300

/**
 * The files that a terminal has pasted because they were dropped on it: each a mention, shown as a chip, `[photo.png, 1.2 MiB]`.
 * `undefined` for any other text, and where the disk does not answer in 0.3 s.
 */
export function readDroppedFiles(pasted: string): Promise<Fragment | undefined> | undefined {
  const paths = pathsOf(pasted)
  if (paths.length === 0) return undefined
  const deadline = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => deadline.resolve(undefined), maxMs)
  const read = Promise.all(paths.map(readFile)).then(joinFiles, () => undefined)
  return Promise.race([read, deadline.promise]).finally(() => clearTimeout(timer))
}

/** The absolute paths of a text that has nothing else, as terminals write them: escaped, in quotes, or as `file://` URLs. Pure. */
export function pathsOf(pasted: string): readonly string[] {
  const text = pasted.trim()
  if (text.length > maxLength || text.includes('\n')) return []
  const words = text.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? []
  const paths = words.map(pathOf)
  const areAll = paths.every((path) => path !== undefined) && words.join(' ').length === text.replace(/ +/g, ' ').length
  // A path with blanks that a terminal has not quoted.
  if (!areAll) return text.startsWith('/') ? [text] : []
  return paths.length > maxFiles ? [] : paths
}

function pathOf(word: string): string | undefined {
  const path = word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, escaped) => single ?? double ?? escaped)
  if (path.startsWith('/')) return path
  if (path.startsWith('~/')) return join(homedir(), path.slice(2))
  try {
    return path.startsWith('file:///') ? fileURLToPath(path) : undefined
  } catch {
    return undefined
  }
}

async function readFile(path: string): Promise<{path: string; size: number}> {
  const stats = await stat(path)
  if (!stats.isFile()) throw new Error(`Expected a file, got ${path}`)
  return {path, size: stats.size}
}

function joinFiles(files: readonly {path: string; size: number}[]): Fragment {
  const fragment: {text: string; collapsed: Fragment['collapsed'][number][]} = {text: '', collapsed: []}
  for (const {path, size} of files) {
    const start = fragment.text.length
    const mention = writeMention(path)
    const label = `[${toPlainLine(basename(path))}, ${formatBytes(size)}]`
    fragment.collapsed.push({start, end: start + mention.length, label})
    fragment.text += `${mention} `
  }
  return fragment
}
