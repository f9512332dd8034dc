/** The child process of a measurement. Argument: the contender. */
import {loadContender} from './contenders.ts'

await (await loadContender(process.argv[2])).serve()
