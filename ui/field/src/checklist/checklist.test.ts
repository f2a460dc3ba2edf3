import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import { said, hush } from '../parts/said.ts'
import { useSession } from '../session/session.ts'
import ChecklistPage from './ChecklistPage.vue'

let memory: MemoryBackend
let page: VueWrapper

beforeEach(async () => {
  class Observer {
    observe(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal('IntersectionObserver', Observer)
  setActivePinia(createPinia())
  hush()
  memory = memoryBackend()
  setBackend(memory)
  await memory.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  const draft = await memory.call({ cmd: 'start_inspection', operator: 'o1' })
  await useSession().load()
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: ChecklistPage }] })
  await router.push(`/inspections/${draft.id}/checklist`)
  page = mount(ChecklistPage, { props: { id: draft.id }, global: { plugins: [router] } })
  await flushPromises()
})

const key = (name: string) => page.get(`[data-testid="${name}"]`)
const pressed = (name: string) => key(name).attributes('aria-pressed')

test('a key shows its answer only after the commit', async () => {
  const release = memory.hold()
  await key('answer-pass-CY1.1').trigger('click')
  expect(pressed('answer-pass-CY1.1')).toBe('false')
  expect(key('answer-pass-CY1.1').attributes('aria-busy')).toBe('true')
  release()
  await flushPromises()
  expect(pressed('answer-pass-CY1.1')).toBe('true')
  expect(key('answer-pass-CY1.1').attributes('aria-busy')).toBe('false')
})

test('a failed commit leaves the old answer and says why', async () => {
  await key('answer-pass-CY1.1').trigger('click')
  await flushPromises()
  memory.failNext('disk_full')
  await key('answer-fail-CY1.1').trigger('click')
  await flushPromises()
  expect(pressed('answer-pass-CY1.1')).toBe('true')
  expect(pressed('answer-fail-CY1.1')).toBe('false')
  expect(said.value).toContain('存储空间已满')
})

test('every tap is a commit of its own, in order', async () => {
  for (const answer of ['pass', 'fail', 'na']) void key(`answer-${answer}-CY1.1`).trigger('click')
  await flushPromises()
  const sent = memory.sent.filter((each) => each.cmd === 'answer').map((each) => each.cmd === 'answer' && each.answer)
  expect(sent).toEqual(['pass', 'fail', 'not_applicable'])
  expect(pressed('answer-na-CY1.1')).toBe('true')
})

test('a failed item unfolds with its default measure, and a phrase writes the problem', async () => {
  expect(page.find('[data-testid="finding-CY1.1"]').exists()).toBe(false)
  await key('answer-fail-CY1.1').trigger('click')
  await flushPromises()
  expect(pressed('measure-CY1.1-deadline')).toBe('true')
  expect(key('deadline-CY1.1').text()).toBe('10 月 21 日 周三')
  await key('phrase-CY1.1-0').trigger('click')
  await flushPromises()
  const problem = key('problem-CY1.1').element as HTMLTextAreaElement
  expect(problem.value).toBe(key('phrase-CY1.1-0').text())
  expect(pressed('phrase-CY1.1-0')).toBe('true')
})

test('未检查 stands behind 更多 and asks for its reason', async () => {
  expect(page.find('[data-testid="answer-unchecked-CY1.2"]').exists()).toBe(false)
  await key('answer-more-CY1.2').trigger('click')
  await key('answer-unchecked-CY1.2').trigger('click')
  await flushPromises()
  expect(key('item-CY1.2').attributes('data-answer')).toBe('unchecked')
  expect(key('item-CY1.2').text()).toContain('未检查的原因')
})

test('the card is remembered, so that a killed app opens at it', async () => {
  await key('answer-pass-CY2.1').trigger('click')
  await flushPromises()
  expect(memory.sent.filter((each) => each.cmd === 'save_page')).toContainEqual({
    cmd: 'save_page',
    route: '/inspections/d1/checklist?at=CY2.1',
  })
})

test('a photo is expected on the disk before its bytes are handed over', async () => {
  const send = vi.spyOn(memory, 'sendPhoto')
  const input = key('camera-CY1.1-file').element as HTMLInputElement
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg')] })
  await key('camera-CY1.1-file').trigger('change')
  await flushPromises()
  expect(memory.sent.some((each) => each.cmd === 'expect_photo')).toBe(true)
  expect(send).toHaveBeenCalledWith('ph1', expect.anything(), false)
  expect(page.findAll('[data-testid="photo-view-ph1"]')).toHaveLength(1)
})
