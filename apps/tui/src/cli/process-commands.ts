import type {Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {listenAddress} from './option-values.ts'

/** What is about the processes of Holdfast: one that serves, those that died, and those that it starts itself. */
export const processCommands = {
  serve: addServe,
  doctor: addDoctor,
  gateway: addGateway,
  host: addHost,
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('offer the sessions of this machine to `holdfast --connect`, until it is told to end')
    .requiredOption('--listen <host:port>', 'where to listen; port 0: any that is free', listenAddress)
    .option('--token-file <file>', 'who connects has to know the word in this file; must be there beyond loopback')
    .option('--json', 'print where it listens as an object')
    .action(async (options: {listen: {host: string; port: number}; json?: true}, command: Command) => {
      const {tokenFile} = command.optsWithGlobals<GatewayChoice>()
      const {serveSessions} = await import('./commands/serve.ts')
      await serveSessions({...options, ...(tokenFile === undefined ? {} : {tokenFile})})
    })
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say why processes died in the last days, and what is wrong in the environment')
    .option('--json', 'one object')
    .action(async (options: {json?: true}) => {
      const {runDoctor} = await import('./commands/doctor.ts')
      await runDoctor(options)
    })
}

// The processes of a session, by the words under which `ps` shows them.

function addGateway(program: Command): void {
  program.command('gateway', {hidden: true}).action(async () => {
    const {runGatewayProcess} = await import('./commands/gateway.ts')
    runGatewayProcess()
  })
}

function addHost(program: Command): void {
  program
    .command('host', {hidden: true})
    .argument('<id>')
    .action(async (id: string) => {
      const {runHostProcess} = await import('./commands/host.ts')
      await runHostProcess(id)
    })
}
