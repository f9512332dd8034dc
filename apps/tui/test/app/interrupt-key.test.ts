import {expect, test} from 'vitest'

import {createInterruptKey} from '../../src/app/interrupt-key.ts'
import {createScreenModel} from '../../src/ui/screen-model.ts'

test('Ctrl-C leaves only while the notice is on the screen', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  let leaves = 0
  const press = createInterruptKey({session: () => undefined, model, leave: () => void leaves++, reportError: () => {}})
  press(true)
  expect(model.snapshot.notice).toBe('Press Ctrl-C again to leave')
  model.setNotice(undefined)
  press(true)
  expect([model.snapshot.notice, leaves]).toEqual(['Press Ctrl-C again to leave', 0])
  model.setNotice('Something else is to be known')
  press(true)
  expect([model.snapshot.notice, leaves]).toEqual(['Press Ctrl-C again to leave', 0])
  press(true)
  expect(leaves).toBe(1)
})
