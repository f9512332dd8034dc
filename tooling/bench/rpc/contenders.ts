import type {Contender} from './contender.ts'

/** Loaded one by one, so that no contender is in the process of another. */
export const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  baseline: async () => (await import('./contenders/baseline.ts')).baseline,
  'baseline, chunked': async () => (await import('./contenders/baseline.ts')).chunkedBaseline,
  holdfast: async () => (await import('./contenders/holdfast.ts')).holdfast,
  'vscode-jsonrpc': async () => (await import('./contenders/vscode-jsonrpc.ts')).vscodeJsonrpc,
  'mcp-sdk': async () => (await import('./contenders/mcp-sdk.ts')).mcpSdk,
  'acp-sdk': async () => (await import('./contenders/acp-sdk.ts')).acpSdk,
}

/** Those of `bench serve`, which speak over a WebSocket on loopback. */
export const webSocketContenders: Readonly<Record<string, () => Promise<Contender>>> = {
  'bare ws': async () => (await import('./contenders/bare-ws.ts')).bareWs,
  holdfast: async () => (await import('./contenders/holdfast-ws.ts')).holdfastWs,
}

/** `subject`: of the benchmark. */
export async function loadContender(subject = '', name = ''): Promise<Contender> {
  const ofSubject = subject === 'serve' ? webSocketContenders : contenders
  const load = ofSubject[name]
  if (!load) throw new Error(`Expected one of ${Object.keys(ofSubject).join(', ')}, got \`${name}\``)
  return load()
}
