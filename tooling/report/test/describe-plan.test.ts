import {expect, test} from 'vitest'

import {describePlan} from '../describe-plan.ts'

test('a plan lists what is cached and what would run', () => {
  const tasks = [
    {taskId: 'a#test', command: 'vitest run', cache: {status: 'MISS'}},
    {taskId: 'a#lint', command: 'oxlint', cache: {status: 'HIT'}},
    {taskId: 'a#sources', command: '<NONEXISTENT>', cache: {status: 'MISS'}},
  ]
  expect(describePlan(JSON.stringify({tasks}))).toEqual([
    'cached     a#lint',
    'would run  a#test',
    '1 would run, 1 cached',
  ])
})
