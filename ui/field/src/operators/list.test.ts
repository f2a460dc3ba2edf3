import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { PAGE_ROWS } from '../parts/pages.ts'
import { useOperatorList } from './list.ts'

const rows = 20_000
let backend: ReturnType<typeof memoryBackend>

beforeEach(() => {
  setActivePinia(createPinia())
  backend = memoryBackend({ rows })
  setBackend(backend)
})
const offsets = (): number[] => backend.sent.flatMap((each) => (each.cmd === 'operators' ? [each.offset] : []))

test('of 20,000 rows only the pages that are looked at are read, each once', async () => {
  const list = useOperatorList()
  await list.search()
  expect(list.total).toBe(rows)
  list.lookedAt(0, 12)
  list.lookedAt(15_003, 15_012)
  list.lookedAt(15_003, 15_012)
  await vi.waitFor(() => expect(list.at(15_003)).toBeDefined())
  expect(offsets()).toEqual([0, 15_000])
  expect(list.at(9_000)).toBeUndefined()
  expect(list.at(PAGE_ROWS - 1)?.id).not.toBe(list.at(15_003)?.id)
})

test('rows of an older question never stand among those of a newer one', async () => {
  const list = useOperatorList()
  const release = backend.hold()
  const first = list.search()
  list.query = '老井豆腐坊'
  const second = list.search()
  release()
  await Promise.all([first, second])
  expect(list.total).toBeGreaterThan(0)
  expect(list.at(0)?.name).toContain('老井豆腐坊')
})

test('a page that failed is asked for again', async () => {
  const list = useOperatorList()
  await list.search()
  backend.failNext('no_answer')
  list.lookedAt(100, 110)
  await vi.waitFor(() => expect(list.problem).not.toBe(''))
  list.lookedAt(100, 110)
  await vi.waitFor(() => expect(list.at(105)).toBeDefined())
  expect(list.problem).toBe('')
})

test('on nine keys digits are initials', async () => {
  const list = useOperatorList()
  list.keypad = true
  list.query = '452'
  await list.search()
  expect(list.at(0)?.name).toContain('禾记')
  expect(list.nextKeys).toContain('9')
})
