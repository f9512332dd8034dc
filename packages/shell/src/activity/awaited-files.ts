import {closeSync, openSync, readSync} from 'node:fs'

import {readProc} from '../process-stat.ts'

type Wait = 'poll' | 'select' | 'epoll'

/** The system calls that wait for events, by number. */
const WAITS: Readonly<Record<string, Readonly<Record<string, Wait>>>> = {
  x64: {7: 'poll', 271: 'poll', 23: 'select', 270: 'select', 232: 'epoll', 281: 'epoll', 441: 'epoll'},
  arm64: {73: 'poll', 72: 'select', 22: 'epoll', 441: 'epoll'},
}
/** Of a process that waits for more, it is unknown which. */
const MAX_FILES = 1024
/** The size of a `struct pollfd`, and where its events stand. */
const POLL_BYTES = 8
const EVENTS_AT = 4
/** `POLLIN`, `EPOLLIN`, and `POLLRDNORM`. */
const INPUT = 0x41

/**
 * The descriptors from which a process awaits input in this system call (`/proc/PID/syscall`): by the list in its memory, or of
 * its epoll instance. `none`: it waits for no events. `unknown`: this user may not read that.
 */
export function awaitedFiles(systemCall: string, pid: number): readonly number[] | 'none' | 'unknown' {
  const [number = '', first = '', second = ''] = systemCall.split(' ')
  switch (WAITS[process.arch]?.[number]) {
    case 'poll':
      return polled(pid, Number(first), Number(second))
    case 'select':
      return selected(pid, Number(second), Number(first))
    case 'epoll':
      return registered(pid, Number(first))
    case undefined:
      return 'none'
  }
}

function polled(pid: number, address: number, count: number): readonly number[] | 'unknown' {
  const list = count <= MAX_FILES ? readMemory(pid, address, count * POLL_BYTES) : undefined
  if (list === undefined) return 'unknown'
  return Array.from({length: count}, (_, index) => index * POLL_BYTES)
    .filter((at) => (list.readInt16LE(at + EVENTS_AT) & INPUT) !== 0)
    .map((at) => list.readInt32LE(at))
}

function selected(pid: number, address: number, count: number): readonly number[] | 'unknown' {
  if (address === 0) return []
  const bits = count <= MAX_FILES ? readMemory(pid, address, Math.ceil(count / 8)) : undefined
  if (bits === undefined) return 'unknown'
  return Array.from({length: count}, (_, file) => file).filter((file) => ((bits[file >> 3] ?? 0) >> (file & 7)) & 1)
}

function registered(pid: number, instance: number): readonly number[] | 'unknown' {
  const info = readProc(`${pid}/fdinfo/${instance}`)
  if (info === undefined) return 'unknown'
  return [...info.matchAll(/^tfd:\s*(\d+)\s+events:\s*([\da-f]+)/gm)]
    .filter(([, , events = '']) => (Number.parseInt(events, 16) & INPUT) !== 0)
    .map(([, file]) => Number(file))
}

function readMemory(pid: number, address: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length)
  let file: number | undefined
  try {
    file = openSync(`/proc/${pid}/mem`, 'r')
    return readSync(file, bytes, 0, length, address) === length ? bytes : undefined
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
