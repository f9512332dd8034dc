'use strict'
// Apart from cli.js, because an older Node cannot even read what is in here.
//
// Loads main.js together with what V8 had made of it when a process of the same kind ended. Node's own cache holds what is
// compiled when a file is loaded; most functions are compiled when they are called first, and so in each process anew: that
// is a third of the start of a command.

const {closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync} = require('node:fs')
const {createRequire, getCompileCacheDir} = require('node:module')
const {join} = require('node:path')
const {Script} = require('node:vm')

/** Set by the build: caches of another one are not for this. */
const build = 'BUILD'

/** Bits of a file's mode. */
const othersMayWrite = 0o022

/** Kinds of processes that call other functions than others do, and are to start fast. */
const kinds = ['run', 'host', 'gateway', 'ls']

const file = join(__dirname, 'main.js')
const cacheFile = cachePath()
const cachedData = cacheFile === undefined ? undefined : read(cacheFile)
// The build sees to it that it is ASCII: so it is read, and kept, as one byte a character.
const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  ...(cachedData === undefined ? {} : {cachedData}),
})
if (cacheFile !== undefined && (cachedData === undefined || script.cachedDataRejected)) process.on('exit', save)
script.runInThisContext()(createRequire(file), file, () => import('./screen.mjs'))

/** Beside Node's own cache, in its folder for this version of Node and this user; `undefined` where there is to be none. */
function cachePath() {
  const folder = getCompileCacheDir()
  const word = kinds.find((kind) => kind === process.argv[2]) ?? 'other'
  return folder === undefined ? undefined : join(folder, `holdfast-${build}-${word}`)
}

/** Code is taken only from a file that nobody else can have written: the folder may be below one that is for all. */
function read(path) {
  try {
    const cache = openSync(path, 'r')
    try {
      const {uid, mode} = fstatSync(cache)
      return uid === process.getuid() && (mode & othersMayWrite) === 0 ? readFileSync(cache) : undefined
    } finally {
      closeSync(cache)
    }
  } catch {
    return undefined
  }
}

/** Whole or not at all: others may read it. */
function save() {
  const part = `${cacheFile}.${process.pid}`
  try {
    // V8 takes code only where the flags are those with which it was made: back to what a process starts with.
    require('node:v8').setFlagsFromString('--semi-space-growth-factor=2')
    writeFileSync(part, script.createCachedData(), {mode: 0o600, flag: 'wx'})
    renameSync(part, cacheFile)
  } catch {
    // The next start takes longer.
  }
}
