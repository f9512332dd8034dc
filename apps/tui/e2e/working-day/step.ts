/** A shell in which the day is spent. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** A process that is killed: a bare shell has none of them. */
export type Victim = 'gateway' | 'tui' | 'host'

/** What the user does while a program runs, as soon as the screen shows `when`. */
export type Act = {when: RegExp} & (
  | {
      /** Typed for the program, when it has the keyboard. */
      keys: string
      /** Pressed again until the screen shows it: a key that is pressed while a gateway is away may be lost. */
      until?: RegExp
    }
  | {
      /** Ctrl-C or Ctrl-Z, which nobody has to read. */
      signal: string
    }
  | {
      /** Gets SIGKILL, on a day with kills. */
      kill: Victim
      /** Typed for the program before, and lost with the process. */
      half?: string
      /** Typed on a day without kills, as the program ends with its host. */
      instead?: string
    }
)

/** A command, as a user enters it at the prompt, and what becomes of it. */
export interface Step {
  /** Typed at the prompt, with Enter after each line, or pasted at once. No other step has the same. */
  command: string | Readonly<Record<Shell, string>>
  isPasted?: boolean
  /** What the user does until the prompt is back. */
  acts?: readonly Act[]
  /** A line that must be in the output. */
  says?: string | Readonly<Record<Shell, string>>
  /** What differs from one day to another, such as a pid. */
  varies?: RegExp
  /** The shell tells it in this output, or before one of its next prompts, so that the output is not compared. */
  tells?: Readonly<Record<Shell, string>>
  /** The process that gets SIGKILL before the command is typed, on a day with kills. */
  killedBefore?: Victim
}

/** The text that is meant for a shell. */
export function forShell(text: string | Readonly<Record<Shell, string>>, shell: Shell): string {
  return typeof text === 'string' ? text : text[shell]
}
