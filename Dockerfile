# Built code and production packages; nothing of the build goes into the image that runs.
FROM node:24-slim AS build
WORKDIR /steward
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
COPY bench bench
COPY test/support test/support
COPY scripts scripts
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /steward
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /steward
COPY package.json ./
COPY --from=packages /steward/node_modules node_modules
COPY --from=build /steward/dist dist
# The embedded PostgreSQL refuses to run as root; as `node` it runs as it is. It is used where DATABASE_URL is not set.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=32", "--heap-growing-percent=100", "dist/src/main.js"]
