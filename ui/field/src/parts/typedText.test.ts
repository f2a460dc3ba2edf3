import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import TypedField from './TypedField.vue'
import { QUIET_MS } from './typedText.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function field(commit: (text: string) => Promise<boolean>) {
  return mount(TypedField, { props: { saved: '', commit, testid: 'f', label: '问题' } })
}

test('a pause is a commit, a key before it is not', async () => {
  const commit = vi.fn(async () => true)
  const box = field(commit).get('input')
  await box.setValue('没')
  vi.advanceTimersByTime(QUIET_MS - 1)
  await box.setValue('没挂证')
  vi.advanceTimersByTime(QUIET_MS - 1)
  expect(commit).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(commit.mock.calls).toEqual([['没挂证']])
})

test('letters of a composition are never committed, its end is at once', async () => {
  const commit = vi.fn(async () => true)
  const box = field(commit).get('input')
  await box.trigger('compositionstart')
  await box.setValue('meigua')
  vi.advanceTimersByTime(10 * QUIET_MS)
  expect(commit).not.toHaveBeenCalled()
  ;(box.element as HTMLInputElement).value = '没挂'
  await box.trigger('compositionend')
  expect(commit.mock.calls).toEqual([['没挂']])
})

test('leaving the field and leaving the page commit what is typed, once', async () => {
  const commit = vi.fn(async () => true)
  const mounted = field(commit)
  await mounted.get('input').setValue('甲')
  await mounted.get('input').trigger('blur')
  expect(commit.mock.calls).toEqual([['甲']])
  await mounted.get('input').setValue('乙')
  mounted.unmount()
  expect(commit.mock.calls).toEqual([['甲'], ['乙']])
})

test('a failed commit keeps the text, says so, and is tried again', async () => {
  const answers = [false, true]
  const commit = vi.fn(async () => answers.shift() ?? true)
  const mounted = field(commit)
  await mounted.get('input').setValue('甲')
  await mounted.get('input').trigger('blur')
  await vi.runAllTimersAsync()
  expect((mounted.get('input').element as HTMLInputElement).value).toBe('甲')
  expect(mounted.text()).toContain('还没有存上')
  await mounted.get('input').trigger('blur')
  await vi.runAllTimersAsync()
  expect(commit).toHaveBeenCalledTimes(2)
  expect(mounted.text()).not.toContain('还没有存上')
})

test('text from elsewhere shows, unless something typed is not committed yet', async () => {
  const mounted = field(async () => true)
  await mounted.setProps({ saved: '常用语' })
  expect((mounted.get('input').element as HTMLInputElement).value).toBe('常用语')
  await mounted.get('input').setValue('自己写的')
  await mounted.setProps({ saved: '别的' })
  expect((mounted.get('input').element as HTMLInputElement).value).toBe('自己写的')
})

function goesAway(how: 'hidden' | 'pagehide'): void {
  if (how === 'pagehide') {
    window.dispatchEvent(new Event('pagehide'))
    return
  }
  const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  state.mockRestore()
}

test.each(['hidden', 'pagehide'] as const)('a page that goes away (%s) commits what was typed in the last moment', async (how) => {
  const commit = vi.fn(async () => true)
  const mounted = field(commit)
  await mounted.get('input').setValue('没挂证')
  goesAway(how)
  expect(commit.mock.calls).toEqual([['没挂证']])
  goesAway(how)
  vi.advanceTimersByTime(QUIET_MS)
  expect(commit).toHaveBeenCalledTimes(1)
  mounted.unmount()
})

test.each(['hidden', 'pagehide'] as const)('a page that goes away (%s) commits letters of a composition too, and its end after that', async (how) => {
  const commit = vi.fn(async () => true)
  const mounted = field(commit)
  const box = mounted.get('input')
  await box.trigger('compositionstart')
  await box.setValue('meigua')
  goesAway(how)
  expect(commit.mock.calls).toEqual([['meigua']])
  // The person is back, and the composition still open.
  ;(box.element as HTMLInputElement).value = '没挂'
  await box.trigger('compositionend')
  expect(commit.mock.calls).toEqual([['meigua'], ['没挂']])
  mounted.unmount()
})

test('a page that comes back, and a field that is gone, commit nothing', async () => {
  const commit = vi.fn(async () => true)
  const mounted = field(commit)
  await mounted.get('input').setValue('甲')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(commit).not.toHaveBeenCalled()
  mounted.unmount()
  expect(commit).toHaveBeenCalledTimes(1)
  goesAway('hidden')
  expect(commit).toHaveBeenCalledTimes(1)
})
