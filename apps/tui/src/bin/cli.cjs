#!/usr/bin/env node
'use strict'
// Where every process of Holdfast starts. A Node that is too old must be able to read this file, so that it can start the
// right one or say what is missing: no syntax that is younger than ES5.

var oldest = 24

if (parseInt(process.versions.node, 10) >= oldest) require('./start.cjs')
else startShippedNode()

function startShippedNode() {
  var shipped = findShippedNode()
  if (!shipped) {
    process.stderr.write(
      'holdfast needs Node ' +
        oldest +
        ' or newer, this is Node ' +
        process.versions.node +
        ': install it from nodejs.org, or, on Linux, install holdfast again, which includes it for an older Node\n',
    )
    process.exit(1)
  }
  // The child reads this pipe, which the kernel closes when this process is gone, however it ends: see end-with-launcher.ts.
  process.env.HOLDFAST_LAUNCHER = '3'
  var stdio = ['inherit', 'inherit', 'inherit', 'pipe']
  var child
  // The child gets each signal, and this process ends as the child does. A signal that came before would end only this process.
  ;['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].forEach(function (name) {
    process.on(name, function () {
      child.kill(name)
    })
  })
  // As the child does: see `refuseDebugger`.
  process.on('SIGUSR1', function () {})
  child = require('child_process').spawn(shipped, [__filename].concat(process.argv.slice(2)), {stdio: stdio})
  child.on('error', function (error) {
    process.stderr.write('holdfast could not start the Node that it ships: ' + error.message + '\n')
    process.exit(1)
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
    return require.resolve('@holdfast/node-' + process.platform + '-' + process.arch + '/bin/node')
  } catch (_notInstalled) {
    return undefined
  }
}
