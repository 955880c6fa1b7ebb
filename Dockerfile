FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY internal/extract/dateparser/go.mod internal/extract/dateparser/
RUN go mod download
COPY . .
ARG RELEASE=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=${RELEASE}" -o /out/hebdo ./cmd/hebdo \
 && mkdir -p /out/data /out/tmp

# The program is static: it needs certificates, and nothing else of a system.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/hebdo /hebdo
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV HEBDO_DATABASE_URL=sqlite:/data/hebdo.db HEBDO_HTTP_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/hebdo", "health"]
ENTRYPOINT ["/hebdo"]
CMD ["serve"]
