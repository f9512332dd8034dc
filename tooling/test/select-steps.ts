import type {Step} from './step.ts'

/** The steps with these names and what they need, in their old order. Throws `RangeError` for a name that is none. */
export function selectSteps(steps: readonly Step[], names: readonly string[]): Step[] {
  const wanted = new Set<string>()
  const add = (name: string) => {
    const step = steps.find((one) => one.name === name)
    if (!step)
      throw new RangeError(`Expected names of steps (${steps.map((one) => one.name).join(', ')}), got \`${name}\``)
    wanted.add(name)
    step.needs?.forEach(add)
  }
  names.forEach(add)
  return steps.filter(({name}) => wanted.has(name))
}
