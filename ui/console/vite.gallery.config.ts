import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The gallery alone: for pictures and checks of accessibility, never released.
export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: 'dist-gallery',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: ['gallery.html'] },
  },
})
