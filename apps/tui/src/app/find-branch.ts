import {dirname, join, resolve} from 'node:path'

import {readSmallFile} from '../files/read-small-file.ts'

/** Folders deeper than this are not searched. */
const maxDepth = 64
/** A file that is longer is none of git's. */
const maxFileBytes = 4096

/**
 * The checked-out git branch of a folder, or the beginning of the commit id if no branch is checked out; `undefined` outside
 * of git. Reads `.git/HEAD`, or the `HEAD` of the folder that the `.git` file of a worktree names.
 */
export async function findBranch(folder: string): Promise<string | undefined> {
  for (let [at, depth] = [resolve(folder), 0]; depth < maxDepth; depth++) {
    const head = (await readShort(join(at, '.git/HEAD'))) ?? (await readLinkedHead(at))
    if (head !== undefined) return branchOf(head)
    if (dirname(at) === at) return undefined
    at = dirname(at)
  }
  return undefined
}

async function readLinkedHead(folder: string): Promise<string | undefined> {
  const link = /^gitdir: (.+)$/m.exec((await readShort(join(folder, '.git'))) ?? '')?.[1]
  return link === undefined ? undefined : await readShort(join(resolve(folder, link.trim()), 'HEAD'))
}

async function readShort(file: string): Promise<string | undefined> {
  try {
    return (await readSmallFile(file, {maxBytes: maxFileBytes})).text
  } catch {
    // Not there, not a file, or not ours to read: for us it is the same.
    return undefined
  }
}

/** The branch that a HEAD names, or the first 7 digits of its commit. Pure. */
function branchOf(head: string): string | undefined {
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? /^[0-9a-f]{7}/.exec(head)?.[0]
}
