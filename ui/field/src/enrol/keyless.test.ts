import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { said } from '../parts/said.ts'
import { router } from '../router.ts'
import { openWhereLeft } from '../session/restore.ts'
import { useSession } from '../session/session.ts'
import KeyPage from './KeyPage.vue'

beforeEach(() => setActivePinia(createPinia()))

test('data without their key open one page, which leads on when the code was typed whole', async () => {
  const backend = memoryBackend({ scene: 'keyless' })
  setBackend(backend)
  await openWhereLeft(router)
  expect(router.currentRoute.value.path).toBe('/key')
  expect(said.value).toBe('')
  const shown = mount(KeyPage, { global: { plugins: [router] } })
  expect(shown.get('[data-testid="key-phone"]').text()).toBe('5d2e-90ab')
  const key = () => shown.get<HTMLButtonElement>('[data-testid="key-enter"]')
  await shown.get('[data-testid="key-code"]').setValue('ABCD-EFGH')
  expect(key().element.disabled).toBe(true)
  expect(key().text()).toContain('已输 8/56 位')
  const code = Array.from({ length: 14 }, () => 'ab12').join(' ')
  await shown.get('[data-testid="key-code"]').setValue(code)
  expect(key().element.disabled).toBe(false)
  await key().trigger('click')
  await flushPromises()
  expect(backend.sent.some((each) => each.cmd === 'enter_key' && each.code === code)).toBe(true)
  expect(useSession().keyless).toBeNull()
  expect(router.currentRoute.value.path).toBe('/today')
})
