package store

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// doubt has the system give a connection up when nothing confirms what was sent
// (RFC 5482). Where it cannot, its own limit holds.
func doubt(network, _ string, conn syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	return conn.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(postgresVanished.Milliseconds()))
	})
}
