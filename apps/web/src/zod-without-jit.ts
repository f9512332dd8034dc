import {config} from 'zod/mini'

/** The policy of the page forbids code from text: zod would try it first, which a browser reports. */
config({jitless: true})
