package store

import (
	"fmt"
	"reflect"
	"strings"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// prepared keeps the statements of one SQLite connection as they were compiled.
// The driver compiles a statement each time it is called, even one that
// database/sql prepared, and for a handful of rows that takes it longer than to
// run it. It is for a connection that nobody else uses meanwhile.
type prepared struct {
	tls        *libc.TLS
	db         uintptr
	statements map[string]uintptr
}

// preparedOn reads from the driver's connection what SQLite knows it by, which
// the driver tells nobody. Nil: it is another driver than this was written for,
// and the way is database/sql's.
func preparedOn(connection any) *prepared {
	c := reflect.Indirect(reflect.ValueOf(connection))
	if c.Kind() != reflect.Struct {
		return nil
	}
	db, tls := c.FieldByName("db"), c.FieldByName("tls")
	if !db.IsValid() || !tls.IsValid() || db.Kind() != reflect.Uintptr || db.Uint() == 0 || tls.Type() != reflect.TypeFor[*libc.TLS]() {
		return nil
	}
	return &prepared{tls: (*libc.TLS)(tls.UnsafePointer()), db: uintptr(db.Uint()), statements: map[string]uintptr{}}
}

// close lets go of the statements; the connection is closed by its driver.
func (p *prepared) close() {
	for _, s := range p.statements {
		sqlite3.Xsqlite3_finalize(p.tls, s)
	}
	clear(p.statements)
}

// statement compiles a text once. The texts are those of this package: they are
// few.
func (p *prepared) statement(text string) (uintptr, error) {
	if s, ok := p.statements[text]; ok {
		return s, nil
	}
	c, err := libc.CString(strings.ReplaceAll(text, "$", "?")) // which SQLite takes for a number, as it does not $1
	if err != nil {
		return 0, err
	}
	defer libc.Xfree(p.tls, c)
	const pointer = 8 // bytes, at most
	out := p.tls.Alloc(pointer)
	defer p.tls.Free(pointer)
	if code := sqlite3.Xsqlite3_prepare_v3(p.tls, p.db, c, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, out, 0); code != sqlite3.SQLITE_OK {
		return 0, p.fault(code)
	}
	s := libc.AtomicLoadPUintptr(out)
	p.statements[text] = s
	return s, nil
}

// run calls scan, where there is one, for every row, and tells how many rows
// were changed.
func (p *prepared) run(text string, args []any, scan func(scanner) error) (changed int, err error) {
	s, err := p.statement(text)
	if err != nil {
		return 0, err
	}
	defer sqlite3.Xsqlite3_reset(p.tls, s)
	for i, arg := range args {
		if err := p.bind(s, int32(i+1), arg); err != nil {
			return 0, err
		}
	}
	for {
		switch code := sqlite3.Xsqlite3_step(p.tls, s); code {
		case sqlite3.SQLITE_ROW:
			if scan == nil {
				continue
			}
			if err := scan(preparedRow{p, s}); err != nil {
				return 0, err
			}
		case sqlite3.SQLITE_DONE:
			return int(sqlite3.Xsqlite3_changes(p.tls, p.db)), nil
		default:
			return 0, p.fault(code)
		}
	}
}

// transaction runs f in one that may write, and undoes it when f fails.
func (p *prepared) transaction(f func() error) (err error) {
	if _, err := p.run(`BEGIN IMMEDIATE`, nil, nil); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			_, _ = p.run(`ROLLBACK`, nil, nil) // SQLite may have done so itself
		}
	}()
	if err := f(); err != nil {
		return err
	}
	_, err = p.run(`COMMIT`, nil, nil)
	done = err == nil
	return err
}

func (p *prepared) bind(s uintptr, i int32, arg any) error {
	var code int32
	switch v := arg.(type) {
	case string:
		c, err := libc.CString(v)
		if err != nil {
			return err
		}
		defer libc.Xfree(p.tls, c)
		code = sqlite3.Xsqlite3_bind_text(p.tls, s, i, c, int32(len(v)), sqlite3.SQLITE_TRANSIENT)
	case int:
		code = sqlite3.Xsqlite3_bind_int64(p.tls, s, i, int64(v))
	case int64:
		code = sqlite3.Xsqlite3_bind_int64(p.tls, s, i, v)
	default:
		return fmt.Errorf("a %T cannot be given to a statement", arg)
	}
	if code != sqlite3.SQLITE_OK {
		return p.fault(code)
	}
	return nil
}

func (p *prepared) fault(code int32) error {
	return sqliteFault{int(code), libc.GoString(sqlite3.Xsqlite3_errmsg(p.tls, p.db))}
}

// sqliteFault is an error of SQLite, as the driver's is.
type sqliteFault struct {
	code int
	text string
}

func (f sqliteFault) Error() string { return fmt.Sprintf("%s (%d)", f.text, f.code) }

// Code is SQLite's (sqlite.org/rescode.html).
func (f sqliteFault) Code() int { return f.code }

// preparedRow is the row that a statement stands at.
type preparedRow struct {
	p *prepared
	s uintptr
}

// Scan implements scanner.
func (r preparedRow) Scan(dest ...any) error {
	for i, d := range dest {
		switch d := d.(type) {
		case *string:
			*d = libc.GoString(sqlite3.Xsqlite3_column_text(r.p.tls, r.s, int32(i)))
		case *int64:
			*d = int64(sqlite3.Xsqlite3_column_int64(r.p.tls, r.s, int32(i)))
		case *int:
			*d = int(sqlite3.Xsqlite3_column_int64(r.p.tls, r.s, int32(i)))
		default:
			return fmt.Errorf("column %d cannot be read into a %T", i+1, d)
		}
	}
	return nil
}
