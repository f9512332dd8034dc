import type {Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {UserError} from '../process/user-error.ts'
import type {AddCommand} from './begin-program.ts'

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

export function refuseConnect(connect: string | undefined, why: string): void {
  if (connect !== undefined) throw new UserError(`${why}: leave out --connect`, {code: 'usage'})
}
