import { defineConfig, mergeConfig } from 'vite'
import release from './vite.config.ts'

// The app exactly as it is released, over the development bridge of the tests in place of Tauri: for Chromium as the
// stand-in of a phone's WebView, never released.
export default mergeConfig(
  release,
  defineConfig({
    define: { 'import.meta.env.DEV': 'true', 'import.meta.env.VITE_BACKEND': '"bridge"' },
    build: { outDir: 'dist-bridge', reportCompressedSize: false },
  }),
)
