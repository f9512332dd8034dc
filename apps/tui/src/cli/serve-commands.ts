import {Option, type Command} from 'commander'

import {hintAtHelp, type AddCommand} from './begin-program.ts'
import type {PairOptions} from './commands/serve/pair.ts'
import type {ServeOptions} from './commands/serve/serve.ts'
import {envelopeOption} from './envelope.ts'
import {addFleetOptions, chosenFleet} from './gateway-options.ts'
import {
  deviceTime,
  leaseTime,
  listenAddress,
  longTime,
  publicUrl,
  replicaCount,
  shardCount,
  webAddress,
} from './option-values.ts'
import {refuseGateway} from './process-commands.ts'

/** Commands that let other machines and devices in. They run here, and take no `--connect`. */
export const serveCommands: Readonly<Record<string, AddCommand>> = {
  serve(program) {
    const serve = program
      .command('serve')
      .description('serve the sessions of this machine to `holdfast --connect`, and to browsers')
      .addOption(
        new Option('--listen <HOST:PORT>', 'the address to listen on; port 0 takes a free one')
          .argParser(listenAddress)
          .default({host: '127.0.0.1', port: 7333}, '127.0.0.1:7333'),
      )
      .option('--web', 'serve a page for browsers, which `holdfast pair` lets in')
      .option('--tls-cert <FILE>', 'encrypt: file with the certificate and those of its issuers, in PEM')
      .option('--tls-key <FILE>', 'file with the key of the certificate, in PEM')
      .option('--public-url <URL>', 'where a reverse proxy serves this, such as https://desk.example.org', publicUrl)
      .option('--insecure', 'listen beyond this machine without encryption')
      .option(
        '--token-file <FILE>',
        'file with the access token that clients need (default: `token` in the home, made if necessary)',
      )
      .option('--read-only', 'let everybody look, and nobody change anything')
      .option('--json', 'print the address as a JSON object')
    return addMemberOptions(serve).action(async (options: ServeOptions, command: Command) => {
      const {connect, tokenFile} = command.optsWithGlobals<{connect?: string; tokenFile?: string}>()
      if (connect !== undefined) refuseGateway(command, 'serve serves the sessions of this machine')
      const fleet = chosenFleet(command)
      const alone = fleet === undefined ? memberOptions.find((option) => options[option] !== undefined) : undefined
      if (alone !== undefined) command.error(`error: expected --fleet beside --${optionName(alone)}`)
      if (options.keepClosed !== undefined && options.archive === undefined)
        command.error('error: expected --archive beside --keep-closed')
      const {serveSessions} = await import('./commands/serve/serve.ts')
      await serveSessions({...options, tokenFile, fleet})
    })
  },

  pair: (program) =>
    program
      .command('pair')
      .description('let a phone or a browser in: print a one-time code, its URL and a QR code')
      .option('--read-only', 'the device may look, and change nothing')
      .option('--expires <TIME>', 'how long the device may connect, as in 12h, 7d or 8w (default: 90d)', deviceTime)
      .option('--name <DEVICE>', 'the name of the device (default: the one that it gives itself)')
      .option('--url <URL>', 'where the device reaches `holdfast serve --web` (default: its own address)', webAddress)
      .addOption(envelopeOption)
      .action(async (options: PairOptions, command: Command) => {
        refuseGateway(command, 'pair lets a device in to this machine')
        const {pair} = await import('./commands/serve/pair.ts')
        await pair(options)
      }),

  devices(program) {
    const devices = program
      .command('devices')
      .description('list the devices that were paired, or revoke one')
      .helpCommand(false)
      .option('--json', 'print NDJSON')
      .action(async (options: {json?: true}, command: Command) => {
        refuseGateway(command, 'devices lists those of this machine')
        const {listDevices} = await import('./commands/serve/devices.ts')
        await listDevices(options)
      })
    const revoke = devices
      .command('revoke')
      .description('disconnect a device at once; it cannot connect again')
      .argument('<DEVICE...>', 'its name')
      .action(async (words: string[]) => {
        const {revokeDevice} = await import('./commands/serve/devices.ts')
        await revokeDevice(words.join(' '))
      })
    hintAtHelp(revoke, 'devices revoke --help')
    return devices
  },
}

const memberOptions = ['name', 'archive', 'keepClosed', 'promise', 'replicas', 'shards', 'lease'] as const

function addMemberOptions(serve: Command): Command {
  return addFleetOptions(serve, 'join a fleet: nats://HOST:PORT of its servers, with commas between them')
    .option('--name <MACHINE>', 'the name of this machine in the fleet (default: the host name)')
    .option('--archive <DIR>', 'write sessions that were closed long ago to files there, and delete them')
    .option('--keep-closed <TIME>', 'how long closed sessions stay, as in 12h, 30d or 8w (default: 90d)', longTime)
    .addOption(
      new Option('--promise <PROMISE>', 'of a new fleet: when a prompt is accepted (default: local)').choices([
        'local',
        'replicated',
      ]),
    )
    .addOption(
      new Option('--replicas <COUNT>', 'of a new fleet: how many servers have each event (default: 3)')
        .choices(['1', '3', '5'])
        .argParser(replicaCount),
    )
    .option(
      '--shards <COUNT>',
      'of a new fleet: over how many streams its sessions are spread (default: 1)',
      shardCount,
    )
    .option(
      '--lease <SECONDS>',
      'of a new fleet: how long a silent machine keeps its sessions (default: 10)',
      leaseTime,
    )
}

/** `keepClosed` as it is typed. */
function optionName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
