import { createPinia, setActivePinia } from 'pinia'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setBackend } from '../backend/backend.ts'
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import { GOOD, OTHERS, WRITTEN } from '../backend/memory/carried.ts'
import type { BundleLevel, SyncState } from '../backend/types.ts'
import { hush, said } from '../parts/said.ts'
import { router } from '../router.ts'
import { choicesOf } from './carry.ts'
import SyncPage from './SyncPage.vue'

let shown: VueWrapper
let backend: MemoryBackend

beforeEach(async () => {
  setActivePinia(createPinia())
  hush()
  backend = memoryBackend({})
  setBackend(backend)
  await router.replace('/sync')
  shown = mount(SyncPage, { global: { plugins: [router] }, attachTo: document.body })
  await flushPromises()
})
afterEach(() => shown.unmount())

const control = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
const text = (id: string) => control(id)?.textContent ?? ''
async function tap(id: string) {
  control(id)!.click()
  await flushPromises()
}
async function choose(...files: File[]) {
  const input = control('receipts-choose-file') as HTMLInputElement
  Object.defineProperty(input, 'files', { value: files, configurable: true })
  input.dispatchEvent(new Event('change'))
  for (let turn = 0; turn < 20; turn++) await flushPromises()
}
const receipts = (name: string, content: string) => new File([content], name)
const commands = () => backend.sent.map((sent) => sent.cmd)

test('a bundle is written with as much as was chosen, and says what it is and where it lies', async () => {
  await tap('carry-out')
  expect(text('carry-sheet')).toContain('只有县局的服务器打得开')
  expect(text('carry-all')).toContain('44.6 MB')
  expect(control('carry-all')!.getAttribute('aria-pressed')).toBe('true')
  await tap('carry-copies')
  await tap('carry-write')
  expect(backend.sent).toContainEqual({ cmd: 'write_bundle', along: 'copies' })
  expect(text('carry-written')).toContain(WRITTEN.sentence)
  expect(text('carry-where')).toBe(WRITTEN.folder_text)
  expect(text('carry-name')).toBe(WRITTEN.names[0])
  expect(control('carry-left-out')).toBeNull()
  await tap('carry-again')
  expect(control('carry-write')).not.toBeNull()
})

test('while it is written the sheet can be left, and the page says that it goes on', async () => {
  await tap('carry-out')
  const release = backend.hold()
  await tap('carry-write')
  expect(text('carry-writing')).toContain('正在写离线包')
  expect(control('carry-write')).toBeNull()
  await tap('carry-leave')
  expect(control('carry-out')!.getAttribute('aria-busy')).toBe('true')
  expect(text('carry-out')).toContain('正在写')
  release()
  await flushPromises()
  expect(text('carry-out')).toBe('写出离线包')
  expect(text('carry-written')).toContain('已写好')
})

test('what was not written is said in the core’s sentence, and the choice stays', async () => {
  await tap('carry-out')
  backend.failNext('bundle_not_written')
  await tap('carry-write')
  expect(said.value).not.toBe('')
  expect(control('carry-write')).not.toBeNull()
  expect(control('carry-written')).toBeNull()
})

test('receipts that hold are said, the lanes fill, and the way without a network is gone', async () => {
  await tap('carry-back')
  await choose(receipts('a.xjr', GOOD))
  expect(text('receipts-said')).toContain('文件 18 个确认收到')
  expect(text('lane-originals-count')).toBe('17/17')
  expect(control('carry')).toBeNull()
  expect(text('receipts-said')).toContain('a.xjr')
})

test('each of several files gets its own word, and one that is none changes nothing', async () => {
  await tap('carry-back')
  await choose(receipts('others.xjr', OTHERS), receipts('photo.jpg', '\xff\xd8'))
  const rows = [...document.querySelectorAll('[data-testid="receipt"]')].map((row) => row.textContent)
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatch(/photo\.jpg.*读不出来或不完整，本机没有任何改动/)
  expect(rows[1]).toMatch(/others\.xjr.*不是给本机的收据/)
  expect(text('lane-originals-count')).toBe('4/17')
  expect(control('carry')).not.toBeNull()
})

test('a file that is too large to be receipts is not read at all', async () => {
  await tap('carry-back')
  const large = receipts('film.mp4', '')
  Object.defineProperty(large, 'size', { value: 3_000_000_000 })
  await choose(large)
  expect(text('receipts-said')).toContain('不是收据文件，本机没有任何改动')
  expect(commands()).not.toContain('take_receipts')
})

test('receipts may come as text', async () => {
  await tap('carry-back')
  await tap('receipts-type')
  const field = control('receipts-text') as HTMLTextAreaElement
  field.value = `\n ${GOOD}\n`
  field.dispatchEvent(new Event('input'))
  await flushPromises()
  await tap('receipts-take')
  expect(text('receipts-said')).toContain('粘贴的文字')
  expect(backend.sent).toContainEqual({ cmd: 'take_receipts', text: GOOD })
})

test('a choice says what it adds, and nothing that the core did not count', () => {
  const count = (received: number, total: number) => ({ received, total })
  const state = { records: count(1, 3), register: count(0, 1) } as SyncState
  const level = (along: BundleLevel['along'], files: number, bytes: number) => ({ along, files, bytes })
  const choices = choicesOf([level('records', 0, 9_000), level('thumbnails', 2, 30_000), level('copies', 0, 30_000)], state)
  expect(choices.map((choice) => choice.adds)).toEqual(['记录 2 份、主体登记 1 条', '缩略图 2 张', '没有要带的工作照'])
  expect(choicesOf([level('records', 0, 0)], { records: count(3, 3), register: count(0, 0) } as SyncState)[0]?.adds).toBe('都已有收据')
})
