import type {RaceShell} from '../races/race-session.ts'

/** A plausible mistake, as replacements in the sources. */
export interface PlantedBug {
  name: string
  /** The violation that must be reported. */
  violation: RegExp
  /** Sessions with a coding agent must report it. @default sessions of both kinds */
  inAgents?: true
  /** The runs that damage logs must report it, rather than those that kill processes. @default false */
  inDamage?: true
  /** The runs of a fleet must report it. @default false */
  inFleet?: true
  /** The race of this name must report it, in this shell. @default none */
  inRace?: {race: string; shell: RaceShell}
  changes: readonly {file: string; find: string; replace: string}[]
}
