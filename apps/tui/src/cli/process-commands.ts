import type {Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {UserError} from '../process/user-error.ts'
import type {AddCommand} from './begin-program.ts'
import {listenAddress} from './option-values.ts'

/** Commands about Holdfast's own processes. They run here, and take no `--connect`. */
export const processCommands: Readonly<Record<string, AddCommand>> = {
  agents: (program) =>
    program
      .command('agents')
      .description('list the coding agents of this machine, and how to install the well-known ones')
      .option('--json', 'print NDJSON')
      .action(async (options: {json?: true}, command: Command) => {
        refuseConnect(command.optsWithGlobals<GatewayChoice>().connect, 'agents lists those of this machine')
        const {listAgents} = await import('./commands/agents.ts')
        await listAgents(options)
      }),

  serve: (program) =>
    program
      .command('serve')
      .description('serve the sessions of this machine to `holdfast --connect`')
      .requiredOption('--listen <HOST:PORT>', 'the address to listen on; port 0 takes a free one', listenAddress)
      .option(
        '--token-file <FILE>',
        'file with the access token that clients need (default: `token` in the home, made if necessary)',
      )
      .option('--json', 'print the address as a JSON object')
      .action(async (options: {listen: {host: string; port: number}; json?: true}, command: Command) => {
        const {connect, tokenFile} = command.optsWithGlobals<GatewayChoice>()
        refuseConnect(connect, 'serve serves the sessions of this machine')
        const {serveSessions} = await import('./commands/serve.ts')
        await serveSessions({...options, tokenFile})
      }),

  doctor: (program) =>
    program
      .command('doctor')
      .description('explain why processes exited in the last days, and check the setup')
      .option('--json', 'print one JSON object')
      .action(async (options: {json?: true}, command: Command) => {
        refuseConnect(command.optsWithGlobals<GatewayChoice>().connect, 'doctor checks this machine')
        const {runDoctor} = await import('./commands/doctor.ts')
        await runDoctor(options)
      }),
}

function refuseConnect(connect: string | undefined, why: string): void {
  if (connect !== undefined) throw new UserError(`${why}: leave out --connect`, {code: 'usage'})
}
