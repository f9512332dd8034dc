import {sessionIdPattern} from '@holdfast/protocol'

import {hash} from './hash.ts'

/** Where a session is in the cluster. */
export interface SessionSubjects {
  stream: string
  /** Everything of the session, in one order. */
  all: string
  /** Its events. */
  log: string
  /** Its claims. */
  claims: string
  claim(epoch: number): string
  /** The mark of a deleted session, beside its claims. It stays for ever. */
  deleted: string
}

const namePattern = /^[a-z0-9-]{1,32}$/

/** Throws a `RangeError` for a name that cannot be a part of a subject. */
export function requireFleetName(name: string): void {
  if (!namePattern.test(name)) {
    throw new RangeError(`Expected \`name\` to be 1 to 32 of a-z, 0-9 and -, got ${JSON.stringify(name)}`)
  }
}

/**
 * The name says how many streams the fleet has, so that machines with other settings find it out. The server refuses a
 * second set of streams: their subjects would overlap.
 */
export function streamName(fleet: string, shard: number, shards: number): string {
  return `holdfast-${fleet}-${shard}-of-${shards}`
}

export function shardSubjects(fleet: string, shard: number): string {
  return `holdfast.${fleet}.${shard}.>`
}

/** The claims of all sessions of a stream. */
export function shardClaims(fleet: string, shard: number): string {
  return `holdfast.${fleet}.${shard}.*.claim.*`
}

/** The session of a subject. */
export function sessionOf(subject: string): string {
  return subject.split('.')[3] ?? ''
}

/** Throws a `RangeError` for an id that cannot be a part of a subject. */
export function sessionSubjects(fleet: string, shards: number, sessionId: string): SessionSubjects {
  if (!sessionIdPattern.test(sessionId)) {
    throw new RangeError(`Expected the id of a session, got ${JSON.stringify(sessionId)}`)
  }
  const shard = hash(sessionId) % shards
  const session = `holdfast.${fleet}.${shard}.${sessionId}`
  return {
    stream: streamName(fleet, shard, shards),
    all: `${session}.>`,
    log: `${session}.log`,
    claims: `${session}.claim.*`,
    claim: (epoch) => `${session}.claim.${epoch}`,
    // Epochs begin with 1.
    deleted: `${session}.claim.0`,
  }
}
