import {expect, test} from 'vitest'

import {createAnswerFinder, createQueryFinder, withoutQueries} from '../src/screen/queries.ts'
import {createQueryResponder} from '../src/screen/query-responder.ts'

/** Queries, and what terminals answer. */
const pairs = [
  ['\x1b[c', '\x1b[?62;c'],
  ['\x1b[0c', '\x1b[?1;2c'],
  ['\x1b[>c', '\x1b[>0;276;0c'],
  ['\x1b[=c', '\x1bP!|00000000\x1b\\'],
  ['\x1b[>q', '\x1bP>|tmux 3.3a\x1b\\'],
  ['\x1b[>0q', '\x1bP>|XTerm(370)\x1b\\'],
  ['\x1b[5n', '\x1b[0n'],
  ['\x1b[6n', '\x1b[24;80R'],
  ['\x1b[?6n', '\x1b[?24;80;1R'],
  ['\x1b[?996n', '\x1b[?997;1n'],
  ['\x1b[?2026$p', '\x1b[?2026;2$y'],
  ['\x1b[4$p', '\x1b[4;2$y'],
  ['\x1b[?u', '\x1b[?0u'],
  ['\x1b[14t', '\x1b[4;480;640t'],
  ['\x1b[18t', '\x1b[8;24;80t'],
  ['\x1b]11;?\x07', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
  ['\x1b]4;1;?\x1b\\', '\x1b]4;1;rgb:cdcd/0000/0000\x07'],
  ['\x1bP$q q\x1b\\', '\x1bP1$r2 q\x1b\\'],
  ['\x1bP+q544e\x1b\\', '\x1bP1+r544e=787465726d\x1b\\'],
] as const

const without = (text: string) => Buffer.from(withoutQueries(Buffer.from(text))).toString()

test.each(pairs)(
  'the query %j is found, split anywhere, and its answer %j fits it and no query of another kind',
  (query, answer) => {
    const [found] = createQueryFinder()(query)
    expect(found).toEqual({text: query, kind: expect.any(Number)})
    for (let at = 1; at < query.length; at++) {
      const find = createQueryFinder()
      expect([...find(`before${query.slice(0, at)}`), ...find(`${query.slice(at)}behind`)]).toEqual([found])
      expect(find(query)).toEqual([found])
    }
    for (let at = 0; at < answer.length; at++) {
      const find = createAnswerFinder()
      expect([...find(`x${answer.slice(0, at)}`), ...find(`${answer.slice(at)}y`)]).toMatchObject([{kind: found!.kind}])
    }
    expect(createQueryFinder()(answer)).toEqual([])
    expect(without(`a${query}b${answer}`)).toBe(`ab${answer}`)
  },
)

test('what is no query stays', () => {
  const text = '\x1b[31mred\x1b[m\x1b[2J\x1b[?25l\x1b[>4;2m\x1b[>1u\x1b]0;title?\x07\x1b]11;red\x07\x1b[2 q\x1b[22;0t'
  expect(createQueryFinder()(text)).toEqual([])
  expect(without(text)).toBe(text)
})

test('a query that another terminal has not answered is answered when that is gone, but not after five seconds', async () => {
  let now = 0
  const answers: string[] = []
  const responder = createQueryResponder({
    size: {cols: 80, rows: 24},
    answer: (bytes) => answers.push(Buffer.from(bytes).toString()),
    now: () => now,
  })
  responder.hold(true)
  responder.write(Buffer.from('\x1b[c'))
  now = 4000
  responder.write(Buffer.from('\x1b[3;9H\x1b[6n'))
  now = 6000
  responder.hold(false)
  responder.write(Buffer.from('\x1b[5n'))
  await expect.poll(() => answers).toContain('\x1b[0n')
  expect(answers).toEqual(['\x1b[3;9R', '\x1b[0n'])
  responder.close()
})

test('a query is not answered again whose answer was read in two parts', async () => {
  const answers: string[] = []
  const responder = createQueryResponder({
    size: {cols: 80, rows: 24},
    answer: (bytes) => answers.push(Buffer.from(bytes).toString()),
  })
  responder.hold(true)
  responder.write(Buffer.from('\x1b]10;?\x07\x1b]11;?\x07'))
  // The rest of the first answer is not taken for the second one.
  for (const part of ['\x1b]1', '0;rgb:ff', 'ff/ffff/ffff\x07']) responder.noteInput(Buffer.from(part))
  responder.hold(false)
  await expect.poll(() => answers).not.toEqual([])
  expect(answers).toEqual(['\x1b]11;rgb:0000/0000/0000\x1b\\'])
  responder.close()
})
