/** The console's components in every state. Development only: `npm run dev -w console`, then /gallery.html. */
import { createPinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { openGallery } from '@xunji/shared/gallery/gallery.ts'
import '@xunji/shared/tokens.css'
import '../styles/base.css'
import '../styles/element.css'
import '../styles/controls.css'
import '../styles/narrow.css'
import { router as pages } from '../router.ts'
import { titles } from './titles.ts'

/** What the menu leaves of a screen 1280 wide, less the panel at the side. */
const PANEL = 860

const shows = import.meta.glob<{ default: import('vue').Component }>('./shows/*.vue', { eager: true })

void openGallery(titles, shows, PANEL, (app) => {
  // Links of the components lead nowhere here.
  const nowhere = { template: '<i />' }
  const named = pages.getRoutes().map(({ name, path }) => ({ ...(name ? { name } : {}), path, component: nowhere }))
  const router = createRouter({ history: createMemoryHistory(), routes: named })
  app.use(createPinia()).use(router)
})
