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
