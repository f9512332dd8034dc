import {parseSync, Visitor, type Expression, type Span} from 'oxc-parser'

import type {Example} from './read-examples.ts'

/**
 * An example as a module that compares what its `// => value` comments promise. Each line stays on the line that it has
 * in the markdown file, so that what a compiler or Node says of it is true of that file.
 */
export function instrument({line: firstLine, code}: Example): string {
  const lineOf = (offset: number) => firstLine + code.slice(0, offset).split('\n').length - 1
  const {program, comments} = parseSync('example.ts', code)
  const promises = new Set(comments.filter(({value}) => value.trim().startsWith('=>')))
  const promiseAfter = (end: number) =>
    [...promises].find(({start}) => /^[; ]*$/.test(code.slice(end, start)) && start >= end)

  const lines: number[] = []
  const inserts: {at: number; text: string}[] = []
  new Visitor({
    ExpressionStatement({expression}) {
      const promise = promiseAfter(expression.end)
      if (!promise) return
      const line = lineOf(promise.start)
      const value = promise.value.trim().slice('=>'.length).trim()
      const shown = shownBy(expression)
      inserts.push({at: shown.start, text: `__is(${line}, `}, {at: shown.end, text: `, (${value}))`})
      lines.push(line)
      promises.delete(promise)
    },
  }).visit(program)
  for (const {start} of promises) inserts.push({at: 0, text: `__lost(${lineOf(start)}); `})

  const prelude =
    `import {expectValues as __expectValues} from '../readmes/expect-values.ts'; ` +
    `const {is: __is, lost: __lost} = __expectValues(${JSON.stringify(lines)})`
  return prelude + '\n'.repeat(firstLine - 1) + insert(code, inserts) + '\n'
}

/** `console.log(x)` shows `x`, any other expression itself. */
function shownBy(expression: Expression): Span {
  if (expression.type !== 'CallExpression') return expression
  const {callee} = expression
  const isLog =
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'console'
  return (isLog && expression.arguments[0]) || expression
}

function insert(code: string, inserts: readonly {at: number; text: string}[]): string {
  const fromTheEnd = inserts.toSorted((a, b) => b.at - a.at)
  return fromTheEnd.reduce((text, {at, text: added}) => text.slice(0, at) + added + text.slice(at), code)
}
