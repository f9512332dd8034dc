import {Argument} from 'commander'

import type {CompletionShell} from '../completion/print-script.ts'
import type {AddCommand} from './begin-program.ts'

/** Commands that explain the program to shells and readers. They need a program that describes all others. */
export const helpCommands: Readonly<Record<string, AddCommand>> = {
  completions: (program) =>
    program
      .command('completions')
      .description('print the script with which a shell completes holdfast')
      .addArgument(new Argument('<SHELL>', 'the shell').choices(['bash', 'zsh', 'fish']))
      .action(async (shell: CompletionShell) => {
        const {printScript} = await import('../completion/print-script.ts')
        printScript(shell)
      }),

  skill: (program) =>
    program
      .command('skill')
      .description('print a page that teaches these commands to a coding agent, or install it')
      .option('--install [DIR]', 'write it to SKILL.md in this folder (default: ~/.claude/skills/holdfast)')
      .action(async (options: {install?: true | string}) => {
        const {teachAgents} = await import('./commands/skill.ts')
        teachAgents(program, options)
      }),

  'complete-line': (program) =>
    program
      .command('complete-line', {hidden: true})
      .description('internal: what can stand at the end of a command line; the scripts of `completions` ask')
      .argument('<SHELL>', 'the shell')
      .argument('[WORD...]', 'the words behind `holdfast`, up to the cursor')
      .action(async (shell: string, words: string[]) => {
        const {printCompletion} = await import('../completion/print-completion.ts')
        await printCompletion(program, shell, words)
      }),

  'man-page': (program) =>
    program
      .command('man-page', {hidden: true})
      .description('internal: print the man page; the build runs it')
      .action(async () => {
        const {manPage} = await import('../completion/man-page.ts')
        const {openStandardOutput} = await import('../process/standard-output.ts')
        openStandardOutput().write(manPage(program))
      }),
}
