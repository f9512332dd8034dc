/** One number, or why there is none. */
export interface Measurement {
  round: number
  contender: string
  /** What was measured, with its unit. */
  metric: string
  value?: number
  /** Why the contender could not do it. */
  problem?: string
}

/** A promised bound, and the measured value. */
export interface Goal {
  text: string
  value: number
  isReached: boolean
}

/** The median of a metric over all rounds; NaN if it was not measured. @default the contender `holdfast` */
export type Median = (metric: string, contender?: string) => number

export function atLeast(text: string, value: number, bound: number): Goal {
  return {text: `${text}, at least ${bound}`, value, isReached: value >= bound}
}

export function atMost(text: string, value: number, bound: number): Goal {
  return {text: `${text}, at most ${bound}`, value, isReached: value <= bound}
}

/** NaN of no values. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

/** The value that a share of all values does not exceed; NaN of no values. */
export function percentileOf(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN
}

export function mediansOf(measurements: readonly Measurement[]): Median {
  return (metric, contender = 'holdfast') =>
    medianOf(
      measurements
        .filter((each) => each.metric === metric && each.contender === contender)
        .flatMap(({value}) => value ?? []),
    )
}

/** The medians as a table: a row for each metric, a column for each contender, with its ratio to the first one. */
export function tableOf(measurements: readonly Measurement[], contenders: readonly string[]): string {
  const median = mediansOf(measurements)
  const metrics = [...new Set(measurements.map(({metric}) => metric))]
  const [baseline = '', ...others] = contenders.filter((name) => measurements.some(({contender}) => contender === name))
  const rows = metrics.map((metric) => {
    const unit = median(metric, baseline)
    const cells = others.map((contender) => {
      const value = median(metric, contender)
      return Number.isNaN(value) || Number.isNaN(unit)
        ? format(value)
        : `${format(value)} (${(value / unit).toFixed(2)})`
    })
    return [metric, format(unit), ...cells]
  })
  const table = [['median', baseline, ...others.map((name) => `${name} (ratio)`)], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  return table
    .map(([label = '', ...cells]) =>
      [label.padEnd(widths[0]!), ...cells.map((cell, column) => cell.padStart(widths[column + 1]!))].join('  '),
    )
    .join('\n')
}

/** Why contenders could not do something, each reason once. */
export function problemsOf(measurements: readonly Measurement[]): string[] {
  const lines = measurements.flatMap(({contender, metric, problem}) =>
    problem === undefined ? [] : [`${contender} failed: ${metric}: ${problem.slice(0, 200)}`],
  )
  return [...new Set(lines)]
}

/** With as many digits as tell something; a dash for NaN. */
export function format(value: number): string {
  if (Number.isNaN(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1)
}
