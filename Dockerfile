# Two stages: what it takes to install stays behind.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/monitor
COPY requirements/build.txt requirements/run.txt ./requirements/
RUN /opt/monitor/bin/python -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY monitor ./monitor
RUN python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt \
    && /opt/build/bin/python -m hatchling build -t wheel \
    && /opt/monitor/bin/python -m pip install --no-cache-dir --no-deps dist/*.whl \
    && /opt/monitor/bin/python -m pip check \
    && /opt/monitor/bin/python -m pip uninstall --yes pip \
    && /opt/monitor/bin/python -m compileall -q /opt/monitor/lib

FROM python:3.13-slim
ENV PATH=/opt/monitor/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/monitor /opt/monitor
# The configuration is a folder, so that an editor's rename is seen; data/ below the working directory is the volume.
WORKDIR /srv/monitor
COPY config.yaml /etc/monitor/config.yaml
COPY seeds /etc/monitor/seeds
RUN mkdir data && chown 10001:10001 data
VOLUME /srv/monitor/data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["monitor", "health", "-c", "/etc/monitor/config.yaml"]
ENTRYPOINT ["monitor"]
CMD ["run", "-c", "/etc/monitor/config.yaml"]
