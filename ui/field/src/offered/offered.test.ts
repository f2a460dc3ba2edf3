import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import { router } from '../router.ts'
import { useSession } from '../session/session.ts'
import TodayPage from '../today/TodayPage.vue'
import OfferedPage from './OfferedPage.vue'

let shown: VueWrapper
let backend: MemoryBackend

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => shown.unmount())

async function page(component: typeof OfferedPage, offered: boolean) {
  backend = memoryBackend({ offered })
  setBackend(backend)
  await backend.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  await useSession().load()
  await router.replace('/offered')
  shown = mount(component, { global: { plugins: [router] }, attachTo: document.body })
  await flushPromises()
}
/** The sheet hangs at the end of the document, outside the page. */
const control = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
async function tap(id: string) {
  control(id)!.click()
  await flushPromises()
}
const taken = () => backend.sent.flatMap((sent) => (sent.cmd === 'take_over_draft' ? [sent.inspection] : []))

test('今日 names drafts of today’s people on another phone, and says nothing when there are none', async () => {
  await page(TodayPage, true)
  expect(control('today-offered')!.textContent).toContain('1 份草稿可接续')
  shown.unmount()
  await page(TodayPage, false)
  expect(control('today-offered')).toBeNull()
})

test('one’s own goes on with one tap, on its checklist', async () => {
  await page(OfferedPage, true)
  expect(control('offered-off-o3')!.textContent).toContain('查到 15/32')
  await tap('offered-take-off-o3')
  expect(taken()).toEqual(['off-o3'])
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/inspections/off-o3/checklist'), 10_000)
})

test('a colleague’s is asked for once more, with his name', async () => {
  await page(OfferedPage, true)
  await tap('offered-take-off-o4')
  expect(taken()).toEqual([])
  expect(control('offered-sheet')!.textContent).toContain('检查员丙')
  await tap('offered-sure')
  expect(taken()).toEqual(['off-o4'])
})

test('what was not taken over says why and stays on the list', async () => {
  await page(OfferedPage, true)
  backend.failNext('unreachable')
  await tap('offered-take-off-o3')
  expect(router.currentRoute.value.path).toBe('/offered')
  expect(control('offered-off-o3')).not.toBeNull()
})

test('an empty list says so', async () => {
  await page(OfferedPage, false)
  expect(document.body.textContent).toContain('没有可接续的草稿')
})
