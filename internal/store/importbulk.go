package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// execer runs a statement with "?" for its values and tells how many rows it
// changed.
type execer func(query string, values ...any) (int64, error)

// bulkParameters is how many values one statement of SQLite carries: more make
// it no faster, since their names are read anew each time.
const bulkParameters = 2000

// bulk adds rows to a table and then runs finish, in one transaction: by COPY on PostgreSQL, and without gorm on SQLite,
// to which a million rows would be a million structs to look through.
func (s *Store) bulk(ctx context.Context, table string, columns []string, rows [][]any, finish func(execer) error) error {
	if s.dialect.goose == postgresDialect.goose {
		return s.copyIn(ctx, table, columns, rows, finish)
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := insertRows(ctx, tx.Statement.ConnPool, table, columns, rows); err != nil {
			return err
		}
		return finish(func(query string, values ...any) (int64, error) {
			result := tx.Exec(query, values...)
			return result.RowsAffected, result.Error
		})
	})
}

func insertRows(ctx context.Context, conn gorm.ConnPool, table string, columns []string, rows [][]any) error {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	for _, batch := range chunks(rows, max(1, bulkParameters/len(columns))) {
		query := "INSERT INTO " + table + " (" + strings.Join(columns, ",") + ") VALUES " + one + strings.Repeat(","+one, len(batch)-1)
		values := make([]any, 0, len(batch)*len(columns))
		for _, row := range batch {
			values = append(values, row...)
		}
		if _, err := conn.ExecContext(ctx, query, values...); err != nil {
			return err
		}
	}
	return nil
}

// copyIn is bulk on PostgreSQL.
func (s *Store) copyIn(ctx context.Context, table string, columns []string, rows [][]any, finish func(execer) error) error {
	db, err := s.write.DB()
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		held, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T", driver)
		}
		return pgx.BeginFunc(ctx, held.Conn(), func(tx pgx.Tx) error {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
				return err
			}
			return finish(func(query string, values ...any) (int64, error) {
				for n := 1; strings.Contains(query, "?"); n++ {
					query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
				}
				tag, err := tx.Exec(ctx, query, values...)
				return tag.RowsAffected(), err
			})
		})
	})
}
