import {readEvent, type Client, type ClientSession} from '@holdfast/client'
import type {ColorDepth} from '@holdfast/terminal'

import {terminalSize} from '../process/terminal-size.ts'
import {expandOutput} from './expand-output.ts'
import {expandKey} from './expand-key.ts'
import type {ScreenModel} from './screen-model.ts'

export interface OutputExpanderOptions {
  client: Client
  session: () => ClientSession | undefined
  model: ScreenModel
  depth: ColorDepth
  showCommand: (sessionId: string) => string
}

/** Writes the output that was collapsed last to the scrollback. */
export interface OutputExpander {
  /** Rejects if the log cannot be read. */
  open(): Promise<void>
  /** Stops; `false` if nothing is being written. */
  stop(): boolean
}

/** Events per page: Esc is handled between two pages. */
const pageEvents = 20

export function createOutputExpander({
  client,
  session,
  model,
  depth,
  showCommand,
}: OutputExpanderOptions): OutputExpander {
  let opening: AbortController | undefined

  const isRunning = () => session()?.state.running != null
  return {
    async open() {
      const {collapsed} = model
      const id = session()?.id
      if (opening !== undefined) return
      if (collapsed === undefined || id === undefined) return model.setNotice('Nothing is collapsed')
      if (isRunning())
        return model.setNotice(
          `A command is running and its output would be mixed in: try ${expandKey} when it has ended`,
        )
      const {signal} = (opening = new AbortController())
      try {
        await expandOutput(collapsed, {
          model,
          size: terminalSize() ?? {cols: 80, rows: 24},
          depth,
          async readPage(afterSeq) {
            const page = await client.request('session.events', {
              session_id: id,
              after_seq: afterSeq,
              limit: pageEvents,
            })
            if (isRunning()) opening?.abort()
            const events = page.events.map((wire) => readEvent(wire, (warning) => model.setNotice(warning)))
            return events.filter((event) => event !== undefined && 'seq' in event)
          },
          showCommand: showCommand(id),
          signal,
        })
      } finally {
        opening = undefined
      }
    },
    stop() {
      opening?.abort()
      return opening !== undefined
    },
  }
}
