import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import type { Scene } from '../backend/memory/scenes.ts'
import { useSession } from '../session/session.ts'
import { useRecordList } from '../records/list.ts'
import { router } from '../router.ts'
import TodayPage from './TodayPage.vue'
import { newsFirst } from './markets.ts'

beforeEach(() => setActivePinia(createPinia()))

async function page(scene: Partial<Scene>) {
  setBackend(memoryBackend(scene))
  await useSession().load()
  await router.replace('/today')
  const mounted = mount(TodayPage, { global: { plugins: [router] } })
  await flushPromises()
  return mounted
}

test('what is pressing stands first, with its reason in words', async () => {
  const today = await page({})
  expect(today.get('[data-testid="market-today"]').text()).toBe('柳汀大集')
  expect(today.get('.days .on').text()).toContain('今天')
  expect(today.get('[data-testid="visit-next-o1"]').text()).toContain('逾期未改 1')
  expect(today.get('[data-testid="returned-r2"]').text()).toContain('3.4 照片看不清')
  expect(today.get('[data-testid="today-ready"]').text()).toContain('检查员乙执法证剩 12 天')
})

test('an empty county and a file that cannot be read are said, and the page asks again', async () => {
  expect((await page({ scene: 'empty' })).text()).toContain('今天不逢集')
  const failing = await page({ scene: 'failing' })
  expect(failing.get('[data-testid="page-problem"]').text()).toContain('数据没有丢失')
  await failing.get('[data-testid="page-again"]').trigger('click')
  await flushPromises()
  expect(failing.find('[data-testid="page-problem"]').exists()).toBe(true)
})

test('a market that is held every day stands behind the one that is news', () => {
  const market = (name: string, text: string) => ({ id: name, name, text })
  const all = [market('南荡早市', '每日'), market('柳汀大集', '农历逢五、逢十')]
  expect(newsFirst(all).map((each) => each.name)).toEqual(['柳汀大集', '南荡早市'])
})

test('more came back than the page lists: all of them are one tap away', async () => {
  expect((await page({})).find('[data-testid="returned-more"]').exists()).toBe(false)
  const today = await page({ records: 40 })
  const more = today.get('[data-testid="returned-more"]')
  expect(more.text()).toContain('共 41 份')
  await more.trigger('click')
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/records'), 10_000)
  expect(useRecordList().chosen).toBe('returned')
})
