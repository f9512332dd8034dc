import {medianOf, type Goal} from '../goal.ts'
import {CASES, type Measurement} from './bench-session.ts'

/** The medians, a figure a line. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = Object.keys(CASES).flatMap((name) =>
    figuresOf(measurements, name).map((figure) => [`${name}: ${figure}`, format(median(measurements, name, figure))]),
  )
  const width = Math.max(...rows.map(([label]) => label!.length))
  return rows.map(([label, value]) => `${label!.padEnd(width)}  ${value!.padStart(10)}`).join('\n')
}

export function goalsOf(measurements: readonly Measurement[]): Goal[] {
  return Object.entries(CASES).flatMap(([name, {goals}]) =>
    measurements.some((each) => each.case === name) ? goals((figure) => median(measurements, name, figure)) : [],
  )
}

function figuresOf(measurements: readonly Measurement[], name: string): string[] {
  const figures = measurements.filter((each) => each.case === name).flatMap((each) => Object.keys(each.figures))
  return [...new Set(figures)]
}

function median(measurements: readonly Measurement[], name: string, figure: string): number {
  const ofCase = measurements.filter((each) => each.case === name)
  return medianOf(ofCase.flatMap(({figures}) => figures[figure] ?? []))
}

function format(value: number): string {
  return value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}
