/**
 * The component gallery of a face: a page of its own in the development server, never part of a release.
 * It holds still: one font, one moment, no motion, so that a picture of it is the same on every run.
 */
import { createApp, type App, type Component } from 'vue'
import GalleryPage from './GalleryPage.vue'

/** The moment at which every clock of the gallery stands: 2026-10-14 06:30 in China. */
const MOMENT = Date.UTC(2026, 9, 13, 22, 30)

const STILL = `
  *, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }
  body { min-width: 0 !important }
  :root { --font: "Noto Sans CJK SC", sans-serif; scrollbar-width: none }
`

/** A date without arguments is the moment; every other date is itself. */
class StoppedDate extends Date {
  constructor(...given: []) {
    super(...((given.length ? given : [MOMENT]) as []))
  }
  static override now(): number {
    return MOMENT
  }
}

/** What the address asks for. */
function asked(): { only: string | null; theme: string; scale: string } {
  const query = new URLSearchParams(location.search)
  return { only: query.get('only'), theme: query.get('theme') ?? 'light', scale: query.get('scale') ?? '100' }
}

/** Titles of the shows by their key, in the order of the page. */
export type Titles = Record<string, string>

/** Shows the components; `width` is that of a phone or of a panel. `equip` adds what the face's app has. */
export async function openGallery(
  titles: Titles, found: Record<string, { default: Component }>, width: number, equip: (app: App) => void | Promise<void>,
): Promise<void> {
  globalThis.Date = StoppedDate as DateConstructor
  const { only, theme, scale } = asked()
  Object.assign(document.documentElement.dataset, { theme, scale })
  document.documentElement.classList.toggle('dark', theme === 'dark')
  document.documentElement.style.setProperty('--gallery-width', `${width}px`)
  const still = document.createElement('style')
  still.textContent = STILL
  document.head.append(still)
  const shows = Object.entries(titles)
    .filter(([key]) => !only || only === key)
    .map(([key, title]) => {
      const component = found[`./shows/${key}.vue`]?.default
      if (!component) throw new Error(`the gallery has no show ${key}`)
      return { key, title, component }
    })
  const app = createApp(GalleryPage, { shows })
  await equip(app)
  app.mount('#app')
  await document.fonts.ready
  document.documentElement.dataset['gallery'] = 'ready'
}
