import {once} from 'node:events'
import {request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders} from 'node:http'
import {request as httpsRequest} from 'node:https'
import {text} from 'node:stream/consumers'

import {WebSocket} from 'ws'

import {selfSigned} from '../../../../tooling/vitest/self-signed.ts'

export interface Answer {
  status: number | undefined
  headers: IncomingMessage['headers']
  /** The JSON of the answer, or its text. */
  body: unknown
}

/** A WebSocket that has opened. */
export interface BrowserSocket {
  /** Sends a request and resolves with its response. */
  request(method: string, params?: object): Promise<{result?: unknown; error?: {code: number; message: string}}>
  /** The reason with which the server closed it. */
  readonly closed: Promise<string>
}

/** Sends what a browser sends that shows a page of the server, to the byte. */
export interface Browser {
  readonly origin: string
  /** `headers` go before those of the page, such as `origin`. */
  ask(method: 'GET' | 'POST', path: string, body?: object, headers?: OutgoingHttpHeaders): Promise<Answer>
  /** Pairs with a code; the cookie goes with all that follows. */
  pair(code: string, name: string): Promise<Answer>
  /** Resolves with the status of the answer if the server refuses the WebSocket. */
  connect(headers?: OutgoingHttpHeaders): Promise<BrowserSocket | number>
}

/** `url`: of a `holdfast serve`, `ws://…` or `wss://…`. */
export function createBrowser(url: string): Browser {
  const origin = url.replace(/^ws/, 'http')
  const ca = selfSigned.cert
  const cookies: {cookie?: string} = {}
  let nextId = 1
  const browser: Browser = {
    origin,
    async ask(method, path, body, headers = {}) {
      const send = origin.startsWith('https') ? httpsRequest : httpRequest
      const own = method === 'POST' ? {origin, 'content-type': 'application/json'} : {}
      const options = {method, headers: {...own, ...cookies, ...headers}, ca, agent: false}
      const request = send(`${origin}${path}`, options).end(body && JSON.stringify(body))
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const answer = await text(response)
      const isJson = response.headers['content-type'] === 'application/json'
      return {
        status: response.statusCode,
        headers: response.headers,
        body: isJson ? (JSON.parse(answer) as unknown) : answer,
      }
    },
    async pair(code, name) {
      const answer = await browser.ask('POST', '/pair', {code, name})
      const [cookie] = answer.headers['set-cookie']?.[0]?.split(';') ?? []
      if (cookie !== undefined) cookies.cookie = cookie
      return answer
    },
    async connect(headers = {}) {
      const all = {origin, ...cookies, ...headers} as Record<string, string>
      const webSocket = new WebSocket(url, {headers: all, ca})
      webSocket.on('error', () => {})
      const refused = once(webSocket, 'unexpected-response').then(([, response]) => {
        return (response as IncomingMessage).statusCode ?? 0
      })
      const opened = once(webSocket, 'open').then((): BrowserSocket => {
        const closed = once(webSocket, 'close').then(([, reason]) => String(reason))
        return {
          closed,
          async request(method, params = {}) {
            const id = nextId++
            webSocket.send(JSON.stringify({jsonrpc: '2.0', id, method, params}))
            return await new Promise((resolve) => {
              const take = (data: unknown) => {
                const message = JSON.parse(String(data)) as {id?: number; result?: unknown}
                if (message.id !== id) return
                webSocket.off('message', take)
                resolve(message)
              }
              webSocket.on('message', take)
            })
          },
        }
      })
      return await Promise.race([refused, opened])
    },
  }
  return browser
}
