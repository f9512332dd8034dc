/**
 * Runs main.cjs, which is the whole program, with V8's code cache: the functions that V8 compiled in an earlier start. To
 * compile them anew takes a third of the time of a short command, and of the time to the first frame of the screen. (Node's
 * own compile cache holds what is compiled while a file loads; most functions are compiled when they are first called.)
 *
 * There is one cache file for each kind of process, and the next build overwrites it. A process that finds none, or one that
 * it cannot use, writes it; the next one adds the functions that it called, and then one process a day does.
 */
import {mkdirSync, readFileSync, realpathSync, renameSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {dirname, isAbsolute, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Script} from 'node:vm'

/** main.cjs evaluates to this function. */
type Main = (require: NodeJS.Require, mainUrl: string) => void

interface CodeCache {
  code: Buffer
  isOld: boolean
}

/** The commands that start often, each for itself; all others, the screen first, share a cache. */
const kinds = ['run', 'ls', 'gateway', 'host']

const oldAfterMs = 86_400_000

/** By then a process has started. A second after the start, `limitYoungGeneration` sets a flag with which V8 takes no cache. */
const saveAfterMs = 900

const main = join(__dirname, 'main.cjs')
const cacheFile = findCacheFile()
const cache = cacheFile === undefined ? undefined : readCache(cacheFile)
const script = new Script(readFileSync(main, 'utf8'), {
  filename: main,
  ...(cache === undefined ? {} : {cachedData: cache.code}),
})
const isUsed = cache !== undefined && !script.cachedDataRejected
if (cacheFile !== undefined && !(isUsed && !cache.isOld)) saveOnce(cacheFile)
const run = script.runInThisContext() as Main
run(require, pathToFileURL(main).href)

/** `undefined` where there is to be no cache. */
function findCacheFile(): string | undefined {
  const {XDG_CACHE_HOME = '', NODE_DISABLE_COMPILE_CACHE} = process.env
  if (NODE_DISABLE_COMPILE_CACHE) return undefined
  const folder = join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'holdfast')
  const [, , command = ''] = process.argv
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700})
    return isPrivate(folder) ? join(folder, kinds.includes(command) ? command : 'other') : undefined
  } catch {
    return undefined
  }
}

/** Whether only this user, and root, can change what is in a folder or put another one in its place: it is code that we run. */
function isPrivate(folder: string): boolean {
  const user = process.getuid?.()
  const path = realpathSync.native(folder)
  const own = statSync(path)
  if (own.uid !== user || (own.mode & 0o077) !== 0) return false
  for (let level = dirname(path); ; level = dirname(level)) {
    const {uid, mode} = statSync(level)
    const isSticky = (mode & 0o1000) !== 0
    if ((uid !== 0 && uid !== user) || ((mode & 0o022) !== 0 && !isSticky)) return false
    if (level === dirname(level)) return true
  }
}

/** V8 itself asks only for its own version and for a source of the same length: a cache of another build could pass. */
function buildOfMain(): Buffer {
  const {size, ctimeMs, ino} = statSync(main)
  return Buffer.from(`\n${size} ${ctimeMs} ${ino}\n`)
}

function readCache(file: string): CodeCache | undefined {
  try {
    const bytes = readFileSync(file)
    const build = buildOfMain()
    const code = bytes.subarray(0, -build.length)
    if (!bytes.subarray(code.length).equals(build)) return undefined
    return {code, isOld: Date.now() - statSync(file).mtimeMs > oldAfterMs}
  } catch {
    return undefined
  }
}

function saveOnce(file: string): void {
  let isSaved = false
  const save = () => {
    if (!isSaved) saveCache(file)
    isSaved = true
  }
  process.once('exit', save)
  setTimeout(save, saveAfterMs).unref()
}

/** Others find the old cache or the new one, whole. */
function saveCache(file: string): void {
  const part = `${file}.${process.pid}`
  try {
    writeFileSync(part, Buffer.concat([script.createCachedData(), buildOfMain()]), {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
    // So that the next process finds it old and adds to it.
    if (!isUsed) utimesSync(part, 0, 0)
    renameSync(part, file)
  } catch {
    // The next start takes longer.
  }
}
