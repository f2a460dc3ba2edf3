import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import { router } from '../router.ts'
import { useSession } from '../session/session.ts'
import TodayPage from '../today/TodayPage.vue'
import TrayPage from './TrayPage.vue'

let shown: VueWrapper
let backend: MemoryBackend

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => shown.unmount())

async function page(component: typeof TrayPage, lost: number, drafts: string[]) {
  backend = memoryBackend({ lost })
  setBackend(backend)
  await backend.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  for (const operator of drafts) await backend.call({ cmd: 'start_inspection', operator })
  await useSession().load()
  await router.replace('/tray')
  shown = mount(component, { global: { plugins: [router] }, attachTo: document.body })
  await flushPromises()
}
/** The sheet hangs at the end of the document, outside the page. */
const control = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
async function tap(id: string) {
  control(id)!.click()
  await flushPromises()
}

test('今日 names found photos, and says nothing when there are none', async () => {
  await page(TodayPage, 2, [])
  expect(control('today-tray')!.textContent).toContain('2 张照片待归位')
  shown.unmount()
  await page(TodayPage, 0, [])
  expect(control('today-tray')).toBeNull()
})

test('with one inspection in work two taps put a photo in its place', async () => {
  await page(TrayPage, 2, ['o1'])
  await tap('tray-place-found1')
  await tap('place-storefront')
  const [draft] = [...backend.drafts.values()]
  expect(draft!.photos.map((each) => [each.id, each.purpose.kind])).toEqual([['found1', 'storefront']])
  expect(control('tray-found1')).toBeNull()
  expect(control('tray-found2')).not.toBeNull()
})

test('with several in work the inspection is asked for, never guessed', async () => {
  await page(TrayPage, 1, ['o1', 'o2'])
  await tap('tray-place-found1')
  expect(control('place-storefront')).toBeNull()
  const [, second] = [...backend.drafts.values()]
  await tap(`place-draft-${second!.id}`)
  await tap('place-licence')
  expect(second!.photos).toHaveLength(1)
})

test('without an inspection in work the photo stays, and it is said how to go on', async () => {
  await page(TrayPage, 1, [])
  await tap('tray-place-found1')
  expect(control('place-none')!.textContent).toContain('照片留在这里')
})

test('a photo that is not wanted can be taken back', async () => {
  await page(TrayPage, 1, [])
  await tap('tray-drop-found1')
  expect(control('tray-found1')).toBeNull()
  await tap('undo')
  expect(control('tray-found1')).not.toBeNull()
})
