/** A backend in memory. For component tests and for drawing pages in the development server; never built, never in end-to-end tests. */
import type { Backend } from '../backend.ts'
import type { Answers, Command } from '../commands.ts'
import type { AmendmentView, AnswerWay, DraftView, Hand, PersonView, PhotoView, RecordRow, VisitRules } from '../types.ts'
import { checklists } from './checklists.ts'
import { firstOperators, markets, people, TODAY } from './county.ts'
import { amendmentOf, olderRecords, pastRecord, pastRecords, recordOf, recordRow, returnedRow } from './records.ts'
import { finds, lastVisitOf, licencesOf, marketDays, nextKeys, readiness, rowOf, standingOf } from './register.ts'
import { SIGNED } from './ink.ts'
import { keptScene, type Scene } from './scenes.ts'
import { newDraft, recompute, tap } from './drafts.ts'
import { memoryTray } from './tray.ts'
import { memoryCarried } from './carried.ts'
import { offeredDrafts } from './offered.ts'
import { confirmSection, lastFailed, takeBack, visitRules } from './sections.ts'

/** The backend and the handles that tests turn. */
export interface MemoryBackend extends Backend {
  /** The next command fails with this code. */
  failNext: (code: string) => void
  /** Commands wait until `release` is called. */
  hold: () => () => void
  /** The bureau switches 按部分确认 on. */
  allowSectionConfirm: () => void
  /** Every command so far. */
  sent: Command[]
  drafts: Map<string, DraftView>
}

type Handlers = { [C in Command['cmd']]?: (command: Extract<Command, { cmd: C }>) => Answers[C] }

/** What the core says to everything where a newer program wrote its data. */
const NEWER = { code: 'store_newer', sentence: '本机数据由更新版本的程序写成，内容都在；请安装最新版本后再打开', params: { found: 5, received: 2, done: false, problem: '没有信号，连不上服务器；内容都在本机，有信号后自动再传' } }

/** What the core says to everything where the key of its data is gone. */
const KEYLESS = { code: 'key_missing', sentence: '本机数据还在，但打开它的密钥不见了，程序没有改动任何内容；请联系管理员用备份密钥恢复', params: { phone: '5d2e90ab' } }

