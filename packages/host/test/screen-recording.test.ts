import {decodeOutput, errorCodes} from '@holdfast/protocol'
import {describe, expect, test} from 'vitest'

import {pressKeys, typeBytes} from '../src/session/press-keys.ts'
import {openSession} from './fixtures/open-session.ts'

const enter = '\x1b[?1049h'
const leave = '\x1b[?1049l'

function open(record: Parameters<typeof openSession>[0] & object) {
  const {log, agent, session} = openSession({size: {cols: 40, rows: 5}, ...record})
  session.submit({promptId: 'a', text: 'vim'})
  /** What the log has of the program, in its order; consecutive output as one. */
  const events = () => {
    const short: string[] = []
    for (const {type, payload} of log.read({afterSeq: 3, frames: true})) {
      const isNext = short.at(-1)?.startsWith('normal ') === true
      if (type === 'message.delta' && isNext) short.push(`${short.pop()}${payload.text}`)
      else if (type === 'message.delta') short.push(`normal ${payload.text}`)
      else if (type === 'screen.drawn') short.push(`drawn ${(payload.frames ?? []).map(({text}) => text).join('')}`)
      else if (type === 'screen.resized') short.push(`${payload.cols}x${payload.rows}`)
      else short.push(type === 'screen.elided' ? `elided ${payload.bytes}` : type)
    }
    return short
  }
  const raw = () =>
    log
      .read({frames: true})
      .flatMap((event) => {
        if (event.type === 'message.delta') return [decodeOutput(event.payload)]
        return event.type === 'screen.drawn' ? (event.payload.frames ?? []).map((frame) => decodeOutput(frame)) : []
      })
      .map((data) => Buffer.from(data).toString('latin1'))
      .join('')
  return {log, agent, session, events, raw}
}

describe('a session whose screens are recorded', () => {
  test('has what a program draws in the log, in its order with the output of the normal screen', async () => {
    const {log, agent, events, raw} = open({record: {screens: 'always'}})
    const printed = ['one', `two${enter}fr`, 'ame\x1b[?10', `49lthree${enter}\x1b[2Jmore\x1b[`]
    for (const text of printed) agent.print(text)
    await agent.finish()
    expect(events()).toEqual([
      `normal onetwo${enter}`,
      'drawn frame',
      `normal ${leave}three${enter}`,
      'drawn \x1b[2Jmore\x1b[',
      'message.complete',
    ])
    expect(raw()).toBe(printed.join(''))
    expect(log.read().find(({type}) => type === 'message.start')?.payload).toMatchObject({cols: 40, rows: 5})
  })

  test('has its changes of size, and marks, in their places', async () => {
    const {agent, session, events} = open({record: {screens: 'always'}})
    agent.print(`${enter}wide`)
    session.resize({cols: 30, rows: 5})
    session.resize({cols: 30, rows: 5})
    agent.print('narrow')
    session.mark('here')
    agent.print('end')
    await agent.finish()
    expect(events()).toEqual([
      `normal ${enter}`,
      'drawn wide',
      '30x5',
      'drawn narrow',
      'session.marked',
      'drawn end',
      'message.complete',
    ])
  })

  test('has a bound, and the log tells what is left out', async () => {
    const {agent, events} = open({record: {screens: 'always', maxBytes: 6}})
    agent.print(`${enter}frame `)
    agent.print('two')
    agent.print(`${leave}shown${enter}not`)
    await agent.finish()
    expect(events()).toEqual([
      `normal ${enter}`,
      'drawn frame ',
      'elided undefined',
      `normal ${leave}shown${enter}`,
      'elided 6',
      'message.complete',
    ])
  })
})

describe('a session with a shell', () => {
  test('is recorded from the first key that a client presses, beginning with the screen', async () => {
    const {agent, session, events} = open({})
    agent.print(`shell$ ${enter}first`)
    agent.print(' frame\x1b[?25l')
    await pressKeys(session, ['j'], undefined)
    agent.print('\x1b[2;1Hsecond')
    await expect.poll(() => events().at(-1)).toMatch(/^drawn .*first frame.*second$/s)
    expect(events().slice(0, 2)).toEqual([`normal shell$ ${enter}`, '40x5'])
    expect(events().at(-1)).toContain('\x1b[?25l')
    expect(events().at(-1)).not.toContain(enter)
    await agent.finish()
  })

  test('is recorded from the first text on that a client types by itself', async () => {
    const {agent, session, events} = open({})
    agent.print(`${enter}first`)
    expect(await typeBytes(session, Buffer.from('a line'), undefined)).toBe(session.attachments.version)
    agent.print(' second')
    await expect.poll(() => events().at(-1)).toMatch(/^drawn .*first second$/s)
    await agent.finish()
    await expect(typeBytes(session, Buffer.from('late'), undefined)).rejects.toMatchObject({
      code: errorCodes.notAllowed,
    })
  })

  test('is not recorded where nobody presses keys, nor ever with `never`', async () => {
    for (const record of [{}, {screens: 'never'}] as const) {
      const {agent, session, events} = open({record})
      agent.print(`${enter}frame`)
      if ('screens' in record) await pressKeys(session, ['j'], undefined)
      agent.print(`more${leave}`)
      await agent.finish()
      // While the first snapshot loads its terminal, the output may be committed in two events.
      expect(events().join('').replaceAll('normal ', '')).toBe(`${enter}${leave}message.complete`)
    }
  })
})
