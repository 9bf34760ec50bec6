# syntax=docker/dockerfile:1
# Bases are pinned by tag; a release pins the digest, which needs a container registry to look up.
FROM node:24.11.0-bookworm-slim AS build
# Stays empty: the directory that the image has for server.state_dir.
WORKDIR /build/state
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build

# Everything is in the bundle, so the image holds node and dist and nothing else of ours.
FROM node:24.11.0-bookworm-slim
WORKDIR /app
COPY LICENSE ./
COPY --from=build /build/dist dist
# A volume that is mounted here belongs to the user below.
COPY --from=build --chown=1000:1000 /build/state /state
ENV NODE_ENV=production IDP_DOUBLE_HOST=0.0.0.0
# Numeric, so that an orchestrator can see that it is not root; any other user works as well.
USER 1000:1000
EXPOSE 8080 8443
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --start-interval=200ms --retries=5 \
  CMD ["node", "/app/dist/cli.cjs", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/cli.cjs"]
CMD ["serve"]
