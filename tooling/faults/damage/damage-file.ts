import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs'

import {blockSize, type Change, type Damage} from './plan-damage.ts'

/** Carries a damage out on the files of a log, in place. Returns the file that was damaged. */
export function damageLog(log: string, {file, change}: Damage): string {
  const path = file === 'wal' && existsSync(`${log}-wal`) ? `${log}-wal` : log
  switch (change.kind) {
    case 'truncate':
      truncateSync(path, Math.floor(change.at * readFileSync(path).length))
      break
    case 'remove':
      rmSync(path)
      break
    case 'replace':
      rmSync(path)
      if (change.by === 'pipe') execFileSync('mkfifo', [path])
      else if (change.by === 'folder') mkdirSync(path)
      else writeFileSync(path, 'notes\n'.repeat(1000))
      break
    default:
      // Not by renaming: a living host has the file open.
      writeFileSync(path, changed(readFileSync(path), change), {flag: 'r+'})
  }
  return path
}

type ChangeInPlace = Exclude<Change, {kind: 'truncate' | 'remove' | 'replace'}>

function changed(bytes: Buffer, change: ChangeInPlace): Buffer {
  const offsetOf = (fraction: number) => Math.floor(fraction * bytes.length)
  const blockAt = (fraction: number) => {
    const start = blockSize * Math.floor(fraction * Math.floor(bytes.length / blockSize))
    return bytes.subarray(start, start + blockSize)
  }
  switch (change.kind) {
    case 'flip':
      for (const {at, bit} of change.bits) bytes[offsetOf(at)]! ^= 1 << bit
      return bytes
    case 'overwrite': {
      const target = bytes.subarray(offsetOf(change.at)).subarray(0, change.length)
      for (let at = 0; at < target.length; at++) target[at] = change.fill === 'zeros' ? 0 : (at * 7 + 13) % 256
      return bytes
    }
    case 'swap': {
      const one = Buffer.from(blockAt(change.one))
      blockAt(change.other).copy(blockAt(change.one))
      one.copy(blockAt(change.other))
      return bytes
    }
    case 'repeat':
      blockAt(change.one).copy(blockAt(change.other))
      return bytes
    case 'extend':
      return Buffer.concat([bytes, Buffer.from(Array.from({length: change.length}, (_, at) => (at * 7 + 13) % 256))])
  }
}
