# One image for every service: the command `loyalty`, without build tools, not as root.
# The image without `-slim` has the C compiler that the hot modules are compiled with.
FROM python:3.11 AS build
WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY schemas schemas
COPY infra infra
COPY producers producers
COPY processors processors
COPY projections projections
COPY loyalty loyalty
RUN python -m venv /opt/compile \
    && /opt/compile/bin/pip install --no-cache-dir --constraint constraints.txt '.[compile]' \
    && /opt/compile/bin/python -m infra.compile
RUN python -m venv /opt/loyalty \
    && /opt/loyalty/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/loyalty loyalty \
    && install --directory --owner=loyalty /var/lib/loyalty
COPY --from=build /opt/loyalty /opt/loyalty
WORKDIR /srv
COPY programmes programmes
ENV PATH=/opt/loyalty/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LOYALTY_HOME=/var/lib/loyalty
USER 10001
ENTRYPOINT ["loyalty"]
CMD ["--help"]
