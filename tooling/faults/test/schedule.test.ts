import {expect, test} from 'vitest'

import {createRandom} from '../schedule/random.ts'
import {type Answerer, phases, planSchedule, queueChanges} from '../schedule/schedule.ts'

const schedules = Array.from({length: 200}, (_, seed) => planSchedule(seed))

test('the same seed gives the same schedule, another seed another', () => {
  expect(planSchedule(7)).toEqual(planSchedule(7))
  expect(planSchedule(7).steps).not.toEqual(planSchedule(8).steps)
})

test('schedules inject every signal into every kind of process in every phase', () => {
  const faultsOf = (answerer: Answerer) =>
    schedules.flatMap(({seed}) => planSchedule(seed, answerer).steps.filter((step) => step.kind === 'fault'))
  const others = phases.filter((phase) => phase !== 'migrate')
  const expected = (answerer: Answerer) =>
    ['host', 'gateway', 'client', answerer].flatMap((victim) => others.map((phase) => `${victim} in ${phase}`))
  const met = (answerer: Answerer) => new Set(faultsOf(answerer).map(({victim, phase}) => `${victim} in ${phase}`))
  expect(met('shell')).toEqual(new Set([...expected('shell'), 'host in migrate']))
  expect(met('agent')).toEqual(new Set(expected('agent')))
  const faults = [...faultsOf('shell'), ...faultsOf('agent')]
  expect(new Set(faults.map(({signal}) => signal))).toEqual(new Set(['SIGKILL', 'SIGTERM', 'SIGSTOP']))
})

test('schedules change queued prompts in every way and save drafts', () => {
  const steps = schedules.flatMap((schedule) => schedule.steps)
  const changes = steps.flatMap((step) => (step.kind === 'change' ? [step.change] : []))
  expect(new Set(changes)).toEqual(new Set(queueChanges))
  const drafts = schedules.map((schedule) =>
    schedule.steps.flatMap((step) => (step.kind === 'draft' ? [step.text] : [])),
  )
  expect(drafts.flat().length).toBeGreaterThan(20)
  for (const texts of drafts) expect(new Set(texts).size).toBe(texts.length)
})

test('every schedule has four faults, and every prompt an id of its own', () => {
  for (const schedule of schedules) {
    expect(schedule.steps.filter(({kind}) => kind === 'fault')).toHaveLength(4)
    const ids = schedule.steps.flatMap((step) => {
      if ('prompts' in step) return step.prompts.map(({id}) => id)
      return 'prompt' in step ? [step.prompt.id] : []
    })
    expect(new Set(ids).size).toBe(ids.length)
  }
})

test('random integers stay within their bounds and reach both', () => {
  const random = createRandom(3)
  const drawn = Array.from({length: 1000}, () => random.integer(2, 5))
  expect(new Set(drawn)).toEqual(new Set([2, 3, 4, 5]))
})
