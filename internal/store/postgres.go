package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	postgresConns   = 16     // of one process
	postgresOldest  = 130000 // gen_random_uuid is built in since 13
	postgresConnAge = 30 * time.Minute
)

// letGo has the server end a session that says nothing in the midst of a
// transaction: a node that was cut off must not keep its rows locked. An
// operator's own limit stays.
func letGo(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT set_config('idle_in_transaction_session_timeout', '60s', false)
		WHERE current_setting('idle_in_transaction_session_timeout') = '0'`)
	return err
}

func (s *Store) openPostgres(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// pgx repeats the URL, without its password only as long as it could read it.
		return fmt.Errorf("%s: %w; it should look like postgres://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password percent-encoded", s.setting, ErrAddress)
	}
	reach(config)
	s.dialect = postgresDialect
	s.where = fmt.Sprintf("PostgreSQL database %s on %s:%d", config.Database, config.Host, config.Port)
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(letGo))
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxLifetime(postgresConnAge)
	if s.write, err = gorm.Open(postgres.New(postgres.Config{Conn: db}), s.config()); err != nil {
		return errors.Join(fmt.Errorf("%s cannot be reached; is it running, and are the user and password of %s right? %w", s.where, s.setting, err), db.Close())
	}
	s.read = s.write
	var version int
	if err := s.reader(ctx).Raw("SELECT current_setting('server_version_num')::int").Scan(&version).Error; err != nil {
		return fmt.Errorf("%s: ask for its version: %w", s.where, err)
	}
	if version < postgresOldest {
		return fmt.Errorf("%s is version %d; Hebdo needs PostgreSQL 13 or newer", s.where, version/10000)
	}
	return nil
}
