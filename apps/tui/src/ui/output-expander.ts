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
  typedForAll: (sessionId: string) => string
}

/** Opens what was folded last, when nothing runs that would be mixed with it. */
export interface OutputExpander {
  /** Rejects when the log cannot be read. */
  open(): Promise<void>
  /** Ends the opening that is under way; true where there is one. */
  stop(): boolean
}

/** So many events at once: between pages there is time for Esc. */
const pageEvents = 20

export function createOutputExpander({
  client,
  session,
  model,
  depth,
  typedForAll,
}: OutputExpanderOptions): OutputExpander {
  let opening: AbortController | undefined

  const isRunning = () => session()?.state.running != null
  return {
    async open() {
      const {folded} = model
      const id = session()?.id
      if (opening !== undefined) return
      if (folded === undefined || id === undefined) return model.setNotice('Nothing is folded')
      if (isRunning())
        return model.setNotice(`Something runs, and would be mixed with it; ${expandKey} opens it afterwards`)
      const {signal} = (opening = new AbortController())
      try {
        await expandOutput(folded, {
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
          typedForAll: typedForAll(id),
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
