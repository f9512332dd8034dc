import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {damageLog} from '../damage/damage-file.ts'
import {hostStates, planDamage} from '../damage/plan-damage.ts'

const damages = Array.from({length: 400}, (_, seed) => planDamage(seed))

test('the same seed gives the same damage, and many seeds give every kind', () => {
  expect(planDamage(7)).toEqual(planDamage(7))
  expect(new Set(damages.map(({hostState}) => hostState))).toEqual(new Set(hostStates))
  expect(new Set(damages.map(({file}) => file))).toEqual(new Set(['database', 'wal']))
  expect(new Set(damages.map(({change}) => change.kind)).size).toBe(8)
})

test('every damage changes the file that it names, and no other', () => {
  using folder = {
    path: mkdtempSync(join(tmpdir(), 'hf-')),
    [Symbol.dispose]: () => rmSync(folder.path, {recursive: true}),
  }
  const log = join(folder.path, 'a.db')
  const content = Buffer.from(Array.from({length: 50_000}, (_, at) => (at >> 8) % 251))
  for (const damage of damages.filter(({change}) => !['swap', 'repeat', 'remove', 'replace'].includes(change.kind))) {
    for (const path of [log, `${log}-wal`]) writeFileSync(path, content)
    const path = damageLog(log, damage)
    expect(path).toBe(damage.file === 'wal' ? `${log}-wal` : log)
    expect(readFileSync(path).equals(content), JSON.stringify(damage)).toBe(false)
    expect(readFileSync(path === log ? `${log}-wal` : log).equals(content)).toBe(true)
  }
})
