'use strict'
// Apart from cli.js, because an older Node cannot even read what is in here.
//
// Loads main.js, or the part of it that one command needs, together with what V8 had made of it when a process of the same
// kind ended. Node's own cache holds what is compiled when a file is loaded; most functions are compiled when they are called
// first, and so in each process anew: that is a third of the start of a command.

const {closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync} = require('node:fs')
const {getCompileCacheDir} = require('node:module')
const {join} = require('node:path')
const {Script} = require('node:vm')

/** Set by the build: caches of another one are not for this. */
const build = 'BUILD'

/** Bits of a file's mode. */
const othersMayWrite = 0o022
const ownerMayWrite = 0o200

/** V8 throws code away that was not used for a while: a process that has lived so long has lost some of its start, s. */
const longLife = 10

/** A file that two starts have made is added to again when it is so old, ms. */
const dayMs = 86_400_000

/** Kinds of processes that call other functions than others do, and are to start fast. */
const kinds = ['run', 'host', 'gateway', 'ls']

const kind = kinds.find((word) => word === process.argv[2]) ?? 'other'
const file = join(__dirname, kind === 'run' ? 'run.js' : 'main.js')
const cacheFile = cachePath()
const kept = cacheFile === undefined ? undefined : read(cacheFile)
// The build sees to it that it is ASCII: so it is read, and kept, as one byte a character.
const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  ...(kept === undefined ? {} : {cachedData: kept.code}),
})
const isTaken = kept !== undefined && !script.cachedDataRejected
if (cacheFile !== undefined && !(isTaken && kept.isGood)) process.on('exit', save)
script.runInThisContext()(require, file, () => import('./screen.mjs'))

/** Beside Node's own cache, in its folder for this version of Node and this user; `undefined` where there is to be none. */
function cachePath() {
  const folder = getCompileCacheDir()
  return folder === undefined ? undefined : join(folder, `holdfast-${build}-${kind}`)
}

/** Code is taken only from a file that nobody else can have written: the folder may be below one that is for all. */
function read(path) {
  try {
    const cache = openSync(path, 'r')
    try {
      const {uid, mode, mtimeMs} = fstatSync(cache)
      if (uid !== process.getuid() || (mode & othersMayWrite) !== 0) return undefined
      const isOfTwo = (mode & ownerMayWrite) === 0
      return {code: readFileSync(cache), isGood: isOfTwo && Date.now() - mtimeMs < dayMs}
    } finally {
      closeSync(cache)
    }
  } catch {
    return undefined
  }
}

/**
 * Whole or not at all: others may read it. The first process writes what it called; the second adds what it called beside,
 * and makes the file read-only, which says so; after that, one a day.
 */
function save() {
  if (isTaken && process.uptime() > longLife) return
  const part = `${cacheFile}.${process.pid}`
  try {
    // V8 takes code only where the flags are those with which it was made: back to what a process starts with.
    require('node:v8').setFlagsFromString('--semi-space-growth-factor=2')
    writeFileSync(part, script.createCachedData(), {mode: isTaken ? 0o400 : 0o600, flag: 'wx'})
    renameSync(part, cacheFile)
  } catch {
    // The next start takes longer.
  }
}
