import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Everything the page needs is in its own files: the server sends a policy that allows nothing else.
export default defineConfig({
  plugins: [vue()],
  build: {
    target: ['chrome87', 'safari15'],
    cssTarget: 'chrome87',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Element Plus is one chunk of its own; it changes far less often than our pages.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
