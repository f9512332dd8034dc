import type {ErrorName} from '@holdfast/protocol'

/** Camel case in snake case. */
export type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : ''

/**
 * What goes wrong, by the name that `--json` prints, with its exit status; the names of the wire's errors are among them. Where agent-tty
 * has a number, it is that. docs/command.md lists them.
 */
export const exitStatuses = {
  /** Anything else. */
  failed: 1,
  agent_unavailable: 1,
  folder_not_found: 1,
  too_large: 1,
  too_many: 1,
  usage: 2,
  session_not_found: 3,
  session_closed: 4,
  not_allowed: 4,
  read_only: 4,
  program_ended: 4,
  approval_not_found: 4,
  already_answered: 4,
  maybe_secret: 4,
  input_changed: 4,
  other_events: 4,
  gateway_timed_out: 5,
  gateway_unavailable: 6,
  host_unavailable: 6,
  not_replicated: 6,
  output_failed: 7,
  storage_full: 8,
  storage_failed: 8,
  storage_damaged: 8,
  protocol_mismatch: 9,
  not_supported: 9,
  invalid_answer: 9,
  timed_out: 11,
  /** As shells have it after SIGINT. */
  interrupted: 130,
  /** A command of a batch, whose own exit status counts. */
  command_failed: 1,
} as const satisfies Readonly<Record<SnakeCase<ErrorName>, number> & Record<string, number>>

export type FailureCode = keyof typeof exitStatuses
