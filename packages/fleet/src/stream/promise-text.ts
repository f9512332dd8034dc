import {FleetError} from '../fleet-error.ts'
import type {FleetPromise} from './fleet.ts'

// In the description of each stream: servers before 2.10 keep no other data with a stream.

export function describePromise(promise: FleetPromise): string {
  return `Sessions of Holdfast, promise=${promise}`
}

/** Reads the promise of a fleet from the description of its first stream. Throws a `FleetError` for one of a newer version. */
export function readPromise(description = ''): FleetPromise {
  const promise = /\bpromise=(\S+)/.exec(description)?.[1] ?? 'local'
  if (promise === 'local' || promise === 'replicated') return promise
  const message = `The fleet was made with promise ${promise}, expected local or replicated: update this machine`
  throw new FleetError('newer-format', message)
}
