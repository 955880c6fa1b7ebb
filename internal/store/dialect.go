package store

import (
	"fmt"

	"github.com/pressly/goose/v3"
)

// dialect is all that differs between the databases once they are open.
type dialect struct {
	goose goose.Dialect
	// exclusive: a transaction is the only one that writes. Others neither wait
	// for single rows nor have to pass over them.
	exclusive bool
	// jsonRows ends a FROM: the elements, called value, of the list in JSON that
	// is the first argument.
	jsonRows string
	// key is an element of a list of texts.
	key string
	// skipLocked ends a query for rows to be changed: rows that another
	// transaction holds are passed over. SQLite has one writer at a time.
	skipLocked string
	// forUpdate ends a query that locks its rows in its order, so that two
	// transactions which want the same ones never wait for each other. Rows that
	// refer to them may be added meanwhile.
	forUpdate string
	// byIndex begins a transaction that walks the outbox in the order of its
	// index. A ledger just filled has no statistics: PostgreSQL takes it for
	// empty, and would read and sort all that is open for every claim.
	byIndex string
	// orderedTail is an expression for the rest of a UUIDv7 after its time and
	// version: "ccc-accc-rrrrrrrrrrrr", where c grows with the rows of s, from a
	// number given twice (RFC 9562, 6.2, method 1). What is next in the outbox so
	// lies next to it on the disk as well. SQLite has numbers for its rows, and
	// to count them by a window takes it an eighth of the time of an INSERT.
	orderedTail string
}

var (
	sqliteDialect = dialect{
		goose:       goose.DialectSQLite3,
		exclusive:   true,
		jsonRows:    `json_each($1)`,
		key:         `value`,
		orderedTail: `printf('%03x-a%03x-', ((? + s.rowid) >> 12) & 4095, (? + s.rowid) & 4095) || lower(hex(randomblob(6)))`,
	}
	postgresDialect = dialect{
		goose:      goose.DialectPostgres,
		jsonRows:   `jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB))`,
		key:        `value #>> '{}'`,
		skipLocked: ` FOR NO KEY UPDATE SKIP LOCKED`,
		forUpdate:  ` FOR NO KEY UPDATE`,
		byIndex:    `SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
		orderedTail: `lpad(to_hex(((CAST(? AS BIGINT) + row_number() OVER (ORDER BY s.id)) >> 12) & 4095), 3, '0') || '-a' ||
			lpad(to_hex((CAST(? AS BIGINT) + row_number() OVER (ORDER BY s.id)) & 4095), 3, '0') || '-' || right(gen_random_uuid()::text, 12)`,
	}
)

// newIDs is an expression that makes a UUIDv7 for every row of an INSERT …
// SELECT, in their order; its arguments are newIDsPrefix and, twice, how many
// rows with that prefix there are.
func (d dialect) newIDs() string { return `CAST(? AS TEXT) || ` + d.orderedTail }

// newIDsPrefix is the time and version of a UUIDv7 (RFC 9562, 5.7).
func (s *Store) newIDsPrefix() string {
	ms := fmt.Sprintf("%012x", s.now().UnixMilli()&0xffffffffffff)
	return ms[:8] + "-" + ms[8:] + "-7"
}
