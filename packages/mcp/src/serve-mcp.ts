import type {Transport} from '@modelcontextprotocol/server'
import {serveStdio} from '@modelcontextprotocol/server/stdio'

import {createMcpServer, type McpServerOptions} from './create-mcp-server.ts'

export interface ServeMcpOptions extends McpServerOptions {
  /** @default stdin and stdout of this process */
  transport?: Transport
  /** Receives what the peer sent that is no message of the protocol, and failures of the connection. */
  onError?: (error: Error) => void
}

/** Serves one client of the Model Context Protocol, of its revisions from 2024-11-05 to 2026-07-28. Sessions run on when it ends. */
export function serveMcp({transport, onError, ...options}: ServeMcpOptions): {close(): Promise<void>} {
  return serveStdio(() => createMcpServer(options), {
    ...(transport !== undefined && {transport}),
    ...(onError !== undefined && {onerror: onError}),
  })
}
