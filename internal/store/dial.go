package store

import (
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	postgresConnect  = 5 * time.Second  // to be let in; each host of several has as long
	postgresVanished = 30 * time.Second // without a sign that what was said has arrived
)

// reach has a server that vanished without a word (its power failed, or the way
// to it) taken for gone. Left to the system, a connection to it is waited for
// two minutes, longer than whoever needs one has for a next host; and what was
// being asked is for a quarter of an hour. An operator's own connect_timeout
// stays.
func reach(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = postgresConnect
	}
	config.DialFunc = (&net.Dialer{Control: doubt}).DialContext
}
