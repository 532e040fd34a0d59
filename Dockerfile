# Lessons for those without Linux: Vitrine, a compiler, and a desktop that a browser shows.
#
#	docker build -t vitrine .
#	docker run --rm -p 127.0.0.1:6080:6080 vitrine        # then open http://localhost:6080/
#
# docs/container.md says more. Everything comes from Debian's packages.
ARG DEBIAN=bookworm

FROM debian:${DEBIAN} AS package
WORKDIR /source
COPY script/bootstrap script/
RUN script/bootstrap package
COPY . .
RUN script/package /packages

FROM debian:${DEBIAN}
COPY --from=package /packages /packages
RUN apt-get update && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		/packages/*.deb \
		tigervnc-standalone-server novnc websockify openbox tint2 xterm xclip fonts-dejavu \
		gcc libc6-dev libsdl2-dev make gdb pkgconf python3-numpy python3-pil \
		bash-completion file git less man-db nano procps sudo && \
	rm -rf /packages /var/lib/apt/lists/*
RUN useradd --create-home --shell /bin/bash student && \
	echo 'student ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/student
COPY packaging/container/desktop /usr/local/bin/vitrine-desktop

USER student
WORKDIR /home/student
ENV DISPLAY=:1 LANG=C.UTF-8
EXPOSE 6080
CMD ["vitrine-desktop"]
