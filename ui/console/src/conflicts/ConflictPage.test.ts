import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ConflictList } from '../backend/types.ts'
import { conflictCases } from '../gallery/sample.ts'
import { useLive } from '../shell/live.ts'
import ConflictPage from './ConflictPage.vue'

// A style sheet is no script outside the browser.
vi.mock('element-plus/es/components/input/style/css', () => ({}))
vi.mock('element-plus/es/components/option/style/css', () => ({}))
vi.mock('element-plus/es/components/select/style/css', () => ({}))

let list: ConflictList
let refusal: { code: string; title: string } | null
const sent: unknown[] = []

beforeEach(() => {
  sent.length = 0
  refusal = null
  list = { rows: conflictCases, may_resolve: true }
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (path.endsWith('/resolve')) {
      const body = JSON.parse(String(init?.body)) as { value: unknown }
      sent.push(body)
      if (refusal) return new Response(JSON.stringify(refusal), { status: 409 })
      list = { ...list, rows: list.rows.slice(1) }
      return new Response(JSON.stringify({ value: body.value }))
    }
    return new Response(JSON.stringify(list))
  })
})

async function open() {
  const empty = { template: '<i />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: empty }, { path: '/operators/:id', name: 'operator', component: empty }, { path: '/records/:id', name: 'record', component: empty }],
  })
  const wrapper = mount(ConflictPage, { global: { plugins: [createPinia(), router] }, attachTo: document.body })
  await flushPromises()
  return wrapper
}

async function press(key: string) {
  const at = document.activeElement ?? document.body
  at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}

const [phone] = conflictCases
const asked = { operator: 'o1', field: 'phone', conflicts: ['k1'], seen: '13900000002' }

test('1 chooses, D decides what stood on the page, and the next one follows', async () => {
  const wrapper = await open()
  await press('d')
  expect(sent).toEqual([])
  await press('1')
  await press('d')
  expect(sent).toEqual([{ ...asked, value: '13900000001', reason: '' }])
  expect(wrapper.get('[data-testid="done"]').text()).toContain('电话已定为“13900000001”')
  expect(wrapper.get('[data-testid="conflict-panel"]').text()).toContain('食品摊点信息公示卡')
  wrapper.unmount()
})

test('a value of one\'s own waits for its reason', async () => {
  const wrapper = await open()
  await press('0')
  const decide = wrapper.get<HTMLButtonElement>('[data-testid="decide"]')
  await wrapper.get('[data-testid="own-text"]').setValue('13700000003')
  expect(decide.element.disabled).toBe(true)
  expect(wrapper.get('[data-testid="conflict-lacks"]').text()).toBe('另填的值须写明理由')
  await wrapper.get('[data-testid="conflict-reason"]').setValue('两个都是旧号')
  await decide.trigger('click')
  await flushPromises()
  expect(sent).toEqual([{ ...asked, value: '13700000003', reason: '两个都是旧号' }])
  wrapper.unmount()
})

test('a refusal is said in the sentence of the server, and what was chosen stays', async () => {
  refusal = { code: 'stale', title: '这一项在打开之后又有人改过，刚才的裁定没有写入；请看过新的值再定' }
  const wrapper = await open()
  await press('2')
  await press('d')
  expect(wrapper.get('[data-testid="error"]').text()).toContain('打开之后又有人改过')
  expect(wrapper.get('[data-testid="value-2"]').attributes('aria-pressed')).toBe('true')
  wrapper.unmount()
})

test('what arrives waits until it is taken in; then a choice about a changed field begins anew', async () => {
  const wrapper = await open()
  await press('1')
  list = { ...list, rows: [{ ...phone!, now: '13900000009' }, ...list.rows.slice(1)] }
  const live = useLive()
  live.change = 1
  await flushPromises()
  live.change = 2
  await flushPromises()
  expect(wrapper.get('[data-testid="value-1"]').attributes('aria-pressed')).toBe('true')
  await press('n')
  expect(wrapper.get('[data-testid="value-1"]').attributes('aria-pressed')).toBe('false')
  wrapper.unmount()
})

test('who may not decide sees the values and no way to choose; nothing to decide says so', async () => {
  list = { rows: conflictCases, may_resolve: false }
  const wrapper = await open()
  await press('1')
  expect(wrapper.find('[data-testid="decide"]').exists()).toBe(false)
  expect(wrapper.get('[data-testid="conflict-why-not"]').text()).toContain('所长或县局')
  wrapper.unmount()
  list = { rows: [], may_resolve: true }
  const nothing = await open()
  expect(nothing.get('[data-testid="conflicts-empty"]').text()).toContain('没有冲突')
  nothing.unmount()
})
