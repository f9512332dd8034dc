import {parseSync, Visitor} from 'oxc-parser'

import type {Example} from './read-examples.ts'

/**
 * Turns an example into a module that compares each expression with the `// => value` comment behind it. Every line
 * keeps its number from the markdown file, so compilers and stack traces name the right one.
 */
export function instrument({file, line: firstLine, code, language}: Example): string {
  const lineOf = (offset: number) => firstLine + code.slice(0, offset).split('\n').length - 1
  const {program, comments} = parseSync(`example.${language}`, code)
  const promises = new Set(comments.filter(({value}) => value.trim().startsWith('=>')))

  const lines: number[] = []
  const inserts: {at: number; text: string}[] = []
  new Visitor({
    ExpressionStatement({expression}) {
      const promise = [...promises].find(
        ({start}) => start >= expression.end && /^[; ]*$/.test(code.slice(expression.end, start)),
      )
      if (!promise) return
      const value = promise.value.trim().slice('=>'.length).trim()
      // `console.log(x)` shows `x`; any other expression shows itself.
      const isLog = expression.type === 'CallExpression' && code.startsWith('console.', expression.start)
      const {start, end} = (isLog && expression.arguments[0]) || expression
      inserts.push({at: start, text: `__expect(${lineOf(start)}, `}, {at: end, text: `, (${value}))`})
      lines.push(lineOf(start))
      promises.delete(promise)
    },
  }).visit(program)
  for (const {start} of promises) {
    throw new SyntaxError(`${file}:${lineOf(start)}: put \`// =>\` behind an expression that ends on the same line`)
  }

  const prelude = `import {expectValues} from '#run-example'; const __expect = expectValues(${JSON.stringify(lines)})`
  const fromTheEnd = inserts.toSorted((a, b) => b.at - a.at)
  const instrumented = fromTheEnd.reduce((text, {at, text: added}) => text.slice(0, at) + added + text.slice(at), code)
  return prelude + '\n'.repeat(firstLine - 1) + instrumented
}
