/**
 * Runs main.cjs, the program, with V8's code cache: the functions that V8 compiled in an earlier start. Compiling them again
 * takes a third of the time of a short command, and of the time to the first frame of the screen. (Node's own compile cache
 * contains only functions that V8 compiles while it loads a file; V8 compiles most functions when they are first called.)
 *
 * There is one cache file per script and kind of process; another build overwrites it. A process that finds none, or one that
 * it cannot use, writes it. The next process adds the functions that it called, and then one process a day does.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {homedir} from 'node:os'
import {dirname, isAbsolute, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Script} from 'node:vm'

/** The commands that start often, each with caches of its own; all others share theirs. */
const kinds = ['run', 'ls', 'gateway', 'host']

const oldAfterMs = 86_400_000

/** By then a process has started. A second after the start, `limitYoungGeneration` sets a flag with which V8 takes no cache. */
const saveAfterMs = 900

const folder = findFolder()
loadScript('main')

/** A script evaluates to this function, whose parameters replace the globals of a CommonJS module. */
type Evaluate = (
  require: NodeJS.Require,
  scriptUrl: string,
  loadSibling: typeof loadScript,
  module: {exports: unknown},
) => void

/** Runs a script of this folder and returns its exports. */
function loadScript(name: string): unknown {
  const path = join(__dirname, `${name}.cjs`)
  const build = buildOf(path)
  const kind = kinds.find((command) => command === process.argv[2]) ?? 'other'
  const cacheFile = folder === undefined ? undefined : join(folder, `${name}-${kind}`)
  const cache = cacheFile === undefined ? undefined : readCache(cacheFile, build)
  const script = new Script(readFileSync(path, 'utf8'), {
    filename: path,
    ...(cache === undefined ? {} : {cachedData: cache.code}),
  })
  const isUsed = cache !== undefined && !script.cachedDataRejected
  if (cacheFile !== undefined && !isUsed) saveOnce(() => saveCache(cacheFile, script, build, {isFirst: true}))
  else if (cacheFile !== undefined && cache?.isOld) saveOnce(() => saveCache(cacheFile, script, build))

  const module = {exports: {}}
  const evaluate = script.runInThisContext() as Evaluate
  evaluate(require, pathToFileURL(path).href, loadScript, module)
  return module.exports
}

/** The folder of the code caches; `undefined` without code caches. */
function findFolder(): string | undefined {
  const {XDG_CACHE_HOME = '', NODE_DISABLE_COMPILE_CACHE} = process.env
  if (NODE_DISABLE_COMPILE_CACHE) return undefined
  try {
    const caches = join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'holdfast')
    mkdirSync(caches, {recursive: true, mode: 0o700})
    return isPrivate(caches) ? caches : undefined
  } catch {
    return undefined
  }
}

/** Whether only this user and root can change or replace a folder: the process runs code from it. */
function isPrivate(path: string): boolean {
  const user = process.getuid?.()
  const realPath = realpathSync.native(path)
  const own = statSync(realPath)
  if (own.uid !== user || (own.mode & 0o077) !== 0) return false
  for (let level = dirname(realPath); ; level = dirname(level)) {
    const {uid, mode} = statSync(level)
    const isSticky = (mode & 0o1000) !== 0
    if ((uid !== 0 && uid !== user) || ((mode & 0o022) !== 0 && !isSticky)) return false
    if (level === dirname(level)) return true
  }
}

/** V8 itself asks only for its own version and for a source of the same length: a cache of another build could pass. */
function buildOf(path: string): Buffer {
  const {size, ctimeMs, ino} = statSync(path)
  return Buffer.from(`\n${size} ${ctimeMs} ${ino}\n`)
}

interface CodeCache {
  code: Buffer
  isOld: boolean
}

function readCache(file: string, build: Buffer): CodeCache | undefined {
  try {
    const {uid, mode, mtimeMs} = statSync(file)
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined
    const bytes = readFileSync(file)
    const code = bytes.subarray(0, -build.length)
    if (!bytes.subarray(code.length).equals(build)) return undefined
    return {code, isOld: isOld(mtimeMs)}
  } catch {
    return undefined
  }
}

function isOld(mtimeMs: number): boolean {
  return Date.now() - mtimeMs > oldAfterMs
}

function saveOnce(save: () => void): void {
  const timer = setTimeout(end, saveAfterMs).unref()
  process.on('exit', end)
  function end() {
    clearTimeout(timer)
    process.off('exit', end)
    save()
  }
}

/** Others find the old cache or the new one, whole. */
function saveCache(file: string, script: Script, build: Buffer, {isFirst = false} = {}): void {
  const part = `${file}.${process.pid}`
  try {
    removeOldParts(dirname(file))
    writeFileSync(part, Buffer.concat([script.createCachedData(), build]), {mode: 0o600, flag: 'wx', flush: true})
    // The next process finds it old, and adds to it.
    if (isFirst) utimesSync(part, 0, 0)
    renameSync(part, file)
  } catch {
    // The next start takes longer.
  }
}

/** A process that was killed while it saved has left a part. */
function removeOldParts(caches: string): void {
  for (const name of readdirSync(caches).filter((file) => /\.\d+$/.test(file))) {
    const part = join(caches, name)
    if (isOld(statSync(part).mtimeMs)) rmSync(part)
  }
}
