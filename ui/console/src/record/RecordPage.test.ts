import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { beforeEach, expect, test, vi } from 'vitest'
import RecordPage from './RecordPage.vue'

// A style sheet is no script outside the browser.
vi.mock('element-plus/es/components/input/style/css', () => ({}))

const item = (code: string) => ({ code, section: 'LICENCE', text: code, severity: 'minor', readings: [], basis_text: '' })
const answer = (code: string, given: string) => ({ item: code, answer: given, note: '', readings: [] })
const page = {
  summary: {
    id: 'r1', record_no: 'LT-1', operator: 'o1', operator_name: '柳汀麦香拉面', operator_kind: 'stall', day: '2026-10-14', started_at: 0, ended_at: 0, conclusion: 'nonconforming',
    graded: { letter: 'b' }, score_permille: 880, failed: [{ item: 'TD1.2', problem: '过期' }], state: 'signed', version: 'v1', open: [], amendments: 0,
  },
  state_text: '待审', started_text: '06:10', ended_text: '06:30', received_text: '10:00', version_no: 1, position_text: '36.1234567, 117.5678901，误差约 8 米', position_marks: ['模拟位置，不是接收机测得'],
  content: {
    record_no: 'LT-1', zone: 480, operator: { id: 'o1', kind: 'stall', name: '柳汀麦香拉面', owner: '甲', phone: '', address: '', slot: null, varieties: [], licences: [] },
    answers: [answer('TD1.1', 'pass'), answer('TD1.2', 'fail')], findings: [{ item: 'TD1.2', problem: '过期', measure: null, deadline: null, no_photo_reason: '' }],
    licences: [], inspectors: [], score: null, concluded: null, graded: null, conclusion_reason: '', party_opinion: '', ended_at: null, not_inspected: null,
  },
  signed: null, checklist: { id: 'TD-6', version: 1, name: '六项标准', sections: [{ key: 'LICENCE', label: '亮证经营' }], items: [item('TD1.1'), item('TD1.2')] },
  amendments: [], others: [], taken_over: [{ by_name: '检查员丙', from_name: '检查员甲', at_text: '2026-10-14 06:20', photos_left: 2 }], reviews: [], conflicts: [], flags: [], points: 0, photos: [], trace: [], previous: null,
  integrity: { badge: 'complete', label: '完整', sentence: '都相符' }, approvable: true, why_not: null, may_review: true,
}
const reasons = { rows: [{ key: '1', code: 'unclear', text: '照片看不清' }, { key: '2', code: 'deadline', text: '期限不合适' }] }
const sent: { path: string; body: unknown }[] = []

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (init?.method === 'POST') sent.push({ path, body: JSON.parse(String(init.body)) })
    const answers: [RegExp, unknown][] = [[/reasons$/, reasons], [/queue/, { rows: [], batch: null }], [/conflicts$/, { rows: [] }], [/records\/r1$/, page]]
    return new Response(JSON.stringify(answers.find(([at]) => at.test(path))?.[1] ?? { state: 'returned' }))
  })
})

async function open() {
  const empty = { template: '<i />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', name: 'queue', component: empty }, { path: '/records/:id', name: 'record', component: empty }, { path: '/operators/:id', name: 'operator', component: empty }, { path: '/conflicts', name: 'conflicts', component: empty }],
  })
  const wrapper = mount(RecordPage, { props: { id: 'r1' }, global: { plugins: [createPinia(), router], stubs: { ElInput: true } }, attachTo: document.body })
  await flushPromises()
  return wrapper
}

async function press(key: string) {
  const at = document.activeElement ?? document.body
  at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}

test('R chooses the failed item, 1 gives the reason, R sends exactly that', async () => {
  const wrapper = await open()
  await press('r')
  expect(wrapper.find('[data-testid="return-box-TD1.2"]').exists()).toBe(true)
  await press('r')
  expect(sent).toEqual([])
  await press('1')
  await press('r')
  expect(sent).toEqual([{ path: '/api/console/records/r1/return', body: { seen: 'v1', items: [{ item: 'TD1.2', reason: '照片看不清' }] } }])
  wrapper.unmount()
})

test('an item that is chosen to go back keeps A from approving; Esc lets it go, then A approves what was seen', async () => {
  const wrapper = await open()
  await press('r')
  await press('a')
  expect(sent).toEqual([])
  await press('Escape')
  expect(wrapper.find('[data-testid="return-box-TD1.2"]').exists()).toBe(false)
  await press('a')
  expect(sent).toEqual([{ path: '/api/console/records/r1/approve', body: { seen: 'v1' } }])
  wrapper.unmount()
})

test('an erased record says by which rule, and shows nothing of what it was', async () => {
  const whole = { ...page }
  const sentence = '正文和照片于 2032-03-01 09:00 删除：检查办结满五年（鉴定〔2032〕1号，管理员甲）；编号、日期、结论和哈希链留存，链条完好'
  Object.assign(page, {
    integrity: { badge: 'erased', label: '已按规定删除', sentence }, may_review: false, approvable: false, summary: { ...page.summary, operator_name: '' },
  })
  try {
    const wrapper = await open()
    expect(wrapper.find('[data-testid="integrity"]').attributes('data-badge')).toBe('erased')
    expect(wrapper.find('[data-testid="integrity-sentence"]').text()).toBe(sentence)
    for (const gone of ['answers', 'photos', 'signatures', 'facts', 'approve', 'send-back']) expect(wrapper.find(`[data-testid="${gone}"]`).exists(), gone).toBe(false)
    expect(wrapper.find('[data-testid="record-no"]').text()).toContain('LT-1')
  } finally {
    Object.assign(page, whole)
  }
})

test('who went on with the draft of another phone stands among the facts', async () => {
  const wrapper = await open()
  expect(wrapper.find('[data-testid="taken-over-0"]').text()).toContain('检查员丙 2026-10-14 06:20 换手机接续检查员甲的草稿')
})
