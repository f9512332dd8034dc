import {parseSync, Visitor, type Expression} from 'oxc-parser'

export interface Import {
  specifier: string
  /** Counted from 1. */
  line: number
}

export interface ModuleFacts {
  /** In the order of the file; each line names what it imports, types included. */
  imports: Import[]
  /** Lines with a default export. */
  defaultExports: number[]
}

/** What a module asks of others. Throws when `source` is not valid TypeScript, TSX or JavaScript, as `path` ends. */
export function readImports(path: string, source: string): ModuleFacts {
  const {program, errors} = parseSync(path, source)
  const [error] = errors
  if (error) throw new SyntaxError(`${path}:${lineAt(source, error.labels[0]?.start ?? 0)}: ${error.message}`)

  const facts: ModuleFacts = {imports: [], defaultExports: []}
  const add = (node: {start: number; source: unknown}) => {
    const specifier = literal(node.source)
    if (specifier !== undefined) facts.imports.push({specifier, line: lineAt(source, node.start)})
  }
  const addDefault = (node: {start: number}) => facts.defaultExports.push(lineAt(source, node.start))
  new Visitor({
    ImportDeclaration: add,
    ExportAllDeclaration: add,
    ExportNamedDeclaration(node) {
      add(node)
      if (node.specifiers.some(({exported}) => 'name' in exported && exported.name === 'default')) addDefault(node)
    },
    ExportDefaultDeclaration: addDefault,
    ImportExpression: add,
    TSImportType: add,
    TSExternalModuleReference: (node) => add({start: node.start, source: node.expression}),
    CallExpression(node) {
      if (isModuleLoader(node.callee)) add({start: node.start, source: node.arguments[0]})
    },
  }).visit(program)
  return facts
}

/** `require('x')`, `require.resolve('x')`, `import.meta.resolve('x')`, `process.getBuiltinModule('x')`. */
function isModuleLoader(callee: Expression): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require'
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false
  const {object, property} = callee
  if (property.name === 'getBuiltinModule') return true
  return property.name === 'resolve' && (object.type === 'MetaProperty' || isModuleLoader(object))
}

function literal(node: unknown): string | undefined {
  const {type, value} = (node ?? {}) as {type?: string; value?: unknown}
  return type === 'Literal' && typeof value === 'string' ? value : undefined
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}
