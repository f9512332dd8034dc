import {Option} from 'commander'

import {chosenAgent} from './agent-option.ts'
import {gatewayChoice, withGateway} from './gateway-options.ts'
import {answering} from './answering.ts'
import type {AddCommand} from './begin-program.ts'
import {envelopeOption} from './envelope.ts'
import {byteCount, detachKey, milliseconds, scrollbackRows, terminalSize, wholeNumber} from './option-values.ts'
import {pictureFormat} from './picture-format.ts'
import {regularExpression, rowAndColumn, screenCondition, someText, type ScreenWaitOptions} from './screen-condition.ts'

/** Commands that run a program in a session, or talk to it. */
export const runCommands: Readonly<Record<string, AddCommand>> = {
  run: (program) =>
    program
      .command('run')
      .description('run one command in a session, print its output, and exit with its status')
      .usage('[options] -- COMMAND…')
      .passThroughOptions()
      .argument('<COMMAND...>', 'one word is a shell command line; several are a program and its arguments')
      .option('--session <ID>', 'run it in this session instead of a new one')
      .option('--shell <PATH>', 'the shell of the new session (default: $SHELL)')
      .option('--agent [NAME]', 'send it as a prompt to this coding agent (default: `agent` of the settings)')
      .option('--keep', 'keep the new session and its shell; by default, it ends with the command')
      .option('--tty', 'give the command a terminal to print to, also if stdout is none')
      .option('--no-tty', 'tell the command that it prints to no terminal: no pager, no colours')
      .option('--json', 'print events as NDJSON')
      .option('--timeout <MS>', 'wait at most this long, then exit 124; the command keeps running', milliseconds)
      .option('--max-output <SIZE>', 'keep the first SIZE of the output (such as 64M) and its last MiB', byteCount)
      .option('--no-wait', 'print the ids of session and prompt, and exit at once')
      .action(async (words: string[], options, command) => {
        if (options.session !== undefined && options.shell !== undefined)
          command.error('error: expected --session or --shell, got both')
        if (options.session !== undefined && options.agent !== undefined)
          command.error('error: expected --session or --agent, got both')
        if (options.session !== undefined && options.keep === true)
          command.error('error: expected --session or --keep, got both')
        const withAgent = {...options, agent: await chosenAgent(command, gatewayChoice(command))}
        const {runCommand} = await import('./commands/run/run.ts')
        await runCommand(words, withGateway(withAgent, command))
      }),

  attach: (program) =>
    program
      .command('attach')
      .description(
        'attach the terminal to the program that runs in a session, until it ends or you press Ctrl-\\ twice',
      )
      .argument('<ID>', 'the session')
      .option('--detach-key <KEY>', 'the key that detaches, such as ctrl-q (default: Ctrl-\\ twice)', detachKey)
      .action(async (id: string, options, command) => {
        const {attachToSession} = await import('./commands/drive/attach.ts')
        await attachToSession(id, withGateway(options, command))
      }),

  send: (program) =>
    program
      .command('send')
      .description('type words, or stdin, into the program that runs in a session')
      .usage('[options] ID [--] [WORD…]')
      .argument('<ID>', 'the session')
      .argument('[WORD...]', 'typed with spaces between them, and Enter; without words, stdin is sent unchanged')
      .option('--prompt <PROMPT>', 'only for the program of this prompt; waits for it to begin')
      .option('--no-enter', 'do not press Enter after the words')
      .option('--secret', 'for a password: send each line only when the terminal does not show what is typed')
      .option('--timeout <MS>', 'wait at most this long until the program reads', milliseconds, 10_000)
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, words: string[], options, command) => {
          const {sendInput} = await import('./commands/drive/send.ts')
          return await sendInput(id, words, withGateway(options, command))
        }),
      ),

  keys: (program) =>
    program
      .command('keys')
      .description('press keys in the program that runs in a session')
      .usage('[options] ID [--] [KEY…]')
      .argument('<ID>', 'the session')
      .argument('[KEY...]', 'Enter, Down, F5, C-c, ctrl+c, M-x; a word that names no key is typed as it is')
      .option('--prompt <PROMPT>', 'only in the program of this prompt')
      .option('--paste <FILE>', 'paste this text before the keys; - is stdin')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, keys: string[], options, command) => {
          if (keys.length === 0 && options.paste === undefined) command.error('error: expected keys, or --paste')
          const {pressKeys} = await import('./commands/drive/keys.ts')
          return await pressKeys(id, keys, withGateway(options, command))
        }),
      ),

  wait: (program) =>
    program
      .command('wait')
      .description('wait for something on the screen of the program that runs in a session')
      .argument('<ID>', 'the session')
      .option('--text <TEXT>', 'until this text is on the screen', someText)
      .option('--regex <REGEX>', 'until this regular expression of JavaScript matches', regularExpression)
      .option('--cursor <ROW,COL>', 'until the cursor is there, from 0', rowAndColumn)
      .option('--idle <MS>', 'until the program has printed nothing for this time', milliseconds)
      .option('--stable <MS>', 'until the screen has not changed for this time', milliseconds)
      .option('--exit', 'until the program has ended')
      .option(
        '--after <VERSION>',
        'only what was printed after this version of the screen: `screen_version` of `keys --json`',
        wholeNumber,
      )
      .option('--timeout <MS>', 'wait at most this long, then exit 11', milliseconds, 30_000)
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options: ScreenWaitOptions & {timeout: number; after?: number}, command) => {
          const condition = screenCondition(options)
          if (condition === undefined)
            return command.error('error: expected one of --text, --regex, --cursor, --idle, --stable and --exit')
          const {waitInSession} = await import('./commands/drive/wait.ts')
          return await waitInSession(id, {
            condition,
            timeout: options.timeout,
            after: options.after,
            gateway: gatewayChoice(command),
          })
        }),
      ),

  resize: (program) =>
    program
      .command('resize')
      .description('set the size of the terminal of a session')
      .argument('<ID>', 'the session')
      .argument('<SIZE>', 'columns and rows, as in 120x40', terminalSize)
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, size: {cols: number; rows: number}, _options, command) => {
          const {resizeSession} = await import('./commands/drive/resize.ts')
          return await resizeSession(id, size, gatewayChoice(command))
        }),
      ),

  signal: (program) =>
    program
      .command('signal')
      .description('send a signal to the program that runs in a session')
      .argument('<ID>', 'the session')
      .argument('<NAME>', 'the signal: TERM, SIGHUP, int, 9; it goes to the foreground process group of the terminal')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, signal: string, _options, command) => {
          const {signalProgram} = await import('./commands/drive/signal.ts')
          return await signalProgram(id, signal, gatewayChoice(command))
        }),
      ),

  mark: (program) =>
    program
      .command('mark')
      .description('mark this moment in the log of a session')
      .argument('<ID>', 'the session')
      .argument('<NAME...>', 'the name of the mark')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, words: string[], _options, command) => {
          const {markSession} = await import('./commands/drive/mark.ts')
          return await markSession(id, words.join(' '), gatewayChoice(command))
        }),
      ),

  snapshot: (program) =>
    program
      .command('snapshot')
      .description('print the screen of the program that runs in a session')
      .argument('<ID>', 'the session')
      .addOption(
        new Option(
          '--format <FORMAT>',
          'plain text, text with colours, an HTML fragment, or all that is known of the screen',
        )
          .choices(['text', 'ansi', 'html', 'json'])
          .default('text')
          .conflicts('json'),
      )
      .option('--scrollback <ROWS>', 'also up to this many rows above the screen', scrollbackRows, 0)
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options, command) => {
          const {takeSnapshot} = await import('./commands/drive/snapshot.ts')
          return await takeSnapshot(id, withGateway(options, command))
        }),
      ),

  screenshot: (program) =>
    program
      .command('screenshot')
      .description('draw the screen of the program that runs in a session')
      .argument('<ID>', 'the session')
      .addOption(
        new Option('--format <FORMAT>', 'the format (default: by the ending of FILE, else png)').choices([
          'svg',
          'png',
        ]),
      )
      .addOption(
        new Option(
          '--theme <THEME>',
          'the colours (default: dark in a PNG, those that its reader prefers in an SVG)',
        ).choices(['light', 'dark']),
      )
      .option('--output <FILE>', 'a new file (default: stdout)')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options, command) => {
          const format = options.format ?? pictureFormat(options.output)
          if (format === undefined)
            return command.error('error: expected --format, or an --output that ends in .png or .svg')
          const {takeScreenshot} = await import('./commands/drive/screenshot.ts')
          return await takeScreenshot(id, withGateway({...options, format}, command))
        }),
      ),

  batch: (program) =>
    program
      .command('batch')
      .description('do steps in a session: one JSON object a line on stdin, all checked before the first one is done')
      .argument('<ID>', 'the session')
      .option('--keep-going', 'go on after a step that fails')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options, command) => {
          const {doBatch} = await import('./commands/drive/batch.ts')
          return await doBatch(id, withGateway(options, command))
        }),
      ),
}
