/** The amendment in work. */
import { ref, type Ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { Command } from '../backend/commands.ts'
import type { AmendmentView, Checklist } from '../backend/types.ts'
import { inLine } from '../parts/commit.ts'
import { orSay } from '../parts/said.ts'

type AmendCommand = Extract<Command, { cmd: 'start_amendment' | 'amend_item' | 'amend_reason' | 'sign_amendment' }>

/** Opens the amendment of a record, or the one begun before. */
export function useAmendment(inspection: string): {
  view: Ref<AmendmentView | null>
  checklist: Ref<Checklist | null>
  load: () => Promise<void>
  commit: (command: AmendCommand) => Promise<boolean>
  finish: () => Promise<boolean>
} {
  const view = ref<AmendmentView | null>(null)
  const checklist = ref<Checklist | null>(null)

  async function commit(command: AmendCommand): Promise<boolean> {
    const next = await orSay<AmendmentView>(inLine(inspection, () => backend().call(command)))
    if (next) view.value = next
    return next !== null
  }
  async function load(): Promise<void> {
    if (!(await commit({ cmd: 'start_amendment', inspection })) || !view.value) return
    checklist.value = await orSay(backend().call({ cmd: 'checklist', id: view.value.checklist_id }))
  }
  async function finish(): Promise<boolean> {
    const amendment = view.value?.id
    if (!amendment) return false
    const done = await orSay(inLine(inspection, () => backend().call({ cmd: 'finish_amendment', amendment })))
    return done !== null
  }
  return { view, checklist, load, commit, finish }
}
