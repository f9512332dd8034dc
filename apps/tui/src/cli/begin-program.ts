import {Command} from 'commander'

import {printError} from '../process/print-error.ts'
import {standardError} from '../process/standard-error.ts'
import {openStandardOutput} from '../process/standard-output.ts'
import {version} from '../process/version.ts'

/** Describes a command of the program. */
export type AddCommand = (program: Command) => Command

/** The `holdfast` program without its commands. */
export function beginProgram(): Command {
  return new Command('holdfast')
    .version(version, '--version')
    .helpOption('--help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => openStandardOutput().write(text),
      writeErr: (text) => void standardError().write(text),
      outputError: (message) => printError(message.replace(/^error: /, '')),
    })
}
