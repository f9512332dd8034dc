import type * as terminal from '@holdfast/terminal'
import {expect, test, vi} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

/** Its screen cannot be loaded, as where the installed files are gone, or not be painted. */
const broken = vi.hoisted((): {part?: 'load' | 'paint'} => ({}))

vi.mock('@holdfast/terminal', async (importOriginal) => {
  const original = await importOriginal<typeof terminal>()
  const failIn = (part: typeof broken.part) => {
    if (broken.part === part) throw new Error(`${part} failed`)
  }
  const createProgramScreen: typeof original.createProgramScreen = (options) => {
    const screen = original.createProgramScreen(options)
    return Object.assign(Object.create(screen) as typeof screen, {
      load: async () => (failIn('load'), await screen.load()),
      paint: async (how?: {inPlace?: boolean}) => (failIn('paint'), await screen.paint(how)),
    })
  }
  return {...original, createProgramScreen}
})

test.for(['load', 'paint'] as const)(
  'an attachment ends where the screen fails to %s, and a later one works',
  async (part) => {
    const {log, agent, session} = openSession()
    const {attachments} = session
    const seen: string[] = []
    const client = {
      onPaint: (screen: string) => void seen.push(`paint ${screen}`),
      onOutput: (data: Uint8Array) => void seen.push(Buffer.from(data).toString()),
      onEnd: () => void seen.push('end'),
    }
    const ends = () =>
      log.read({afterSeq: 3}).flatMap(({type, payload}) => (type === 'attach.end' ? [payload.reason] : []))
    const size = {cols: 40, rows: 5}
    session.submit({promptId: 'a', text: 'vim'})
    broken.part = part
    await attachments.start('one', size, client)
    await expect.poll(() => attachments.attached).toBeUndefined()
    delete broken.part
    expect(ends()).toEqual(['not-painted'])
    agent.print('more')
    expect(seen).toEqual(['end'])
    await attachments.start('two', size, client)
    await expect.poll(() => seen).toEqual(['end', 'paint more'])
    broken.part = 'paint'
    attachments.repaint('two')
    await expect.poll(() => attachments.attached).toBeUndefined()
    expect(ends()).toEqual(['not-painted', 'not-painted'])
    delete broken.part
    await agent.finish()
  },
)
