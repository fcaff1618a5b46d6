# One node of Parlour. With nothing set it keeps a house of its own on SQLite in /data.
FROM node:26-slim AS build
WORKDIR /app
COPY . .
# Packages need no install scripts. The pages are built here, so that no start has to: it would, had the lockfile changed.
RUN npm ci --ignore-scripts --include=optional && node bin/build-web.ts && npm prune --omit=dev --ignore-scripts --no-save

FROM node:26-slim
WORKDIR /app
COPY --from=build /app /app
# What the first start compiles is kept for those that follow, which then take less time and memory.
RUN mkdir -p /data node_modules/.cache/compile && chown node:node /data node_modules/.cache/compile
USER node
ENV HOST=0.0.0.0 PORT=3000 PARLOUR_DATA=/data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=6s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The process itself, without npm in between, so that SIGTERM reaches it.
CMD ["node", "bin/start.ts"]
