import type {ScreenSnapshot} from '@holdfast/protocol'
import {toJsonLine} from '@holdfast/terminal'

import {snapshotAnsi, snapshotHtml, snapshotText} from '../../../export/draw-snapshot.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

export interface SnapshotOptions {
  format: 'text' | 'ansi' | 'html' | 'json'
  /** The most rows above the screen. */
  scrollback: number
  gateway: GatewayChoice
}

/** Answers with the screen of the program that runs in a session. */
export async function takeSnapshot(id: string, {format, scrollback, gateway}: SnapshotOptions): Promise<Answer> {
  expectSessionId(id)
  const shown = await withClient(gateway, (client) => client.request('screen.snapshot', {session_id: id, scrollback}))
  return {result: shown, lines: await draw(shown, format)}
}

async function draw(shown: ScreenSnapshot, format: SnapshotOptions['format']): Promise<readonly string[]> {
  if (format === 'json') return [toJsonLine(shown)]
  if (format === 'ansi') return snapshotAnsi(shown)
  if (format === 'html') return await snapshotHtml(shown)
  return snapshotText(shown)
}
