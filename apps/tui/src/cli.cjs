#!/usr/bin/env node
'use strict'
// The door of every process of Holdfast. It must be readable for the oldest Node, so that a person who has one is
// helped, not shown a syntax error: no syntax in here that is younger than ES5. Built to dist/cli.js.

var needed = 24

if (parseInt(process.versions.node, 10) >= needed) {
  // Compiled code is kept between starts; the first frame comes sooner.
  require('module').enableCompileCache()
  require('./enter.cjs')
} else {
  runOnShippedNode()
}

function runOnShippedNode() {
  var shipped = findShippedNode()
  if (!shipped) {
    process.stderr.write(
      'holdfast needs Node ' +
        needed +
        ' or newer, this is Node ' +
        process.versions.node +
        ': install it from nodejs.org\n',
    )
    process.exit(1)
  }
  var child = require('child_process').spawn(shipped, [__filename].concat(process.argv.slice(2)), {stdio: 'inherit'})
  child.on('error', function (error) {
    process.stderr.write('holdfast could not start the Node that it ships: ' + error.message + '\n')
    process.exit(1)
  })
  // Signals are for the child; this process only waits for it and ends as it ends.
  ;['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].forEach(function (name) {
    process.on(name, function () {
      child.kill(name)
    })
  })
  child.on('exit', function (code, signal) {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else {
      process.exit(code === null ? 1 : code)
    }
  })
}

function findShippedNode() {
  try {
    return require.resolve('node-' + process.platform + '-' + process.arch + '/bin/node')
  } catch (_notInstalled) {
    return undefined
  }
}
