import { flushPromises, mount } from '@vue/test-utils'
import { createMemoryHistory, createRouter } from 'vue-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import SearchBox from './SearchBox.vue'

const empty = { template: '<i />' }
const found = {
  operators: [{ id: '1', name: '柳汀麦香拉面', kind: 'small_restaurant', place: null }],
  records: [{ id: '9', record_no: 'LT-20261014-7A01', operator_name: '柳汀麦香拉面', day: '2026-10-14', state_text: '待审' }],
  inspectors: [],
}

function box() {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: empty }, { path: '/operators/:id', name: 'operator', component: empty },
      { path: '/records/:id', name: 'record', component: empty }, { path: '/records', name: 'records', component: empty },
    ],
  })
  return { router, wrapper: mount(SearchBox, { global: { plugins: [router] }, attachTo: document.body }) }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a slash comes here from anywhere, arrows choose, Enter goes', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(found)))
  const { router, wrapper } = box()
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))
  const field = wrapper.get('[data-testid="find"]')
  expect(document.activeElement).toBe(field.element)
  await field.setValue('麦香')
  await vi.advanceTimersByTimeAsync(200)
  await flushPromises()
  expect(wrapper.get('[aria-selected="true"]').text()).toContain('柳汀麦香拉面')
  await field.trigger('keydown', { key: 'ArrowDown' })
  expect(field.attributes('aria-activedescendant')).toBe('hit-r-9')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/records/9')
  wrapper.unmount()
})

test('an answer that was overtaken by a later question is not shown', async () => {
  const answers: ((value: Response) => void)[] = []
  vi.stubGlobal('fetch', () => new Promise<Response>((give) => answers.push(give)))
  const { wrapper } = box()
  const field = wrapper.get('[data-testid="find"]')
  await field.setValue('麦')
  await vi.advanceTimersByTimeAsync(200)
  await field.setValue('没有这家')
  await vi.advanceTimersByTimeAsync(200)
  answers[1]?.(new Response(JSON.stringify({ operators: [], records: [], inspectors: [] })))
  await flushPromises()
  answers[0]?.(new Response(JSON.stringify(found)))
  await flushPromises()
  expect(wrapper.find('[role="option"]').exists()).toBe(false)
  expect(wrapper.get('[data-testid="found"]').text()).toContain('没有找到')
  wrapper.unmount()
})

test('the question is gone on the next page', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(found)))
  const { router, wrapper } = box()
  const field = wrapper.get<HTMLInputElement>('[data-testid="find"]')
  await field.setValue('麦香')
  await field.trigger('keydown', { key: 'Escape' })
  expect(field.element.value).toBe('麦香')
  await router.push('/records')
  await flushPromises()
  expect(field.element.value).toBe('')
  wrapper.unmount()
})
