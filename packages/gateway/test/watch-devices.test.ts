import type {AccessStore, Device} from '@holdfast/access'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {watchDevices} from '../src/http/watch-devices.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the devices are read while one is connected, and not at rest', () => {
  const devices = vi.fn(() => [{id: 1}] as Device[])
  const connections = watchDevices({devices} as unknown as AccessStore, () => {})
  expect(vi.getTimerCount()).toBe(0)
  const [one, other] = [connections.add(1, vi.fn()), connections.add(1, vi.fn())]
  vi.advanceTimersByTime(1000)
  expect(devices).toHaveBeenCalledTimes(2)
  one()
  expect(vi.getTimerCount()).toBe(1)
  other()
  expect(vi.getTimerCount()).toBe(0)
})

test('where the devices cannot be read, that is reported, and the connections end after 10 s of that', () => {
  const devices = vi.fn((): Device[] => {
    throw new Error('disk I/O error')
  })
  const [end, onFault] = [vi.fn(), vi.fn()]
  const connections = watchDevices({devices} as unknown as AccessStore, onFault)
  const forget = connections.add(1, end)
  vi.advanceTimersByTime(500)
  expect(onFault).toHaveBeenCalledWith(expect.objectContaining({message: 'disk I/O error'}))
  vi.advanceTimersByTime(9000)
  expect(end).not.toHaveBeenCalled()
  vi.advanceTimersByTime(500)
  expect(end).toHaveBeenCalledWith('the server cannot read which devices may connect')
  forget()
})
