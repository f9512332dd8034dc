/**
 * Runs main.cjs, or internal.cjs for a gateway or a host, with V8's code cache: the functions that V8 compiled in an earlier
 * start. Compiling them again takes a third of the time of a short command, and of the time to the first frame of the screen.
 * (Node's own compile cache contains only functions that V8 compiles while it loads a file; V8 compiles most functions when they
 * are first called.)
 *
 * There is one cache file for each kind of process, and the next build overwrites it. A process that finds none, or one that
 * it cannot use, writes it; the next one adds the functions that it called, and then one process a day does.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Script} from 'node:vm'

import {findCodeCacheFolder} from '../process/code-cache.ts'

/** The program evaluates to this function. */
type Main = (require: NodeJS.Require, mainUrl: string) => void

interface CodeCache {
  code: Buffer
  isOld: boolean
}

/** Commands with a cache file of their own, as they start often. */
const kinds = ['run', 'ls', 'gateway', 'host']

const oldAfterMs = 86_400_000

/** By then a process has started. A second after the start, `limitHeap` sets flags with which V8 takes no cache. */
const saveAfterMs = 900

const isInternal = process.argv[2] === 'gateway' || process.argv[2] === 'host'
const main = join(__dirname, isInternal ? 'internal.cjs' : 'main.cjs')
const build = readBuild()
const found = findCodeCacheFolder()
const kind = kindOf(process.argv[2])
const cacheFile = 'folder' in found ? join(found.folder, kind) : undefined
const cache = cacheFile === undefined ? undefined : readCache(cacheFile)
const script = new Script(readFileSync(main, 'utf8'), {
  filename: main,
  ...(cache === undefined ? {} : {cachedData: cache.code}),
})
const isUsed = cache !== undefined && !script.cachedDataRejected
if (cacheFile !== undefined && !(isUsed && !cache.isOld)) saveOnce(cacheFile)
const run = script.runInThisContext() as Main
run(require, pathToFileURL(main).href)

/** The screen starts without a command: with no argument, or with an option. Its functions are not in the cache of other commands. */
function kindOf(first: string | undefined): string {
  if (first === undefined || /^--(?!help|version)/.test(first)) return 'screen'
  return kinds.find((command) => command === first) ?? 'other'
}

/** Identifies the build: V8 checks only its own version and the length of the source, so it could accept another build's cache. */
function readBuild(): Buffer {
  const {size, ctimeMs, ino} = statSync(main)
  return Buffer.from(`\n${size} ${ctimeMs} ${ino}\n`)
}

/** Checks what it has opened, which is what it reads. A link could lead to a file of another user, a FIFO would block. */
function readCache(file: string): CodeCache | undefined {
  let fd: number | undefined
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o022) !== 0) return undefined
    const bytes = readFileSync(fd)
    const code = bytes.subarray(0, -build.length)
    if (!bytes.subarray(code.length).equals(build)) return undefined
    return {code, isOld: isOld(stat.mtimeMs)}
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function isOld(mtimeMs: number): boolean {
  return Date.now() - mtimeMs > oldAfterMs
}

/** Saves when the process has started, or at its exit if that is earlier. */
function saveOnce(file: string): void {
  const timer = setTimeout(save, saveAfterMs).unref()
  process.on('exit', save)
  function save() {
    clearTimeout(timer)
    process.off('exit', save)
    saveCache(file)
  }
}

/** Writes a part and renames it, so that other processes find the old cache or the new one, whole. */
function saveCache(file: string): void {
  const part = `${file}.${process.pid}`
  try {
    removeOldParts(dirname(file))
    writeFileSync(part, Buffer.concat([script.createCachedData(), build]), {mode: 0o600, flag: 'wx', flush: true})
    // The next process finds it old, and adds to it.
    if (!isUsed) utimesSync(part, 0, 0)
    renameSync(part, file)
  } catch {
    // The next start takes longer. A part that a full disk has cut would keep it full.
    rmSync(part, {force: true})
  }
}

/** A process that was killed while it saved has left a part. */
function removeOldParts(caches: string): void {
  for (const name of readdirSync(caches).filter((file) => /\.\d+$/.test(file))) {
    const part = join(caches, name)
    if (isOld(statSync(part).mtimeMs)) rmSync(part)
  }
}
