/** Prints each text that comes from a socket, a line of JSON each, and answers with the moment before that. Argument: the socket. */
import {writeSync} from 'node:fs'
import {connect} from 'node:net'
import {createInterface} from 'node:readline'

const socket = connect(process.argv[2]!)
for await (const line of createInterface(socket)) {
  const text = JSON.parse(line) as string
  const at = process.hrtime.bigint()
  writeSync(1, text)
  socket.write(`${at}\n`)
}
