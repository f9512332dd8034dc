import type {ClientSession} from '@holdfast/client'
import {renderPrompt, type ColorDepth} from '@holdfast/terminal'

import type {Settings} from '../settings/settings-schema.ts'
import type {ScreenModel} from '../ui/screen-model.ts'

export interface ShellPromptOptions {
  setting: Settings['prompt']
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'snapshot' | 'setShellPrompt'>
  depth: ColorDepth
  reportError: (error: unknown) => void
}

/** With the setting `prompt: shell`, the composer begins with what a session's shell prints for its prompt. */
export function showShellPrompt(options: ShellPromptOptions): (printed: Uint8Array) => void {
  const {setting, session, model, depth, reportError} = options
  return (printed) => {
    if (setting !== 'shell') return
    const of = session()?.id
    const text = new TextDecoder().decode(printed)
    void renderPrompt(text, model.snapshot.size.cols, depth).then((prompt) => {
      if (session()?.id === of) model.setShellPrompt(prompt)
    }, reportError)
  }
}
