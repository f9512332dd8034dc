import {Command} from 'commander'

import {complain} from '../process/complain.ts'
import {standardError} from '../process/standard-error.ts'
import {openStandardOutput} from '../process/standard-output.ts'
import {version} from '../process/version.ts'

/** `holdfast` without a command yet. */
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
      outputError: (message) => complain(message.replace(/^error: /, '')),
    })
}
