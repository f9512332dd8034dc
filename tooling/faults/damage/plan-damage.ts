import {createRandom} from '../schedule/random.ts'

/**
 * What became of the session's host before the damage:
 * - `ended`: it ended in order, and left one file.
 * - `killed`: SIGKILL ended it, and its WAL is left.
 * - `live`: it runs on.
 */
export const hostStates = ['ended', 'killed', 'live'] as const
export type HostState = (typeof hostStates)[number]

/** Positions are fractions of the file, or of the number of its blocks, from 0 to less than 1. */
export type Change =
  | {kind: 'flip'; bits: readonly {at: number; bit: number}[]}
  | {kind: 'overwrite'; at: number; length: number; fill: 'zeros' | 'garbage'}
  /** Exchanges two blocks of `blockSize` bytes. */
  | {kind: 'swap'; one: number; other: number}
  /** Writes one block over another one, as a disk that loses a write and finds older data. */
  | {kind: 'repeat'; one: number; other: number}
  | {kind: 'truncate'; at: number}
  | {kind: 'extend'; length: number}
  | {kind: 'remove'}
  | {kind: 'replace'; by: 'pipe' | 'folder' | 'text'}

export const blockSize = 4096

export interface Damage {
  seed: number
  hostState: HostState
  /** The database of the session, or the WAL beside it; the database where there is no WAL. */
  file: 'database' | 'wal'
  change: Change
}

const kinds = [
  ...(['flip', 'flip', 'flip', 'flip', 'flip', 'overwrite', 'overwrite', 'overwrite'] as const),
  ...(['swap', 'repeat', 'truncate', 'truncate', 'extend', 'remove', 'replace'] as const),
] as const

/** The share of the file that the first pages are. */
const firstPages = 0.05

/** The same seed gives the same damage. */
export function planDamage(seed: number): Damage {
  const random = createRandom(seed)
  // Neighbouring seeds of this generator begin alike.
  for (let count = 0; count < 5; count++) random.integer(0, 1)
  const fraction = () => random.integer(0, 999_999) / 1_000_000
  const planChange = (): Change => {
    const kind = random.pick(kinds)
    switch (kind) {
      case 'flip': {
        const count = random.pick([1, 1, 1, 2, 8])
        // The header and the schema are in the first page, the state and the roots in the next ones.
        const at = () => (count > 1 && random.integer(0, 1) === 0 ? fraction() * firstPages : fraction())
        return {kind, bits: Array.from({length: count}, () => ({at: at(), bit: random.integer(0, 7)}))}
      }
      case 'overwrite': {
        const [at, length] = [fraction(), random.pick([4, 512, blockSize, 5 * blockSize])]
        return {kind, at, length, fill: random.pick(['zeros', 'garbage'])}
      }
      case 'swap':
      case 'repeat':
        return {kind, one: fraction(), other: fraction()}
      case 'truncate':
        return {kind, at: random.pick([0, fraction(), fraction(), fraction()])}
      case 'extend':
        return {kind, length: random.integer(1, 3 * blockSize)}
      case 'remove':
        return {kind}
      case 'replace':
        return {kind, by: random.pick(['pipe', 'folder', 'text'])}
    }
  }
  return {
    seed,
    hostState: random.pick(hostStates),
    file: random.pick(['database', 'database', 'wal']),
    change: planChange(),
  }
}
