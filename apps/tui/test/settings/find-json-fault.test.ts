import {expect, test} from 'vitest'

import {findJsonFault} from '../../src/settings/find-json-fault.ts'

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{\n  "notify": off\n}\n', 2, 13],
  ['{\n  "notify": "off",\n}', 3, 1],
  ['{\n  // quiet\n  "notify": "off"\n}', 2, 3],
  ['{"notify": "off"} x', 1, 19],
  ['{"notify" "off"}', 1, 11],
  ['{"notify": "o\nff"}', 1, 14],
  ['{"notify": tru', 1, 15],
  ['{"notifyAfterSeconds": 01}', 1, 25],
])('%j is no JSON from line %i, column %i', (text, line, column) => {
  expect(findJsonFault(text)).toEqual({line, column})
})
