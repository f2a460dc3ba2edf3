/** The tokens as the chart needs them: it draws on a canvas, which knows no custom properties. */
import type { Palette } from './weeks.ts'

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string) => style.getPropertyValue(name).trim()
  return {
    text: value('--text'), quiet: value('--text-2'), surface: value('--surface'), line: value('--line-strong'), fail: value('--fail'), font: value('--font'),
    parts: { conforming: value('--azure-200'), mostly_conforming: value('--azure-500'), nonconforming: value('--fail-solid'), not_inspected: value('--na-line') },
  }
}