export function memoryBackend(played: Partial<Scene> = keptScene()): MemoryBackend {
  const empty = played.scene === 'empty'
  const operators = empty ? [] : firstOperators(played.rows)
  const drafts = new Map<string, DraftView>()
  const sent: Command[] = []
  let inspectors: PersonView[] = []
  let page: string | null = null
  let way: AnswerWay = 'cards'
  let hand: Hand = 'right'
  let confirmOn = globalThis.localStorage?.getItem('memory.section-confirm') === 'on'
  let failure: string | null = null
  let gate: Promise<void> = Promise.resolve()
  let photos = 0
  const tray = memoryTray(played.lost ?? 0)
  const offered = played.offered ? offeredDrafts(operators) : []
  const carried = memoryCarried()
  let amendment: AmendmentView | null = null
  const amend = (edit: (work: AmendmentView) => unknown): AmendmentView => {
    if (!amendment) throw { code: 'not_found' }
    edit(amendment)
    return amendment
  }

  const unsent = { records: { received: 1, total: 3 }, photos: { received: 6, total: 17 }, waiting_for: '没有信号' }
  const draftOf = (id: string): DraftView => {
    const draft = drafts.get(id)
    if (!draft) throw { code: 'not_found' }
    return draft
  }
  const listOf = (draft: DraftView) => checklists[draft.operator.kind]!
  const rules = (draft: DraftView): VisitRules => visitRules(listOf(draft), draft, confirmOn)
  const change = (id: string, edit: (draft: DraftView) => void): DraftView => {
    const draft = draftOf(id)
    edit(draft)
    return recompute(listOf(draft), draft)
  }
  const sign = (signer: string) => (draft: DraftView) => {
    draft.document = '7c1e09a4'
    draft.signatures = [...draft.signatures.filter((each) => each.signer !== signer), { signer, at_text: '06:29', strokes: SIGNED }]
  }

  const handlers: Handlers = {
    status: () => ({
      enrolled: played.scene !== 'new', demo: true, bureau: '槐安县市场监督管理局', station: { id: 's1', name: '柳汀所', code: 'LT' },
      server_url: 'http://127.0.0.1:8080', app_version: '0.1.0', page,
      today: { date: TODAY, lunar: '九月初五', weekday: '星期三', text: '10 月 14 日 星期三 农历九月初五' },
      inspectors, proposed: inspectors.length ? [] : people.slice(0, 2), unsent, answer_way: way, hand, local_lost: played.scene === 'lost', rescued: null,
    }),
    enter_key: () => {
      played.scene = 'full'
      return handlers.status!({ cmd: 'status' })
    },
    roster: () => people,
    set_inspectors: ({ ids }) => (inspectors = people.filter((person) => ids.includes(person.id))),
    today: () => ({
      markets_today: empty ? [] : markets.slice(0, 1),
      market_days: empty ? [] : marketDays,
      to_visit: { rows: operators.slice(0, 12).filter((each) => each.id !== 'o5').map((each) => rowOf(each)), total: operators.length && 12, visited: operators.length && 2 },
      drafts: [...drafts.values()].filter((d) => !d.signed_change).map((d) => ({ id: d.id, operator_name: d.operator.name, kind: d.operator.kind, answered: d.progress.answered, total: d.progress.total, started_text: d.started_text, saved_text: '06:55', page: null, copied_text: '06:56', too_large: false, taken_text: '' })),
      tray: tray.list().length,
      offered: offered.filter((each) => each.own && !drafts.has(each.inspection)).length,
      returned: returnedRow(operators).slice(0, 20), returned_total: returnedRow(operators).length + (played.records ?? 0),
      visited_today: [...drafts.values()].filter((d) => d.signed_change).map(recordRow), visited_total: [...drafts.values()].filter((d) => d.signed_change).length, sync: unsent,
    }),
    readiness: () => readiness,
    markets: () => markets,
    operators: ({ query, keypad = false, kind, limit, offset }) => {
      const found = operators.filter((each) => (!kind || each.kind === kind) && finds(each, query, keypad))
      const next_keys = keypad ? nextKeys(found, query) : ''
      return { total: found.length, next_keys, rows: found.slice(offset, offset + limit).map((each) => rowOf(each, query, keypad)) }
    },
    operator: ({ id }) => {
      const operator = operators.find((each) => each.id === id)!
      return {
        operator, last: pastRecords(operator), last_visit: lastVisitOf(operator, checklists[operator.kind]!), standing: standingOf(operator),
        checklist: { name: '六项标准', items: checklists[operator.kind]!.items.length, critical: 7 }, conflicts: [], pending: false, editable: true,
        last_failed: lastFailed(id),
        licences: licencesOf(operator),
      }
    },
    register_operator: (made) => {
      const operator = { ...made, id: `o${operators.length + 1}`, slot: made.market ? { market: made.market, slot: made.slot } : null, status: 'active', licences: [] }
      operators.push(operator)
      return operator
    },
    edit_operator: ({ id, writes }) => Object.assign(operators.find((each) => each.id === id)!, Object.fromEntries(writes.map((write) => [write.field, write.new]))),
    checklist: ({ id }) => Object.values(checklists).find((list) => list.id === id)!,
    start_inspection: ({ operator }) => {
      const known = [...drafts.values()].find((draft) => draft.operator.id === operator && !draft.signed_change)
      if (known) return known
      const subject = operators.find((each) => each.id === operator)!
      const draft = newDraft(`d${drafts.size + 1}`, subject, checklists[subject.kind]!, inspectors)
      drafts.set(draft.id, draft)
      return draft
    },
    draft: ({ id }) => draftOf(id),
    offered_drafts: () => ({ asked: true, drafts: offered.filter((each) => !drafts.has(each.inspection)) }),
    take_over_draft: ({ inspection }) => {
      const chosen = offered.find((each) => each.inspection === inspection)
      const subject = operators.find((each) => each.name === chosen?.operator_name)
      if (!chosen || !subject) throw { code: 'draft_gone' }
      const draft = newDraft(inspection, subject, checklists[subject.kind]!, inspectors)
      drafts.set(inspection, Object.assign(draft, { record_no: chosen.record_no }))
      return { id: inspection, record_no: chosen.record_no, photos_left: chosen.photos }
    },
    answer: (command) => tap(listOf(draftOf(command.inspection)), draftOf(command.inspection), command),
    visit_rules: ({ inspection }) => rules(draftOf(inspection)),
    confirm_section: (press) => change(press.inspection, (draft) => confirmSection(rules(draft), draft, press)),
    take_back: ({ inspection, items }) => change(inspection, (draft) => takeBack(draft, items)),
    note: (command) => tap(listOf(draftOf(command.inspection)), draftOf(command.inspection), command),
    reading: (command) => tap(listOf(draftOf(command.inspection)), draftOf(command.inspection), command),
    finding: (command) => tap(listOf(draftOf(command.inspection)), draftOf(command.inspection), command),
    notice: ({ inspection, given }) => change(inspection, (draft) => (draft.notice_given = given)),
    not_inspected: ({ inspection, reason }) => change(inspection, (draft) => (draft.not_inspected = reason)),
    conclusion: ({ inspection, conclusion, reason }) => change(inspection, (draft) => Object.assign(draft, { conclusion, conclusion_reason: reason })),
    party_opinion: ({ inspection, text }) => change(inspection, (draft) => (draft.party_opinion = text)),
    expect_photo: () => ({ photo: `ph${++photos}`, folder: '' }),
    tray: () => tray.list(),
    cancel_photo: ({ photo }) => {
      tray.drop(photo)
      for (const draft of drafts.values()) for (const each of draft.photos) if (each.id === photo) each.state = 'cancelled'
      return null
    },
    restore_photo: ({ photo }) => {
      const back = tray.restore(photo)
      if (back) return back
      const found = [...drafts.values()].flatMap((draft) => draft.photos).find((each) => each.id === photo)
      if (!found) throw { code: 'not_found' }
      return Object.assign(found, { state: 'sealed' as const })
    },
    assign_photo: ({ photo, purpose, inspection }) => {
      const placed = tray.place(photo, purpose, inspection)
      if (placed) {
        draftOf(inspection ?? '').photos.push(placed)
        return placed
      }
      const found = [...drafts.values()].flatMap((draft) => draft.photos).find((each) => each.id === photo)
      if (!found) throw { code: 'not_found' }
      return Object.assign(found, { purpose })
    },
    check_number: ({ number }) =>
      number.length === 18
        ? { result: 'check_digit_mismatch', normalised: number, read: number.slice(-1), expected: '5', position: 18, sentence: `第18位校验码不符：读到 ${number.slice(-1)}，按规则应为 5，请与证照原件核对` }
        : { result: 'no_rule', normalised: number, sentence: '' },
    licence_same: ({ inspection, kind }) => change(inspection, (draft) => draft.licences.forEach((each) => each.kind === kind && each.known && (each.check = { ...each.known, same_as_last: true, check_digit_mismatch: false }))),
    licence_typed: ({ inspection, licence }) => change(inspection, (draft) => draft.licences.forEach((each) => each.kind === licence.kind && (each.check = { ...licence, same_as_last: false, check_digit_mismatch: false }))),
    sign_inspector: ({ inspection, person }) => change(inspection, sign(person)),
    sign_party: ({ inspection, name }) => change(inspection, (draft) => (draft.party = { kind: 'signed', text: `${name} 06:28 已签` })),
    refuse_party: ({ inspection, reason }) => change(inspection, (draft) => (draft.party = { kind: 'refused', text: `拒绝签字：${reason}` })),
    finish: ({ inspection }) => {
      const draft = change(inspection, (each) => (each.signed_change = 'aa'))
      return { record_no: draft.record_no, hash: 'aa', unsent }
    },
    records: ({ filter, limit, offset }) => {
      const page = (rows: RecordRow[]) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) })
      const signed = [...drafts.values()].filter((draft) => draft.signed_change).map(recordRow)
      const known = operators[0] ? [...pastRecords(operators[0]), ...olderRecords(operators[0], played.records ?? 0)] : []
      if (filter === 'returned') return page(returnedRow(operators))
      return page(filter === 'unsent' ? signed : [...signed, ...returnedRow(operators), ...known])
    },
    record: ({ id }) => {
      const draft = drafts.get(id)
      return draft ? recordOf(draft, listOf(draft)) : pastRecord(id, operators, checklists[operators[0]!.kind]!, people)
    },
    start_amendment: ({ inspection }) => {
      const row = returnedRow(operators).find((each) => each.id === inspection)
      if (!row) throw { code: 'not_found' }
      return (amendment ??= amendmentOf(row, checklists[row.kind]!, people))
    },
    amend_item: ({ item, new_answer, ...parts }) => amend((work) => {
      const row = work.items.find((each) => each.item === item)
      if (!row) return
      if (new_answer) row.new_answer = new_answer
      if (row.finding) Object.assign(row.finding, JSON.parse(JSON.stringify({ ...parts, cmd: undefined, amendment: undefined })))
    }),
    amend_reason: ({ reason }) => amend((work) => Object.assign(work, { reason, blockers: [] })),
    sign_amendment: ({ person }) => amend((work) => work.signatures.push({ signer: person, at_text: '06:40', strokes: SIGNED })),
    sync_state: () => ({ records: { received: 3, total: 3 }, register: { received: 1, total: 1 }, thumbnails: { received: 17, total: 17 }, copies: carried.of(12, 17), originals: carried.of(4, 17), originals_left: 41_200_000, under_way: { lane: 'copies', percent: 58 }, photos: carried.of(4, 17), waiting_for: '等 Wi-Fi', phase: 'copies', last_contact_text: '12 秒前收到过回执', backup_text: '2026-10-20 18:30 前收到的已备份', kept: { originals_text: '17 张，53.2 MB；已移出 31 张，服务器上都在', leaves_text: '交齐且备份核对过的，原片满 7 天、记录满 30 天自动移出本机', waived: false }, branch: false, notes: [], quarantined: [], tasks: [], error: null }),
    sync_now: () => null,
    came_back: () => null,
    ...carried.handlers,
    set_answer_way: (chosen) => (way = chosen.way),
    set_hand: (chosen) => (hand = chosen.hand),
    save_page: ({ route }) => (page = route),
  }

  return {
    sent,
    drafts,
    failNext: (code) => (failure = code),
    allowSectionConfirm: () => (confirmOn = true),
    hold() {
      let release = (): void => undefined
      gate = new Promise((resolve) => (release = resolve))
      return release
    },
    async call(command) {
      sent.push(command)
      await gate
      if (played.scene === 'newer') throw NEWER
      if (played.scene === 'keyless' && command.cmd !== 'enter_key') throw KEYLESS
      if (played.scene === 'waiting' && command.cmd !== 'status' && command.cmd !== 'save_page') await new Promise(() => undefined)
      if (played.scene === 'failing' && command.cmd !== 'status' && command.cmd !== 'save_page') throw { code: 'store_busy', sentence: '本机文件暂时读不出来，数据没有丢失；请再试一次' }
      if (failure && command.cmd !== 'save_page') {
        const code = failure
        failure = null
        throw { code, sentence: '存储空间已满，这一下没有存上，之前的内容都在' }
      }
      const handler = handlers[command.cmd] as ((command: Command) => unknown) | undefined
      if (!handler) throw { code: 'not_found' }
      return JSON.parse(JSON.stringify(handler(command)))
    },
    photoUrl: () => 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="%238b949b" d="M0 0h8v8H0z"/></svg>',
    takePhoto: () => Promise.reject({ code: 'camera_elsewhere' }),
    async sendPhoto(id) {
      const expected = [...sent].reverse().find((each) => each.cmd === 'expect_photo')
      if (expected?.cmd !== 'expect_photo') throw { code: 'photo_file' }
      const photo: PhotoView = { id, state: 'sealed', sha256: 'ab', damaged: false, problem: '', purpose: expected.purpose, at_text: '06:21' }
      const draft = drafts.get(expected.inspection)
      draft?.photos.push({ ...photo })
      if (draft) recompute(listOf(draft), draft)
      return photo
    },
    onChanged: () => () => undefined,
  }
}
