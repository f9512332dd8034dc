import type {StreamParser} from '@codemirror/streamparser'

type Load = () => Promise<StreamParser<unknown>>

const javascript = () => import('@codemirror/legacy-modes/mode/javascript')
const clike = () => import('@codemirror/legacy-modes/mode/clike')
const css = () => import('@codemirror/legacy-modes/mode/css')
const xml = () => import('@codemirror/legacy-modes/mode/xml')
const mllike = () => import('@codemirror/legacy-modes/mode/mllike')

/** Each is loaded when a text first has code in it. */
const loads: Readonly<Record<string, Load>> = {
  c: async () => (await clike()).c,
  'c++': async () => (await clike()).cpp,
  clojure: async () => (await import('@codemirror/legacy-modes/mode/clojure')).clojure,
  cmake: async () => (await import('@codemirror/legacy-modes/mode/cmake')).cmake,
  csharp: async () => (await clike()).csharp,
  css: async () => (await css()).css,
  dart: async () => (await clike()).dart,
  diff: async () => (await import('@codemirror/legacy-modes/mode/diff')).diff,
  dockerfile: async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile,
  erlang: async () => (await import('@codemirror/legacy-modes/mode/erlang')).erlang,
  fsharp: async () => (await mllike()).fSharp,
  go: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  groovy: async () => (await import('@codemirror/legacy-modes/mode/groovy')).groovy,
  haskell: async () => (await import('@codemirror/legacy-modes/mode/haskell')).haskell,
  html: async () => (await xml()).html,
  java: async () => (await clike()).java,
  javascript: async () => (await javascript()).javascript,
  json: async () => (await javascript()).json,
  julia: async () => (await import('@codemirror/legacy-modes/mode/julia')).julia,
  kotlin: async () => (await clike()).kotlin,
  less: async () => (await css()).less,
  lua: async () => (await import('@codemirror/legacy-modes/mode/lua')).lua,
  nginx: async () => (await import('@codemirror/legacy-modes/mode/nginx')).nginx,
  ocaml: async () => (await mllike()).oCaml,
  perl: async () => (await import('@codemirror/legacy-modes/mode/perl')).perl,
  powershell: async () => (await import('@codemirror/legacy-modes/mode/powershell')).powerShell,
  properties: async () => (await import('@codemirror/legacy-modes/mode/properties')).properties,
  protobuf: async () => (await import('@codemirror/legacy-modes/mode/protobuf')).protobuf,
  python: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  r: async () => (await import('@codemirror/legacy-modes/mode/r')).r,
  ruby: async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby,
  rust: async () => (await import('@codemirror/legacy-modes/mode/rust')).rust,
  scala: async () => (await clike()).scala,
  scss: async () => (await css()).sCSS,
  shell: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  sql: async () => (await import('@codemirror/legacy-modes/mode/sql')).standardSQL,
  swift: async () => (await import('@codemirror/legacy-modes/mode/swift')).swift,
  toml: async () => (await import('@codemirror/legacy-modes/mode/toml')).toml,
  typescript: async () => (await javascript()).typescript,
  xml: async () => (await xml()).xml,
  yaml: async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml,
}

const aliases: Readonly<Record<string, string>> = {
  bash: 'shell',
  cjs: 'javascript',
  clj: 'clojure',
  conf: 'properties',
  cpp: 'c++',
  cs: 'csharp',
  cxx: 'c++',
  docker: 'dockerfile',
  fish: 'shell',
  golang: 'go',
  h: 'c',
  hpp: 'c++',
  hs: 'haskell',
  ini: 'properties',
  js: 'javascript',
  json5: 'json',
  jsonc: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  mjs: 'javascript',
  mts: 'typescript',
  patch: 'diff',
  pl: 'perl',
  ps1: 'powershell',
  proto: 'protobuf',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shell',
  svg: 'xml',
  ts: 'typescript',
  tsx: 'typescript',
  yml: 'yaml',
  zsh: 'shell',
}

/** The name of a language that can be highlighted, by any of its names. */
export function languageOf(name: string): string | undefined {
  const lower = name.toLowerCase()
  const language = Object.hasOwn(aliases, lower) ? aliases[lower]! : lower
  return Object.hasOwn(loads, language) ? language : undefined
}

export function loadLanguage(language: string): Promise<StreamParser<unknown>> {
  return loads[language]!()
}
