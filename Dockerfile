# Two stages: build the environment with pip and npm, then run without either, as nobody special.
FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim AS build
WORKDIR /catalogue
RUN python -m venv /venv
COPY locks/run.txt locks/run.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r locks/run.txt
COPY . .
COPY --from=assets /build/node_modules node_modules
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && /venv/bin/python -m catalogue.web.assets \
 && rm -rf node_modules tests benchmarks .ci

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data catalogue \
 && install -d -o catalogue -g catalogue /data
COPY --from=build /venv /venv
COPY --from=build /catalogue /catalogue
WORKDIR /catalogue
USER catalogue
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CATALOGUE_DATA=/data CATALOGUE_HOST=0.0.0.0 CATALOGUE_PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["catalogue", "serve"]
