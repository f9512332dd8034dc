import {createClient} from '@holdfast/client'
import {serveMcp} from '@holdfast/mcp'
import {createMemoryMonitor, handleShutdown, recordRecovery} from '@holdfast/supervisor'

import {beginProcess} from '../../process/begin-process.ts'
import {currentFolder} from '../../process/current-folder.ts'
import {findHome} from '../../process/find-home.ts'
import {printError} from '../../process/print-error.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'
import {isRemote, type GatewayChoice} from '../../sessions/gateway-choice.ts'
import {gatewayConnector} from '../../sessions/gateway-connector.ts'
import {findSettingsFile} from '../../settings/find-settings-file.ts'
import {readSettings} from '../../settings/read-settings.ts'

/** Serves the sessions to the client of the Model Context Protocol at stdin and stdout, until that is gone. Sessions keep running. */
export async function serveAgent(gateway: GatewayChoice): Promise<void> {
  const {settings, problems} = readSettings(findSettingsFile())
  // With its default, a limit that cannot be read would allow more than the user wanted.
  if (problems[0] !== undefined) throw new UserError(`${problems[0]}; correct that, then start \`holdfast mcp\` again`)
  const startFolder = !isRemote(gateway) ? currentFolder() : undefined
  const breadcrumbs = beginProcess('mcp')
  const client = createClient({
    // The server is there for days: a crash of the gateway must not end it.
    gateway: await gatewayConnector(gateway, {home: findHome(), breadcrumbs, asChild: true}),
    program: {name: 'mcp', version},
    onStatus: recordRecovery(breadcrumbs, 'gateway'),
    onWarning: printError,
  })
  const server = serveMcp({
    client,
    version,
    startFolder,
    limits: {
      folders: settings.mcpFolders,
      readOnly: settings.mcpReadOnly,
      otherSessions: settings.mcpOtherSessions,
    },
    onError: ({message}) => printError(message),
  })
  const shutdown = handleShutdown({
    breadcrumbs,
    stdin: process.stdin,
    async onShutdown() {
      await server.close()
      await client.close('the server was stopped')
    },
  })
  process.stdout.on('error', () => shutdown.begin('stdout was closed'))
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  breadcrumbs.record('ready')
}
