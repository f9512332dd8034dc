/**
 * The import rules of the workspace, as a configuration of dependency-cruiser. Types and tests count as imports, too.
 *
 * dependency-cruiser takes a folder with its subfolders for one piece when it looks for cycles, but sees an import of
 * `a/b/file.ts` as one of `a/b` only. So a cycle a → c → a/b is not found; below `apps/tui/src`, the order of `rooms`
 * forbids it.
 */
import {builtinModules} from 'node:module'

import type {IConfiguration, IForbiddenRuleType} from 'dependency-cruiser'

/** Each package with the packages of ours that it may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  rpc: [],
  protocol: [],
  'run-completion': [],
  breadcrumbs: [],
  recovery: [],
  terminal: [],
  picture: [],
  access: [],
  'ink-composer': ['terminal'],
  markdown: ['terminal'],
  'session-view': ['protocol', 'terminal'],
  transport: ['rpc', 'recovery', 'breadcrumbs'],
  shell: ['run-completion', 'terminal'],
  'event-log': ['protocol'],
  supervisor: ['recovery', 'breadcrumbs'],
  acp: ['rpc', 'transport', 'supervisor', 'breadcrumbs'],
  host: ['rpc', 'transport', 'protocol', 'shell', 'acp', 'terminal', 'event-log', 'fleet', 'supervisor', 'breadcrumbs'],
  gateway: ['rpc', 'transport', 'protocol', 'event-log', 'access', 'fleet', 'supervisor', 'breadcrumbs'],
  client: ['rpc', 'transport', 'protocol', 'supervisor', 'recovery', 'breadcrumbs'],
  fleet: ['rpc', 'transport', 'recovery', 'protocol', 'event-log'],
  drive: ['client', 'protocol', 'picture'],
  mcp: ['client', 'drive', 'protocol', 'terminal', 'picture'],
}

/** The packages that the app may import. */
const appPackages = [
  'client',
  'drive',
  'fleet',
  'gateway',
  'host',
  'protocol',
  'event-log',
  'supervisor',
  'breadcrumbs',
  'terminal',
  'ink-composer',
  'markdown',
  'mcp',
  'picture',
  'access',
  'session-view',
]

/** The packages that the page may import. */
const pagePackages = ['client', 'protocol', 'session-view', 'terminal', 'markdown']

/** The folders of `apps/tui/src`, from the top to the bottom: a folder imports from its own row and the rows below it. */
const rooms = [
  ['bin'],
  ['cli'],
  ['app'],
  ['ui', 'slash-commands', 'talk', 'doctor', 'export', 'completion', 'past-prompts'],
  ['agents', 'fleet', 'sessions', 'settings'],
  ['process', 'files', 'theme', 'keys'],
]

/** Entry points that also run without Node, for example in a browser. */
export const neutralEntries = [
  'packages/rpc/src/index.ts',
  'packages/rpc/src/raw.ts',
  'packages/transport/src/browser.ts',
  'packages/recovery/src/index.ts',
  'packages/protocol/src/index.ts',
  'packages/run-completion/src/index.ts',
  'packages/client/src/index.ts',
  'packages/client/src/browser.ts',
  'packages/client/src/typing.ts',
  'packages/supervisor/src/supervise.ts',
  'packages/terminal/src/plain.ts',
  'packages/session-view/src/index.ts',
  'packages/markdown/src/blocks.ts',
  'packages/markdown/src/highlight.ts',
  'apps/web/src/main.tsx',
]

const builtins = `^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`
const workspace = '^(packages|apps|tooling|examples)/'
/** Used by the configuration files of every package. */
const presets = '^tooling/(tsup|tsconfig|vitest)/'
/** Rules for modules need a condition on dependents. This one, the largest allowed, holds for nearly every module. */
const anyDependents = {numberOfDependentsLessThan: 100}
const anyOf = (names: readonly string[]) => `(${names.join('|')})`

const packageRules = Object.entries(packages).map(([name, allowed]) => ({
  name: `${name}-imports`,
  comment: `packages/${name} may import ${allowed.join(', ') || 'none of our packages'}. Move the code, or decide on a new edge: it goes into tooling/checks/imports/rules.ts and docs/decisions.`,
  from: {path: `^packages/${name}/`},
  to: {path: workspace, pathNot: [presets, `^packages/${anyOf([name, ...allowed])}/`]},
}))

