# Two stages: what it takes to install stays behind.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/monitor
COPY requirements/build.txt requirements/run.txt ./requirements/
RUN /opt/monitor/bin/python -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY monitor ./monitor
# The bytecode is compiled here, as nothing can be written later; its sources are not looked at again.
RUN python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt \
    && /opt/build/bin/python -m hatchling build -t wheel \
    && /opt/monitor/bin/python -m pip install --no-cache-dir --no-deps dist/*.whl \
    && /opt/monitor/bin/python -m pip check \
    && /opt/monitor/bin/python -m pip uninstall --yes pip \
    && /opt/monitor/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /opt/monitor/lib

FROM python:3.13-slim
LABEL org.opencontainers.image.title="news-monitor" \
      org.opencontainers.image.description="Watches the news for people who must not miss it: feeds in, one alert per story out." \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/monitor/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 container=oci
# The official image comes without the bytecode of the standard library: every start would compile it again.
# Whoever runs it (--user) may write into a new volume, as into /tmp.
RUN python -m compileall -q -x '/(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|site-packages|dist-packages)/' \
        "$(python -c 'import os; print(os.path.dirname(os.__file__))')" \
    && mkdir -p /etc/monitor /srv/monitor/data \
    && chown 10001:10001 /srv/monitor/data \
    && chmod 1777 /srv/monitor/data
# The configuration is a folder, so that an editor's rename is seen; data/ below the working directory is the volume.
WORKDIR /srv/monitor
COPY config.yaml config.schema.json /etc/monitor/
COPY seeds /etc/monitor/seeds
COPY --from=build /opt/monitor /opt/monitor
VOLUME /srv/monitor/data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s --retries=3 \
    CMD ["monitor", "health", "-c", "/etc/monitor/config.yaml"]
ENTRYPOINT ["monitor"]
CMD ["run", "-c", "/etc/monitor/config.yaml"]
