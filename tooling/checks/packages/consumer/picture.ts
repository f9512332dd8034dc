import assert from 'node:assert/strict'

import {drawHtml, drawPng, drawSvg, type PictureScreen} from '@holdfast/picture'

const screen: PictureScreen = {cols: 10, rows: 2, lines: [{spans: [{text: 'a<b', cells: 3, color: '#ff0000'}]}]}
assert.match(drawSvg([{screen}], {title: 'A test', theme: 'light'}), /fill="#ff0000">a&lt;b<\/text>/)
assert.match(drawHtml(screen), /<span style="color:#ff0000">a&lt;b<\/span>/)
// 10 columns of 8.5 with margins of 17, two pixels for each.
assert.equal((await drawPng(screen)).readUInt32BE(16), 238)
