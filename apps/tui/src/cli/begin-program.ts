import {Command, CommanderError, Help, Option} from 'commander'

import {printError} from '../process/print-error.ts'
import {invocation} from '../process/invocation.ts'
import {standardError} from '../process/standard-error.ts'
import {openStandardOutput} from '../process/standard-output.ts'
import {version} from '../process/version.ts'
import {errorEnvelope, wantsEnvelope} from './envelope.ts'

/** Describes a command of the program. */
export type AddCommand = (program: Command) => Command

const help = new Help()
const helpColumns = 80

/** Writes arguments as docs/command.md does: `ID` and `WORD…`, not `<ID>` and `<WORD...>`. */
function withoutBrackets(usage: string): string {
  return usage.replaceAll(/<(.+?)>/g, '$1').replaceAll('...', '…')
}

/** The `holdfast` program without its commands. */
export function beginProgram(): Command {
  const program = new Command('holdfast')
    .version(version, '-v, --version')
    .addOption(new Option('-V').hideHelp())
    .helpOption('-h, --help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      commandUsage: (command) => withoutBrackets(help.commandUsage(command)),
      subcommandTerm: (command) => withoutBrackets(help.subcommandTerm(command)),
      optionTerm: (option) => withoutBrackets(help.optionTerm(option)),
    })
    .configureOutput({
      // What fits, is easy to read, and is the same in a pipe.
      getOutHelpWidth: () => Math.min(helpColumns, process.stdout.columns ?? helpColumns),
      writeOut: (text) => openStandardOutput().write(text),
      writeErr: (text) => void standardError().write(text),
    })
  return program.on('option:V', () => {
    openStandardOutput().write(`${version}\n`)
    throw new CommanderError(0, 'commander.version', version)
  })
}

/** Ends each usage error of a command with the way to its help. */
export function hintAtHelp(command: Command, words: string): void {
  const hint = `; \`${invocation(words)}\` shows its usage`
  command.configureOutput({
    outputError(text) {
      const message = text.replace(/^error: (command-argument )?/, '').replace(/\.?\n?$/, hint)
      if (!wantsEnvelope(command, process.argv.slice(2))) return printError(message)
      openStandardOutput().write(`${errorEnvelope(command.name(), {code: 'usage', message})}\n`)
    },
  })
}
