import {ABANDONED, type Measurement} from './bench-run-completion.ts'
import {TEXTS, type TextName} from './texts.ts'
import {medianOf, type Goal} from '../goal.ts'

const NAMES = Object.keys(TEXTS) as TextName[]

/** The medians as a table, MB/s. */
export function tableOf(measurements: readonly Measurement[]): string {
  const keys = [...new Set(measurements.map(keyOf))]
  const rows = [['MB/s, median', ...NAMES]]
  for (const key of keys) {
    rows.push([
      key,
      ...NAMES.map((text) => median(measurements, key, text)).map((value) =>
        Number.isNaN(value) ? 'cannot' : value.toFixed(0),
      ),
    ])
  }
  return rows.map(([name, ...cells]) => name!.padEnd(40) + cells.map((cell) => cell.padStart(10)).join('')).join('\n')
}

export function goalsOf(measurements: readonly Measurement[]): Goal[] {
  const goals = NAMES.map((text) => {
    const value = medianOf(slowdowns(measurements, text))
    return {
      text: `${text}: time with ${ABANDONED} runs given up before, ratio, under 1.2`,
      value,
      isReached: value < 1.2,
    }
  })
  if (!measurements.some(({contender}) => contender === 'agent-tty')) return goals
  const ratios = NAMES.map((text) => {
    const value = median(measurements, 'holdfast', text) / median(measurements, 'agent-tty', text)
    return {text: `${text}: ratio to agent-tty, at least 10`, value, isReached: value >= 10}
  })
  return [...ratios, ...goals]
}

/** Of each round: how many times as long it takes behind runs that were given up, as both were measured by turns. */
function slowdowns(measurements: readonly Measurement[], text: TextName): number[] {
  const ours = measurements.filter((each) => each.contender === 'holdfast' && each.text === text)
  return ours
    .filter(({abandoned}) => abandoned === 0)
    .flatMap(({round, value}) => {
      const behind = ours.find((each) => each.round === round && each.abandoned === ABANDONED)?.value
      return value === undefined || behind === undefined ? [] : [value / behind]
    })
}

function keyOf({contender, abandoned}: Measurement): string {
  return abandoned === 0 ? contender : `${contender}, ${abandoned} runs given up before`
}

function median(measurements: readonly Measurement[], key: string, text: TextName): number {
  return medianOf(
    measurements.filter((each) => keyOf(each) === key && each.text === text).flatMap(({value}) => value ?? []),
  )
}
