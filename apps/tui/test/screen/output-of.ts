import {createRunOutput, type RunOutput, type RunOutputOptions} from '../../src/screen/output/run-output.ts'

/** The output of a run on a terminal of 80×24 with all colours, unless `options` say otherwise. */
export function outputOf(text: string, options: Partial<RunOutputOptions> = {}): RunOutput {
  const output = createRunOutput({size: {cols: 80, rows: 24}, depth: 24, convertEol: false, onChange() {}, ...options})
  output.add(text)
  return output
}

/** All lines that such an output comes to at its end. */
export async function linesOf(text: string, options: Partial<RunOutputOptions> = {}): Promise<string[]> {
  const {lines, tail} = await outputOf(text, options).end()
  return [...lines, ...tail]
}
