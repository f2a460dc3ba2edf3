import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import { said, hush } from '../parts/said.ts'
import { useSession } from '../session/session.ts'
import ChecklistPage from './ChecklistPage.vue'

let memory: MemoryBackend
let page: VueWrapper
/** Elements that are watched, to say of one that it is on the screen. */
let watched: { element: Element; see: (share: number) => void }[]

async function open(allowed = false): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
  watched = []
  class Observer {
    call: (entries: { target: Element; intersectionRatio: number }[]) => void
    constructor(call: Observer['call']) {
      this.call = call
    }
    observe(element: Element): void {
      watched.push({ element, see: (share) => this.call([{ target: element, intersectionRatio: share }]) })
    }
    unobserve(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal('IntersectionObserver', Observer)
  setActivePinia(createPinia())
  hush()
  memory = memoryBackend()
  if (allowed) memory.allowSectionConfirm()
  setBackend(memory)
  await memory.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  await memory.call({ cmd: 'set_answer_way', way: 'dock' })
  const draft = await memory.call({ cmd: 'start_inspection', operator: 'o1' })
  await useSession().load()
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: ChecklistPage }] })
  await router.push(`/inspections/${draft.id}/checklist`)
  page = mount(ChecklistPage, { props: { id: draft.id }, global: { plugins: [router] } })
  await flushPromises()
}
beforeEach(() => open())
afterEach(() => {
  page.unmount()
  vi.useRealTimers()
})

const key = (name: string) => page.get(`[data-testid="${name}"]`)
const there = (name: string): boolean => page.find(`[data-testid="${name}"]`).exists()
const rows = () => memory.sent.filter((each) => each.cmd === 'answer')
async function press(name: string): Promise<void> {
  vi.advanceTimersByTime(1000)
  await key(name).trigger('click', { detail: 1 })
  await flushPromises()
}
async function hold(name: string, ms: number): Promise<void> {
  vi.advanceTimersByTime(1000)
  const at = key(name)
  await at.trigger('pointerdown', { button: 0 })
  vi.advanceTimersByTime(ms)
  await flushPromises()
  await at.trigger('pointerup')
  await at.trigger('click', { detail: 1 })
  await flushPromises()
}

test('符合 of a critical item is held; a tap alone stores nothing', async () => {
  await hold('answer-pass-CY1.1', 390)
  expect(rows()).toEqual([])
  await hold('answer-pass-CY1.1', 400)
  expect(rows()).toMatchObject([{ item: 'CY1.1', answer: 'pass', answered_by: 'dock' }])
  expect(there('answer-pass-CY1.2')).toBe(true)
})

test('a keyboard or a screen reader presses a held key once', async () => {
  vi.advanceTimersByTime(1000)
  await key('answer-pass-CY1.1').trigger('click', { detail: 0 })
  await flushPromises()
  expect(rows()).toHaveLength(1)
})

test('a thumb that bounces does not answer the item that came after', async () => {
  await hold('answer-pass-CY1.1', 400)
  await press('answer-pass-CY1.2')
  await key('answer-pass-CY1.3').trigger('click', { detail: 1 })
  await flushPromises()
  expect(rows().map((each) => each.cmd === 'answer' && each.item)).toEqual(['CY1.1', 'CY1.2'])
})

test('不符合 opens the details; the key says what is missing, then leads on', async () => {
  await press('answer-fail-CY1.1')
  expect(key('detail-missing').text()).toContain('还缺问题、照片')
  await press('phrase-CY1.1-0')
  expect(key('detail-missing').text()).toContain('还缺照片')
  const input = key('camera-CY1.1-file').element as HTMLInputElement
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg')] })
  await key('camera-CY1.1-file').trigger('change')
  await flushPromises()
  expect(key('detail-done').text()).toContain('齐了，看 1.2')
  await press('detail-done')
  expect(there('finding-CY1.1')).toBe(false)
  expect(key('finding-open-CY1.1').text()).toContain('照片 1 张')
  expect(there('answer-pass-CY1.2')).toBe(true)
})

test('a photo of one item serves another by a tap on its picture', async () => {
  await press('answer-fail-CY1.1')
  const input = key('camera-CY1.1-file').element as HTMLInputElement
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg')] })
  await key('camera-CY1.1-file').trigger('change')
  await flushPromises()
  await press('choose-CY1.2')
  await press('answer-fail-CY1.2')
  await press('photo-share-CY1.2-ph1')
  expect(memory.sent).toContainEqual({ cmd: 'assign_photo', photo: 'ph1', purpose: { kind: 'items', items: ['CY1.1', 'CY1.2'] } })
  expect(key('photo-share-CY1.2-ph1').attributes('aria-pressed')).toBe('true')
  expect(key('detail-missing').text()).toContain('还缺问题')
})

