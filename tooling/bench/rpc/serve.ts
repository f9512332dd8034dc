/** The child process of a measurement. Arguments: `rpc` or `serve`, the contender. */
import {loadContender} from './contenders.ts'

await (await loadContender(process.argv[2], process.argv[3])).serve()
