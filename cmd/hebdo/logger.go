package main

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
)

// logger writes records to the error stream. A person who waits for a command
// reads its result, not its log.
func (c *console) logger(level string) (*slog.Logger, error) {
	l := slog.LevelInfo
	if level != "" {
		if err := l.UnmarshalText([]byte(level)); err != nil {
			return nil, err
		}
	} else if !c.steady && terminal(c.err) {
		l = slog.LevelWarn
	}
	return newLogger(c.err, l), nil
}

// newLogger writes records without addresses. Nobody logs one on purpose; but
// errors carry what servers and databases said, who repeat them.
func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: withoutAddresses}))
}

// address is an e-mail address in a text, and a user and password before a
// host; a host alone is none.
var address = regexp.MustCompile(`[^\s<>()\[\]",;=]+@[\pL\d.-]+`)

func withoutAddresses(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
	case slog.KindAny:
		if _, isText := a.Value.Any().(error); !isText {
			return a
		}
	default:
		return a
	}
	if text := fmt.Sprint(a.Value.Any()); address.MatchString(text) {
		a.Value = slog.StringValue(address.ReplaceAllString(text, "…@…"))
	}
	return a
}
