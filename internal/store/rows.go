package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"
)

// swift is a transaction past gorm, for the statements that run once for every
// few mails. Their placeholders are $1, $2, …, which both databases know, and
// their text does not depend on how many rows they are about, nor on anything
// else that changes: a list of rows comes as one JSON text.
type swift struct {
	ctx  context.Context
	pool gorm.ConnPool
	kept *prepared // nil: it is for pool to prepare what it likes
}

// scanner is a row of a result.
type scanner interface{ Scan(dest ...any) error }

// exec runs a statement and tells how many rows it changed.
func (q swift) exec(text string, args ...any) (int, error) {
	if q.kept != nil {
		return q.kept.run(text, args, nil)
	}
	result, err := q.pool.ExecContext(q.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// query calls scan for every row.
func (q swift) query(scan func(scanner) error, text string, args ...any) error {
	if q.kept != nil {
		_, err := q.kept.run(text, args, scan)
		return err
	}
	rows, err := q.pool.QueryContext(q.ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// texts gives the only column of all rows.
func (q swift) texts(text string, args ...any) (all []string, err error) {
	err = q.query(func(rows scanner) error {
		var one string
		err := rows.Scan(&one)
		all = append(all, one)
		return err
	}, text, args...)
	return all, err
}

// keysText is a list of identifiers in JSON.
func keysText(ids []string) string {
	j := append(make([]byte, 0, 40*len(ids)+2), '[')
	for i, id := range ids {
		if i > 0 {
			j = append(j, ',')
		}
		j = appendJSON(j, id)
	}
	return string(append(j, ']'))
}

func appendJSON(j []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always can be
			return append(j, quoted...)
		}
	}
	return append(append(append(j, '"'), s...), '"')
}
