import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { said } from '../parts/said.ts'
import { router } from '../router.ts'
import { openWhereLeft } from '../session/restore.ts'
import { useSession } from '../session/session.ts'
import NewerPage from './NewerPage.vue'

beforeEach(() => setActivePinia(createPinia()))

test('data of a newer program open one page, which says how far the sending is', async () => {
  setBackend(memoryBackend({ scene: 'newer' }))
  await openWhereLeft(router)
  expect(router.currentRoute.value.path).toBe('/newer')
  expect(said.value).toBe('')
  const shown = mount(NewerPage, { global: { plugins: [router] } })
  const text = () => shown.text()
  expect(text()).toContain('没交的 5 条，已交 2 条')
  expect(text()).toContain('没有信号')
  useSession().newer = { found: 5, received: 5, done: true, problem: '' }
  await flushPromises()
  expect(text()).toContain('没交的 5 条已全部交到服务器')
  useSession().newer = { found: 0, received: 0, done: true, problem: '' }
  await flushPromises()
  expect(text()).toContain('没有没交的')
})

test('after the upgrade the page leads back to where the work was', async () => {
  setBackend(memoryBackend({ scene: 'newer' }))
  await openWhereLeft(router)
  const shown = mount(NewerPage, { global: { plugins: [router] } })
  setBackend(memoryBackend({}))
  await shown.get('[data-testid="newer-again"]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/today')
  expect(useSession().newer).toBeNull()
})
