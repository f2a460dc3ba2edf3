/** Reasons for 退回 on the keys 1–5. */
import { ref } from 'vue'
import { returnReasons } from '../backend/console.ts'
import type { ReturnReason } from '../backend/types.ts'

const known = ref<ReturnReason[]>([])
let asked = false

/** The reasons, asked for once; without them the free text is still there. */
export function useReasons() {
  if (!asked) {
    asked = true
    returnReasons().then((rows) => (known.value = rows), () => (asked = false))
  }
  return known
}

/** The text after a reason was chosen: it replaces another reason, and stands before what a person wrote himself. */
export function withReason(text: string, reason: string, all: readonly ReturnReason[]): string {
  const own = all.reduce((rest, one) => (rest.startsWith(one.text) ? rest.slice(one.text.length).replace(/^[；，。]/, '') : rest), text.trim())
  return own ? `${reason}；${own}` : reason
}
