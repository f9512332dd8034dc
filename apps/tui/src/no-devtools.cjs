'use strict'
// Stands in for React's devtools, which a released program does not carry; Ink asks for them only when DEV is set.
module.exports = {}
