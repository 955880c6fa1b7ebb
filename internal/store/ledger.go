package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// ledger is change for the statements that run once for every few mails. In
// SQLite they stay compiled. A transaction once begun is not cut short when ctx
// ends, which spares each statement, and they are short, a goroutine that
// watches for that.
func (s *Store) ledger(ctx context.Context, f func(tx *gorm.DB, q swift) error) error {
	if !s.dialect.exclusive {
		return s.change(ctx, func(tx *gorm.DB) error { return f(tx, swift{ctx, tx.Statement.ConnPool, nil}) })
	}
	pool, err := s.write.DB()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx = context.WithoutCancel(ctx)
	kept, err := s.prepared(conn)
	if err != nil {
		return err
	}
	own := s.write.WithContext(ctx)
	own.Statement.ConnPool = conn
	if kept == nil {
		return own.Transaction(func(tx *gorm.DB) error { return f(tx, swift{ctx, tx.Statement.ConnPool, nil}) })
	}
	return kept.transaction(func() error { return f(own, swift{ctx, conn, kept}) })
}

// prepared gives what is kept of the writer's connection. Should database/sql
// have replaced it, the statements of the old one are gone with it.
func (s *Store) prepared(conn *sql.Conn) (kept *prepared, err error) {
	err = conn.Raw(func(c any) error {
		if s.kept.of != c {
			s.kept.of, s.kept.prepared = c, preparedOn(c)
		}
		kept = s.kept.prepared
		return nil
	})
	return kept, err
}

// forget lets go of what is kept, so that the connection can be closed. One
// that somebody still works with is left to its driver.
func (s *Store) forget() error {
	if s.kept.prepared == nil {
		return nil
	}
	pool, err := s.write.DB()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		if s.kept.of == c {
			s.kept.prepared.close()
		}
		s.kept.of, s.kept.prepared = nil, nil
		return nil
	})
}

// patience is for how long Close waits for a transaction, which itself waits
// ten seconds for another process.
const patience = 15 * time.Second
