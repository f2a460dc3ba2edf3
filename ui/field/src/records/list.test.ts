import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { PAGE_ROWS } from '../parts/pages.ts'
import { router } from '../router.ts'
import RecordsPage from './RecordsPage.vue'
import { useRecordList } from './list.ts'

const records = 2_000
let backend: ReturnType<typeof memoryBackend>

beforeEach(() => {
  setActivePinia(createPinia())
  backend = memoryBackend({ records })
  setBackend(backend)
})
const asked = (): (number | string)[][] => backend.sent.flatMap((each) => (each.cmd === 'records' ? [[each.filter, each.limit, each.offset]] : []))

async function page() {
  await router.replace('/records')
  const mounted = mount(RecordsPage, { global: { plugins: [router] } })
  await flushPromises()
  return mounted
}

test('of 2,000 records one page is read and a screen of rows is drawn', async () => {
  const mounted = await page()
  expect(mounted.text()).toContain('份')
  expect(asked()).toEqual([['all', PAGE_ROWS, 0]])
  const rows = mounted.findAll('[data-testid^="record-row-"]')
  expect(rows.length).toBeGreaterThan(5)
  expect(rows.length).toBeLessThan(PAGE_ROWS)
  mounted.unmount()
})

test('the oldest record is reached, and no page between is read', async () => {
  const list = useRecordList()
  await list.search()
  list.lookedAt(list.total - 2, list.total)
  await flushPromises()
  expect(list.at(list.total - 1)?.id).toBe(`older${records - 1}`)
  expect(asked()).toHaveLength(2)
})

test('another filter begins at its first page', async () => {
  const mounted = await page()
  await mounted.get('[data-testid="filter-returned"]').trigger('click')
  await flushPromises()
  expect(asked()[asked().length - 1]).toEqual(['returned', PAGE_ROWS, 0])
  expect(mounted.findAll('[data-testid^="record-row-"]')).toHaveLength(1)
  await mounted.get('[data-testid="filter-unsent"]').trigger('click')
  await flushPromises()
  expect(mounted.text()).toContain('没有待交的记录')
  mounted.unmount()
})
