import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { useLook } from './look.ts'

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
})

test('without a choice the page is light, at every hour', () => {
  expect(useLook().worn).toBe('light')
  expect(document.documentElement.dataset['theme']).toBe('light')
})

test('what was chosen comes back, for our tokens and for Element Plus', () => {
  useLook().choose('dark')
  setActivePinia(createPinia())
  expect(useLook().chosen).toBe('dark')
  expect(document.documentElement.classList.contains('dark')).toBe(true)
  expect(document.documentElement.dataset['theme']).toBe('dark')
})

test('paper is light, and the screen is dark again after it', () => {
  const look = useLook()
  look.choose('dark')
  window.dispatchEvent(new Event('beforeprint'))
  expect([look.worn, look.chosen]).toEqual(['light', 'dark'])
  window.dispatchEvent(new Event('afterprint'))
  expect(look.worn).toBe('dark')
})
