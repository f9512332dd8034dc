import {createClient, describeLoss, type Client, type ClientStatus} from '@holdfast/client'
import {maxSnapshotWaitMs, type SessionSummary} from '@holdfast/protocol'
import {handleShutdown, recordRecovery, runInTerminal} from '@holdfast/supervisor'
import type {ColorDepth} from '@holdfast/terminal'
import {orderSessions} from '@holdfast/session-view'

import {beginProcess} from '../../process/begin-process.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {terminalSize} from '../../process/terminal-size.ts'
import {gatewayArguments, machineOf, type GatewayChoice} from '../../sessions/gateway-choice.ts'
import {gatewayConnector} from '../../sessions/gateway-connector.ts'
import {createLastLines} from '../../sessions/last-lines.ts'
import {ownSession} from '../../sessions/own-session.ts'
import {readLastLine} from '../../sessions/read-last-line.ts'
import {readLastOutput} from '../../sessions/read-last-output.ts'
import {findSettingsFile} from '../../settings/find-settings-file.ts'
import {readSettings} from '../../settings/read-settings.ts'
import {chooseTheme} from '../../theme/choose-theme.ts'
import {createPaint} from '../../theme/paint.ts'
import {readTheme} from '../../theme/read-theme.ts'
import {boardRow} from '../../ui/board/board-row.ts'
import {shownFolder} from '../../ui/shown-folder.ts'
import {takeTerminal} from '../../ui/watch/row-terminal.ts'
import {watchFrame} from '../../ui/watch/watch-frame.ts'
import {createLiveScreen} from './live-screen.ts'

/** Rows that Page Up and Page Down move. */
const pageRows = 10
/** The indent of the list, cells. */
const indent = 2
/** Of the output of a session, UTF-16 units: more than a window shows. */
const maxOutput = 16_384
const defaultSize = {cols: 80, rows: 24}

/** Shows all open sessions, and the screen of one of them, until the user leaves. It changes none of them. */
export async function watchSessions(gateway: GatewayChoice): Promise<void> {
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const client = createClient({
    gateway: await gatewayConnector(gateway, {home: findHome(), breadcrumbs}),
    onStatus(status) {
      record(status)
      problem = problemOf(status)
      redraw()
    },
    onWarning: (message) => show(message),
  })
  const settingsFile = findSettingsFile()
  const depth = process.stdout.getColorDepth() as ColorDepth
  const theme = readTheme(readSettings(settingsFile).settings.theme, settingsFile)
  const paint = createPaint(chooseTheme(theme.choice, depth), depth)

  let sessions: readonly SessionSummary[] | undefined
  let chosen: string | undefined
  let chosenAt = 0
  let problem: string | undefined
  let isDrawing = false

  /** In the next turn, once for all that has changed in this one. */
  const redraw = () => {
    if (isDrawing) return
    isDrawing = true
    setImmediate(() => {
      isDrawing = false
      draw()
    })
  }
  const show = (message: string) => {
    problem = message
    redraw()
  }
  const lastLines = createLastLines((id) => readLastLine(client, id), redraw)
  const outputs = createLastLines((id) => readEnd(client, id), redraw)
  const live = createLiveScreen({
    read: (id, after) =>
      client.request('screen.snapshot', {
        session_id: id,
        ...(after !== undefined && {after, wait_ms: maxSnapshotWaitMs}),
      }),
    onChange: redraw,
  })
  const size = () => terminalSize() ?? defaultSize
  const at = () => {
    const found = sessions?.findIndex(({id}) => id === chosen) ?? -1
    return found === -1 ? Math.min(chosenAt, (sessions?.length ?? 0) - 1) : found
  }
  const draw = () => {
    const selected = at()
    const session = sessions?.[selected]
    live.follow(session?.id, session?.state === 'running' ? (session.latest_seq ?? 0) : undefined)
    const now = Date.now()
    const rows = sessions?.map((each) => {
      const {id, cwd, latest_seq} = each
      const lastLine = lastLines.of(id, latest_seq)
      const folder = shownFolder(machineOf(gateway), cwd)
      return boardRow(each, {isHere: false, lastLine, folder, now}, size().cols - indent)
    })
    const screen = live.shown
    const output =
      session === undefined || screen !== undefined ? undefined : outputs.of(session.id, session.latest_seq)
    const view = {
      rows,
      selected,
      waiting: sessions?.filter(({waits_for}) => waits_for !== undefined).length ?? 0,
      chosen: session && {title: session.title, screen, output},
      problem,
    }
    terminal.draw(watchFrame(view, size(), {paint, hasColors: depth > 1}))
  }
  const choose = (step: number) => {
    chosenAt = Math.max(0, Math.min(at() + step, (sessions?.length ?? 0) - 1))
    chosen = sessions?.[chosenAt]?.id
    redraw()
  }
  const open = async () => {
    const id = sessions?.[at()]?.id
    if (id === undefined) return
    const [command, ...words] = ownCommand('--resume', id, ...gatewayArguments(gateway))
    await terminal.lend(() => runInTerminal(command, words))
  }
  const keys: Readonly<Record<string, () => unknown>> = {
    '\u001b[A': () => choose(-1),
    '\u001b[B': () => choose(1),
    k: () => choose(-1),
    j: () => choose(1),
    '\u001b[5~': () => choose(-pageRows),
    '\u001b[6~': () => choose(pageRows),
    '\r': () => open().catch((error: unknown) => show(String(error))),
    '\u001a': () => terminal.suspend(),
    q: () => leave(),
    '\u0003': () => leave(),
    '\u0004': () => leave(),
  }
  const terminal = takeTerminal({onKey: (key) => keys[key.replace('\u001bO', '\u001b[')]?.(), onResize: redraw})
  const shutdown = handleShutdown({
    breadcrumbs,
    stdin: process.stdin,
    async onShutdown() {
      // The terminal first: the user has it back even if something hangs after this.
      terminal.close()
      live.stop()
      lastLines.stop()
      outputs.stop()
      await client.close('the board was closed')
    },
  })
  const leave = () => shutdown.begin({kind: 'requested', by: 'user', reason: 'the user left'})
  process.stdout.on('error', () => shutdown.begin({kind: 'terminal-closed'}))
  client.watchSessions((all) => {
    // What the session of this process shows is the board itself.
    sessions = orderSessions([...all.values()].filter((session) => isOpen(session) && session.id !== ownSession()))
    redraw()
  })
}

function isOpen({state, waits_for, machine_silent: isSilent}: SessionSummary): boolean {
  return (
    state === 'running' || state === 'idle' || (state === 'stopped' && (waits_for !== undefined || isSilent === true))
  )
}

function problemOf(status: ClientStatus): string | undefined {
  if (status.kind === 'recovering') return `The connection was lost (${describeLoss(status)}); reconnecting`
  return status.kind === 'gave-up' ? `No gateway: ${describeLoss(status)}` : undefined
}

async function readEnd(client: Client, sessionId: string): Promise<string | undefined> {
  return (await readLastOutput(client, sessionId))?.text.slice(-maxOutput)
}