test('undo takes a first answer back, within six seconds', async () => {
  await hold('answer-pass-CY1.1', 400)
  expect(key('undo-bar').text()).toContain('1.1 记为 符合')
  await press('undo')
  expect(key('item-CY1.1').attributes('data-answer')).toBe('')
  expect(there('answer-pass-CY1.1')).toBe(true)
  await hold('answer-pass-CY1.1', 400)
  vi.advanceTimersByTime(6_000)
  await flushPromises()
  expect(there('undo-bar')).toBe(false)
})

test('undo of a changed 不符合 brings its text back, nothing is asked', async () => {
  await press('choose-CY1.2')
  await press('answer-fail-CY1.2')
  await press('phrase-CY1.2-0')
  await press('detail-close-CY1.2')
  await press('answer-pass-CY1.2')
  expect(key('item-CY1.2').attributes('data-answer')).toBe('pass')
  await press('undo')
  expect(key('item-CY1.2').attributes('data-answer')).toBe('fail')
  expect(memory.drafts.get('d1')?.findings['CY1.2']?.problem).not.toBe('')
})

test('a commit that fails leaves keys and list as they were and says so', async () => {
  memory.failNext('disk_full')
  await press('answer-na-CY1.1')
  expect(key('item-CY1.1').attributes('data-answer')).toBe('')
  expect(key('answer-na-CY1.1').attributes('aria-pressed')).toBe('false')
  expect(there('undo-bar')).toBe(false)
  expect(said.value).toContain('存储空间已满')
})

test('a number is stepped before the item is judged and goes with its answer', async () => {
  await press('choose-CY1.4')
  await key('step-up-CY1.4').trigger('pointerdown', { button: 0 })
  await key('step-up-CY1.4').trigger('pointerup')
  await key('step-up-CY1.4').trigger('pointerdown', { button: 0 })
  await key('step-up-CY1.4').trigger('pointerup')
  vi.advanceTimersByTime(400)
  await flushPromises()
  expect(memory.drafts.get('d1')?.early['CY1.4']?.readings).toEqual([{ key: 'on_duty', value: '1' }])
  await press('answer-na-CY1.4')
  expect(memory.drafts.get('d1')?.answers['CY1.4']?.readings).toEqual([{ key: 'on_duty', value: '1' }])
})

test('the time on the screen is that of the text, and stands still while the app is hidden', async () => {
  const text = watched.find((each) => each.element.textContent?.includes('持有效期内'))
  vi.advanceTimersByTime(3_000)
  text?.see(1)
  vi.advanceTimersByTime(2_000)
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  vi.advanceTimersByTime(60_000)
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  vi.advanceTimersByTime(500)
  text?.see(0.4)
  vi.advanceTimersByTime(5_000)
  await press('answer-na-CY1.1')
  hidden.mockRestore()
  expect(rows()).toMatchObject([{ item: 'CY1.1', shown_ms: 2_500 }])
})

test('a section is confirmed by one key once every text was read; each item has its own time', async () => {
  page.unmount()
  vi.useRealTimers()
  await open(true)
  for (const item of ['CY1.1', 'CY1.4', 'CY1.5']) await hold(`answer-pass-${item}`, 400)
  await press('answer-pass-CY1.6')
  expect(key('confirm-section-LICENCE').attributes('data-unread')).toBe('3')
  await press('confirm-section-LICENCE')
  expect(memory.sent.some((each) => each.cmd === 'confirm_section')).toBe(false)
  const texts = ['登记证悬挂', '营业执照在店', '量化等级'].map((words) => watched.find((each) => each.element.textContent?.includes(words)))
  for (const text of texts) {
    text?.see(1)
    vi.advanceTimersByTime(400)
  }
  vi.advanceTimersByTime(2_000)
  await flushPromises()
  expect(key('confirm-section-LICENCE').text()).toContain('这 3 项都看过，符合')
  await press('confirm-section-LICENCE')
  const sent = memory.sent.find((each) => each.cmd === 'confirm_section')
  expect(sent).toMatchObject({ section: 'LICENCE', items: [{ item: 'CY1.2' }, { item: 'CY1.3' }, { item: 'CY1.7' }] })
  const times = sent?.cmd === 'confirm_section' ? sent.items.map((each) => each.shown_ms) : []
  expect(new Set(times).size).toBe(3)
  expect(memory.drafts.get('d1')?.answers['CY1.2']?.answered_by).toBe('section')
  expect(key('undo-bar').text()).toContain('1.2 1.3 1.7')
  expect(there('answer-pass-CY2.1')).toBe(true)
  await press('undo')
  expect(key('item-CY1.7').attributes('data-answer')).toBe('')
})
