import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { beforeEach, expect, test, vi } from 'vitest'
import { offerOnNextPage, type Undo, UNDO_MS, useUndo } from './undo.ts'

let undo: Undo
const page = () => mount(defineComponent({ setup: () => ((undo = useUndo()), () => h('p')) }))
const photo = (back = () => Promise.resolve(true)) => ({ what: '照片', kept: '不用', back })

beforeEach(() => void vi.useFakeTimers())

test('what a page did while it closed is taken back on the next one', async () => {
  const back = vi.fn(() => Promise.resolve(true))
  offerOnNextPage(photo(back))
  page()
  expect(undo.last.value?.kept).toBe('不用')
  await undo.run()
  expect(back).toHaveBeenCalledOnce()
  expect(undo.last.value).toBeNull()
})

test('an offer goes to one page only, and not to one that comes late', () => {
  offerOnNextPage(photo())
  page()
  page()
  expect(undo.last.value).toBeNull()
  offerOnNextPage(photo())
  vi.advanceTimersByTime(UNDO_MS)
  page()
  expect(undo.last.value).toBeNull()
})

test('a way back that failed stays on offer', async () => {
  offerOnNextPage(photo(() => Promise.resolve(false)))
  page()
  await undo.run()
  expect(undo.last.value).not.toBeNull()
})
