import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { expect, test, vi } from 'vitest'
import { useKeys } from './keys.ts'

function page(acts: Record<string, () => void>, dialog = false) {
  return mount(defineComponent({
    setup() {
      useKeys(acts, dialog)
      return () => h('div', [h('input'), h('button'), h('a', { href: '#' })])
    },
  }), { attachTo: document.body })
}

const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}) =>
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))

test('a letter is a command, also with caps lock, and never while typing', () => {
  const j = vi.fn()
  const wrapper = page({ j })
  press('j')
  press('J')
  press('j', wrapper.find('input').element)
  press('j', document.body, { ctrlKey: true })
  press('j', document.body, { isComposing: true })
  expect(j).toHaveBeenCalledTimes(2)
  wrapper.unmount()
  press('j')
  expect(j).toHaveBeenCalledTimes(2)
})

test('Enter on a focused button is the button\'s own', () => {
  const Enter = vi.fn()
  const wrapper = page({ Enter })
  press('Enter', wrapper.find('button').element)
  expect(Enter).not.toHaveBeenCalled()
  press('Enter')
  expect(Enter).toHaveBeenCalledTimes(1)
  wrapper.unmount()
})

test('an open dialog has the keys to itself', () => {
  const below = vi.fn()
  const above = vi.fn()
  const ground = page({ Escape: below })
  const dialog = page({ Escape: above }, true)
  press('Escape')
  expect([below.mock.calls.length, above.mock.calls.length]).toEqual([0, 1])
  dialog.unmount()
  press('Escape')
  expect(below).toHaveBeenCalledTimes(1)
  ground.unmount()
})
