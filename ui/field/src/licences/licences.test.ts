import { createPinia, setActivePinia } from 'pinia'
import { mount, flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend } from '../backend/memory/backend.ts'
import { useDraft } from '../checklist/draft.ts'
import DigitRow from './DigitRow.vue'
import LicenceForm from './LicenceForm.vue'

const NUMBER = '92379921MA3DEM0196'
let backend: ReturnType<typeof memoryBackend>

beforeEach(async () => {
  setActivePinia(createPinia())
  backend = memoryBackend({})
  setBackend(backend)
  await backend.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  const draft = await backend.call({ cmd: 'start_inspection', operator: 'o1' })
  await useDraft().load(draft.id)
})

async function typed(number: string) {
  const row = { kind: 'business_licence', kind_text: '营业执照', known: null, check: null, text: '' }
  const form = mount(LicenceForm, { props: { row } })
  await form.get('[data-testid="licence-number-business_licence"]').setValue(number)
  await flushPromises()
  return form
}

test('only the doubtful digit is marked, and the rest stands in its parts', () => {
  const row = mount(DigitRow, { props: { number: NUMBER, doubtful: 18 } })
  expect(row.findAll('.bad').map((digit) => digit.text())).toEqual(['6'])
  expect(row.findAll('span').map((part) => part.text())).toEqual(['92', '379921', 'MA3DEM019', '6'])
})

test('a digit that does not check asks for a look and offers both ways; nothing is saved before one is chosen', async () => {
  const form = await typed(NUMBER)
  expect(form.get('[data-testid="licence-doubt-business_licence"]').text()).toContain('末位核不上：读到 6，按规则应为 5')
  expect(form.get('[data-testid="licence-correct-business_licence"]').text()).toBe('改为 …0195')
  expect(form.get('[data-testid="licence-save-business_licence"]').text()).toBe('原件就是 6')
  expect(backend.sent.some((each) => each.cmd === 'licence_typed')).toBe(false)
  await form.get('[data-testid="licence-save-business_licence"]').trigger('click')
  await flushPromises()
  const saved = backend.sent.find((each) => each.cmd === 'licence_typed')
  expect(saved?.cmd === 'licence_typed' && saved.licence.number).toBe(NUMBER)
})

test('the number may be put right with one key', async () => {
  const form = await typed(NUMBER)
  await form.get('[data-testid="licence-correct-business_licence"]').trigger('click')
  expect((form.get('[data-testid="licence-number-business_licence"]').element as HTMLInputElement).value).toBe('92379921MA3DEM0195')
})
