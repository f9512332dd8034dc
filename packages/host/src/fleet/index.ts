/** What a host in a fleet loads, and no other one: it imports the client of NATS. */
export {createSessionFleet} from './session-fleet.ts'
export {labelsFor, startInFleet} from './start-in-fleet.ts'
