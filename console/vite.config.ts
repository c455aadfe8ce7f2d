// Builds the console: static files for dist/console, addressed relative to /console/.
import { preact } from '@preact/preset-vite'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [preact({ devToolsEnabled: false })],
  build: { outDir: '../dist/console', emptyOutDir: true, target: 'es2022', modulePreload: false, chunkSizeWarningLimit: 700 },
})
