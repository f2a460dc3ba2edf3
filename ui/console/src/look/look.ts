/** Light or dark, as this person chose it on this computer. Never by the clock, and paper is always light. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Look = 'light' | 'dark'

const KEY = 'xunji-look'

/** What was chosen last; light where nothing was, or where the browser keeps nothing. */
export function chosenLook(): Look {
  try {
    return localStorage.getItem(KEY) === 'dark' ? 'dark' : 'light'
  } catch {
    return 'light'
  }
}

/** Our tokens listen to the attribute, Element Plus to the class. */
export function wear(look: Look): void {
  const root = document.documentElement
  root.classList.toggle('dark', look === 'dark')
  root.dataset['theme'] = look
}

export const useLook = defineStore('look', () => {
  const chosen = ref<Look>(chosenLook())
  /** What the page wears now: what draws with the tokens' values has to draw again when it changes. */
  const worn = ref<Look>(chosen.value)

  function show(look: Look): void {
    worn.value = look
    wear(look)
  }

  function choose(look: Look): void {
    chosen.value = look
    try {
      localStorage.setItem(KEY, look)
    } catch {
      // A browser that keeps nothing still shows what was chosen until it is closed.
    }
    show(look)
  }

  window.addEventListener('beforeprint', () => show('light'))
  window.addEventListener('afterprint', () => show(chosen.value))
  show(chosen.value)

  return { chosen, worn, choose }
})
