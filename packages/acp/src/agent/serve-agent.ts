import {CLIENT_METHODS} from '@agentclientprotocol/sdk'
import {type HandlerContext, RpcError, rpcErrorCodes} from '@holdfast/rpc'
import type * as z from 'zod'

import {describeIssues} from '../events/read-update.ts'
import {readTextFile} from '../files/read-text-file.ts'
import {FileRefused} from '../files/resolve-path.ts'
import {writeTextFile} from '../files/write-text-file.ts'
import type {Questions} from '../permissions/questions.ts'
import {
  permissionRequest,
  readFileRequest,
  terminalCommand,
  terminalRequest,
  writeFileRequest,
} from '../schema/agent-requests.ts'
import type {Diagnostics} from './diagnostics.ts'
import type {Terminals} from './terminals.ts'

/** What an agent may use. */
export interface Services {
  questions: Questions
  /** The folders of `fs/*`; without, the agent reads and writes files by itself. */
  folders: (() => readonly string[]) | undefined
  /** Called after a file was written. */
  fileWritten(path: string): void
  terminals: Terminals | undefined
  isOurSession(sessionId: string): boolean
}

type Serve = (params: unknown, context: HandlerContext) => Promise<unknown>

/** The handlers of the requests that an agent may send. */
export function serveAgent(services: Services, diagnostics: Diagnostics): Readonly<Record<string, Serve>> {
  const {questions, folders, fileWritten, terminals, isOurSession} = services

  function serve<Schema extends z.ZodType<{sessionId: string}>>(
    method: string,
    schema: Schema,
    use: (params: z.infer<Schema>, signal: AbortSignal) => Promise<unknown>,
  ): Record<string, Serve> {
    return {
      [method]: async (params, {signal}) => {
        const parsed = schema.safeParse(params)
        if (!parsed.success) throw refuse(method, describeIssues(parsed.error))
        if (!isOurSession(parsed.data.sessionId)) throw refuse(method, 'unknown session')
        try {
          return await use(parsed.data, signal)
        } catch (error) {
          throw error instanceof FileRefused ? refuse(method, error.message) : error
        }
      },
    }
  }

  function refuse(method: string, why: string): RpcError {
    diagnostics.report('request', `${method}: ${why}`)
    return new RpcError(rpcErrorCodes.invalidParams, why)
  }

  return {
    ...serve(CLIENT_METHODS.session_request_permission, permissionRequest, async (request, signal) => ({
      outcome: await questions.ask(request, signal),
    })),
    ...(folders && {
      ...serve(CLIENT_METHODS.fs_read_text_file, readFileRequest, async ({path, line, limit}) => ({
        content: await readTextFile(path, folders(), {line, limit}),
      })),
      ...serve(CLIENT_METHODS.fs_write_text_file, writeFileRequest, async ({path, content}) => {
        await writeTextFile(path, content, folders())
        fileWritten(path)
        return {}
      }),
    }),
    ...(terminals && {
      ...serve(CLIENT_METHODS.terminal_create, terminalCommand, async (command, signal) => ({
        terminalId: await terminals.create(command, signal),
      })),
      ...serve(CLIENT_METHODS.terminal_output, terminalRequest, ({terminalId}) => terminals.output(terminalId)),
      ...serve(CLIENT_METHODS.terminal_wait_for_exit, terminalRequest, ({terminalId}, signal) =>
        terminals.waitForExit(terminalId, signal),
      ),
      ...serve(CLIENT_METHODS.terminal_kill, terminalRequest, async ({terminalId}) => {
        await terminals.kill(terminalId)
        return {}
      }),
      ...serve(CLIENT_METHODS.terminal_release, terminalRequest, async ({terminalId}) => {
        await terminals.release(terminalId)
        return {}
      }),
    }),
  }
}
