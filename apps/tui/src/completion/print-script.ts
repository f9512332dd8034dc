import {readFileSync} from 'node:fs'

import {openStandardOutput} from '../process/standard-output.ts'

/** The shells that can complete `holdfast`, with the files of the package that have their scripts. */
const files = {bash: 'holdfast.bash', zsh: '_holdfast', fish: 'holdfast.fish'} as const

export type CompletionShell = keyof typeof files

/** Prints the script with which a shell completes `holdfast`. */
export function printScript(shell: CompletionShell): void {
  // From the folder of main.cjs.
  openStandardOutput().write(readFileSync(new URL(`../share/completions/${files[shell]}`, import.meta.url)))
}
