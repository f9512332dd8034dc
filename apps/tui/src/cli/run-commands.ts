import type {Command} from 'commander'

import type {RunOptions} from './commands/run/run.ts'
import {addGatewayOptions, gatewayChoice} from './gateway-options.ts'
import {byteCount, controlKey, milliseconds} from './option-values.ts'

/** What runs a command in a session, or is for the program that runs there. */
export const runCommands = {
  run: addRun,
  attach: addAttach,
  send: addSend,
}

function addRun(program: Command): void {
  const run = program
    .command('run')
    .description('run one command in a session, print its output, exit with its status')
    .usage('[--session ID | --shell PATH] [--json] [--timeout MS] [--max-output SIZE] [--no-wait] -- COMMAND')
    .passThroughOptions()
    .argument('<command...>', 'one word is a line for the shell; several are a program and its arguments')
    .option('--session <id>', 'in this session, not a new one')
    .option('--shell <path>', 'the shell of the new session; else $SHELL')
    .option('--json', 'print events, one a line')
    .option('--timeout <ms>', 'wait so long at most, then exit 124; the command runs on', milliseconds)
    .option('--max-output <size>', 'keep so many bytes of output (as in 64M), and the last MiB', byteCount)
    .option('--no-wait', 'print session and prompt id and return at once')
    .action(async (words: string[], options: Omit<RunOptions, 'gateway'>, command: Command) => {
      if (options.session !== undefined && options.shell !== undefined)
        command.error('error: expected --session or --shell, got both')
      const gateway = gatewayChoice(command)
      const {runCommand} = await import('./commands/run/run.ts')
      await runCommand(words, {...options, gateway})
    })
  addGatewayOptions(run)
}

function addAttach(program: Command): void {
  const attach = program
    .command('attach')
    .description('hand the terminal to the program that runs in a session, until it ends or Ctrl-O is pressed')
    .argument('<id>', 'the session')
    .option('--detach-key <key>', 'takes the terminal back, as in ctrl-q; else ctrl-o', controlKey)
    .action(async (id: string, options: {detachKey?: string}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {attachToSession} = await import('./commands/attach.ts')
      await attachToSession(id, {...options, gateway})
    })
  addGatewayOptions(attach)
}

function addSend(program: Command): void {
  const send = program
    .command('send')
    .description('type words, or what stdin says, for the program that runs in a session')
    .usage('ID [--prompt PROMPT] [--no-enter] [--] [WORD…]')
    .argument('<id>', 'the session')
    .argument('[word...]', 'typed with a space between them, and Enter; without them, stdin is sent as it is')
    .option('--prompt <id>', 'only for the program of this prompt; waits for it to begin')
    .option('--no-enter', 'press no Enter behind the words')
    .action(async (id: string, words: string[], options: {prompt?: string; enter: boolean}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {sendInput} = await import('./commands/send.ts')
      await sendInput(id, words, {...options, gateway})
    })
  addGatewayOptions(send)
}
