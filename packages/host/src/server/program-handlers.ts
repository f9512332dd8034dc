import {decodeOutput, type MethodTable} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import {pasteText, pressKeys, typeBytes} from '../session/press-keys.ts'
import {readSignal} from '../session/read-signal.ts'
import type {Session} from '../session/session.ts'
import type {AttachedPeers} from './attached-peers.ts'
import {toScreenSnapshot} from './to-screen-snapshot.ts'
import type {Viewers} from './viewers.ts'

/** Answers the methods for the program that runs, and its terminal. `open`: the session with this id, or throws. */
export function programHandlers(
  open: (id: string) => {session: Session},
  attached: AttachedPeers,
  viewers: Viewers,
): MethodTable<HandlerContext> {
  return {
    'session.input': async ({session_id, prompt_id, when, drives = false, ...data}) => {
      const {session} = open(session_id)
      if (when !== undefined) return {not_typed: await session.inputWhen(when, decodeOutput(data), prompt_id)}
      if (drives) return {screen_version: await typeBytes(session, decodeOutput(data), prompt_id)}
      const screen_version = session.attachments.version
      session.input(decodeOutput(data), prompt_id)
      return {screen_version}
    },

    'session.keys': async ({session_id, prompt_id, keys}) => ({
      screen_version: await pressKeys(open(session_id).session, keys, prompt_id),
    }),

    'session.paste': async ({session_id, prompt_id, text}) => {
      const {screenVersion, isBracketed} = await pasteText(open(session_id).session, text, prompt_id)
      return {screen_version: screenVersion, bracketed: isBracketed}
    },

    'session.signal': ({session_id, prompt_id, signal}) => {
      const name = readSignal(signal)
      const {session} = open(session_id)
      const screen_version = session.attachments.version
      session.signal(name, prompt_id)
      return {signal: name, screen_version}
    },

    'screen.snapshot': async ({session_id, after, wait_ms, scrollback}) =>
      toScreenSnapshot(await open(session_id).session.attachments.snapshot({after, waitMs: wait_ms, scrollback})),

    'session.look': ({session_id}) => open(session_id).session.typedText.look(),

    'session.resize': ({session_id, cols, rows}, {peer}) => {
      open(session_id)
      viewers.resize(peer, {cols, rows})
      return {}
    },

    'attach.start': (params, {peer}) => {
      open(params.session_id)
      viewers.attaches(peer, params)
      return attached.start(peer, params, viewers.by(peer))
    },

    'attach.taken': ({session_id, attach_id, bytes}) => {
      open(session_id)
      attached.taken(attach_id, bytes)
      return {}
    },

    'attach.end': ({session_id, attach_id}) => ({
      ended: open(session_id).session.attachments.end(attach_id, 'detached'),
    }),
  }
}
