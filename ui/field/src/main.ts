/** Starts the field app: the backend first, then the page where the inspector was. */
import '@xunji/shared/old.ts'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import '@xunji/shared/tokens.css'
import '@xunji/shared/themes/vant.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/controls.css'
import './styles/checklist.css'
import './styles/closing.css'
import App from './App.vue'
import { type Backend, setBackend } from './backend/backend.ts'
import { followKeyboard } from './parts/keyboard.ts'
import { router } from './router.ts'
import { applyDisplay } from './me/display.ts'
import { followReturn } from './session/cameBack.ts'
import { openWhereLeft } from './session/restore.ts'

/** The window's backend. The one in memory and the bridge's exist in builds for development alone, see `ui/checks`. */
async function chosenBackend(): Promise<Backend> {
  if (import.meta.env.DEV && import.meta.env.VITE_BACKEND === 'bridge') {
    return (await import('./backend/bridge.ts')).bridgeBackend()
  }
  if (import.meta.env.DEV && import.meta.env.VITE_BACKEND === 'memory') {
    return (await import('./backend/memory/backend.ts')).memoryBackend()
  }
  return (await import('./backend/tauri.ts')).tauriBackend()
}

async function start(): Promise<void> {
  applyDisplay()
  followKeyboard()
  setBackend(await chosenBackend())
  const app = createApp(App).use(createPinia())
  await openWhereLeft(router)
  app.use(router).mount('#app')
  followReturn()
}

void start()
