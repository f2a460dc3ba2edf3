import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { beforeEach, expect, test, vi } from 'vitest'
import { heldRows } from '../gallery/sample.ts'
import HeldPage from './HeldPage.vue'

// A style sheet is no script outside the browser.
vi.mock('element-plus/es/components/input/style/css', () => ({}))

const sent: { path: string; body: unknown }[] = []
let open = heldRows.slice(0, 2)
let may = true

beforeEach(() => {
  sent.length = 0
  open = heldRows.slice(0, 2)
  may = true
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (init?.method !== 'POST') {
      const rows = path.includes('closed') ? heldRows.slice(2) : open
      return new Response(JSON.stringify({ rows, waiting: open.length, may_settle: may }))
    }
    const body = JSON.parse(String(init.body)) as { decision?: string }
    sent.push({ path, body })
    if (!body.decision) return new Response(JSON.stringify({ verdict: 'quarantined', sentence: '还不能入账：交来的手机已停用' }))
    open = open.slice(1)
    return new Response(JSON.stringify({ verdict: 'applied', sentence: '已入账，手机下次同步后更新' }))
  })
})

async function page() {
  const empty = { template: '<i />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: empty }, { path: '/operators/:id', name: 'operator', component: empty }, { path: '/records/:id', name: 'record', component: empty }],
  })
  const wrapper = mount(HeldPage, { global: { plugins: [createPinia(), router] }, attachTo: document.body })
  await flushPromises()
  return wrapper
}

test('T tries again and says what became of it; the row stays', async () => {
  const wrapper = await page()
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true, cancelable: true }))
  await flushPromises()
  expect(sent).toEqual([{ path: '/api/console/held/h1/retry', body: {} }])
  expect(wrapper.get('[data-testid="done"]').text()).toContain('还不能入账：交来的手机已停用')
  expect(wrapper.find('[data-testid="held-h1"]').exists()).toBe(true)
  wrapper.unmount()
})

test('nothing is accepted or closed without a reason', async () => {
  const wrapper = await page()
  const accept = wrapper.get<HTMLButtonElement>('[data-testid="held-accept"]')
  expect(accept.element.disabled).toBe(true)
  expect(wrapper.get<HTMLButtonElement>('[data-testid="held-close"]').element.disabled).toBe(true)
  await wrapper.get('[data-testid="held-why"]').setValue('问过本人，是停用前做的')
  await accept.trigger('click')
  await flushPromises()
  expect(sent).toEqual([{ path: '/api/console/held/h1/settle', body: { decision: 'accepted', reason: '问过本人，是停用前做的' } }])
  expect(wrapper.get('[data-testid="held-count"]').text()).toBe('1')
  expect(wrapper.get('[data-testid="held-waits"]').text()).toContain('到了自动入账')
  expect(wrapper.find('[data-testid="held-accept"]').exists()).toBe(false)
  wrapper.unmount()
})

test('what was settled says by whom and why, and offers nothing', async () => {
  const wrapper = await page()
  await wrapper.get('[data-testid="held-settled"]').trigger('click')
  await flushPromises()
  expect(wrapper.get('[data-testid="held-closed"]').text()).toContain('所长甲')
  expect(wrapper.find('[data-testid="held-close"]').exists()).toBe(false)
  wrapper.unmount()
})

test('nothing waits', async () => {
  open = []
  const wrapper = await page()
  expect(wrapper.get('[data-testid="held-empty"]').text()).toBe('手机交来的都入账了')
  wrapper.unmount()
})
