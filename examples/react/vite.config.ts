import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const { EXAMPLE_SERVER: server = 'http://localhost:3000' } = process.env;

export default defineConfig({
  plugins: [react()],
  server: {
    proxy: {
      // The page and the API share one origin here, so the session cookie is enough. Parlour lets only pages of its own
      // origin use a cookie, which is why the proxy speaks in its name.
      '/api': { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
    },
  },
});
