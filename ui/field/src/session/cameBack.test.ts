import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { followReturn, TOGETHER_MS } from './cameBack.ts'

let backend: ReturnType<typeof memoryBackend>
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  backend = memoryBackend()
  setBackend(backend)
  stop = followReturn()
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})
const told = (): unknown[] => [...backend.sent]

function turn(state: 'visible' | 'hidden'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

test.each([
  ['the net is back', () => window.dispatchEvent(new Event('online'))],
  ['the window has the focus', () => window.dispatchEvent(new Event('focus'))],
  ['the page shows again', () => turn('visible')],
])('%s: the core is told, and nothing is forced', async (_, happens) => {
  happens()
  await vi.advanceTimersByTimeAsync(TOGETHER_MS)
  expect(told()).toEqual([{ cmd: 'came_back' }])
})

test('a page that goes away says nothing', async () => {
  turn('hidden')
  await vi.advanceTimersByTimeAsync(10 * TOGETHER_MS)
  expect(told()).toEqual([])
})

test('what comes together is said once, what comes later once more', async () => {
  turn('visible')
  window.dispatchEvent(new Event('focus'))
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(TOGETHER_MS)
  expect(told()).toHaveLength(1)
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(TOGETHER_MS)
  expect(told()).toHaveLength(2)
})

test('a core that does not answer is no word to the person and no end of it', async () => {
  backend.failNext('no_answer')
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(TOGETHER_MS)
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(TOGETHER_MS)
  expect(told()).toHaveLength(2)
})