const roomRules = rooms.slice(1).map((row, index) => {
  const above = anyOf(rooms.slice(0, index + 1).flat())
  return {
    name: `${row.join('-')}-imports`,
    comment: `apps/tui/src/${anyOf(row)} is below ${above} and may not import from there. Move the code that both need to a lower folder, or pass it in.`,
    from: {path: `^apps/tui/src/${anyOf(row)}/`},
    to: {path: `^apps/tui/src/${above}/`},
  }
})

const forbidden: IForbiddenRuleType[] = [
  ...packageRules,
  {
    name: 'tui-imports',
    comment: `apps/tui may import ${appPackages.join(', ')}; its e2e tests may import all packages.`,
    from: {path: '^apps/tui/(?!e2e/)'},
    to: {path: workspace, pathNot: [presets, '^apps/tui/', `^packages/${anyOf(appPackages)}/`]},
  },
  {
    name: 'web-imports',
    comment: `apps/web may import ${pagePackages.join(', ')}; its e2e tests may import all packages.`,
    from: {path: '^apps/web/(?!e2e/)'},
    to: {path: workspace, pathNot: [presets, '^apps/web/', `^packages/${anyOf(pagePackages)}/`]},
  },
  {
    name: 'unlisted-package',
    comment: 'A new package needs a line in `packages` in tooling/checks/imports/rules.ts.',
    from: {path: '^(packages|apps)/', pathNot: ['^apps/(tui|web)/', `^packages/${anyOf(Object.keys(packages))}/`]},
    to: {},
  },
  {
    name: 'relative-import-of-a-package',
    comment:
      'Import another package by its name: a relative path is not there once the package is published. Tests may import what another package’s tests have in `fixtures` and `support`.',
    from: {path: '^(packages|apps)/([^/]+)/'},
    to: {
      path: '^(packages|apps)/',
      pathNot: ['^$1/$2/', '/test/fixtures/', '/e2e/support/'],
      dependencyTypes: ['local'],
    },
  },
  ...roomRules,
  {
    name: 'unlisted-folder-of-the-app',
    comment:
      'Move the file into one of the folders of apps/tui/src, or add its folder to `rooms` in tooling/checks/imports/rules.ts.',
    module: {path: '^apps/tui/src/', pathNot: `^apps/tui/src/${anyOf(rooms.flat())}/`, ...anyDependents},
    from: {},
  },
  {
    name: 'file-cycle',
    comment: 'Move what both files need to a third one.',
    from: {},
    to: {circular: true},
  },
  {
    name: 'folder-cycle',
    comment: 'Move what both folders need to a third one, or the file to the folder that uses it.',
    scope: 'folder',
    from: {},
    to: {circular: true},
  },
  {
    name: 'node-in-neutral-entry',
    comment:
      'This entry point runs without Node. Take what Node gives as an option, or move it to a subpath of the package.',
    from: {path: `^${anyOf(neutralEntries)}$`},
    to: {path: builtins, reachable: true},
  },
  {
    name: 'only-supervisor-starts-processes',
    comment:
      'Start processes with `startChild` of @holdfast/supervisor. bin/cli.cjs is exempt: it starts the right Node before any package can be loaded.',
    from: {
      path: '^(packages|apps)/[^/]+/src/',
      pathNot: ['^packages/supervisor/src/', '^apps/tui/src/bin/cli.cjs$'],
    },
    to: {path: '^(node:)?child_process$'},
  },
  {
    name: 'only-shell-opens-ptys',
    comment: 'Open terminals with @holdfast/shell.',
    from: {path: '^(packages|apps)/[^/]+/src/', pathNot: '^packages/shell/src/'},
    to: {path: '@lydell/node-pty'},
  },
  {
    name: 'vague-name',
    comment: 'Name the file or folder by what is in it.',
    module: {
      path: '^(packages|apps)/[^/]+/src/(.+/)?(utils|helpers|common|types|manager|misc|shared)[./]',
      ...anyDependents,
    },
    from: {},
  },
  {
    name: 'unresolved-import',
    comment: 'Correct the path, or add the package to package.json.',
    from: {},
    to: {couldNotResolve: true},
  },
]

const configuration = {
  forbidden: forbidden.map((rule): IForbiddenRuleType => ({...rule, severity: 'error'})),
  options: {
    parser: 'tsc',
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    exoticRequireStrings: ['require.resolve', 'import.meta.resolve'],
    doNotFollow: {path: 'node_modules'},
    exclude: {path: '(^|/)(dist|\\.holdfast-[^/]*)/'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Packages import each other from source: nothing has to be built first.
      conditionNames: ['holdfast-source', 'import', 'node', 'default'],
    },
  },
} satisfies IConfiguration
export default configuration
