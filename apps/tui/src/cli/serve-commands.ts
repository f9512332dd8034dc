import {Option, type Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {hintAtHelp, type AddCommand} from './begin-program.ts'
import type {PairOptions} from './commands/serve/pair.ts'
import type {ServeOptions} from './commands/serve/serve.ts'
import {envelopeOption} from './envelope.ts'
import {deviceTime, listenAddress, publicUrl, webAddress} from './option-values.ts'
import {refuseConnect} from './process-commands.ts'

/** Commands that let other machines and devices in. They run here, and take no `--connect`. */
export const serveCommands: Readonly<Record<string, AddCommand>> = {
  serve: (program) =>
    program
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
      .action(async (options: ServeOptions, command: Command) => {
        const {connect, tokenFile} = command.optsWithGlobals<GatewayChoice>()
        refuseConnect(connect, 'serve serves the sessions of this machine')
        const {serveSessions} = await import('./commands/serve/serve.ts')
        await serveSessions({...options, tokenFile})
      }),

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
        refuseConnect(command.optsWithGlobals<GatewayChoice>().connect, 'pair lets a device in to this machine')
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
        refuseConnect(command.optsWithGlobals<GatewayChoice>().connect, 'devices lists those of this machine')
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
