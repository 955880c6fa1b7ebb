package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// Servers repeat the address in their refusals, databases the key of a row, and
// a password may stand before a host: none of them comes into the log.
func TestNoAddressComesIntoTheLogByWayOfAnError(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, slog.LevelInfo)
	refusal := digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "<Léa.Lefèvre+x@exämple.org>: no such user"}
	log.Warn("the editor could not be told", "error", fmt.Errorf("telling: %w", refusal), "newsletter", "lettre")
	log.Error("failed", "error", errors.New("imaps://lea%40example.org:pass@imap.example.org: gone; Key (match)=(lea@example.org)"),
		"where", "to lea@example.org", "node", "host/0192", "mails", 3)
	said := out.String()
	for _, secret := range []string{"Lefèvre", "lea", "example.org", "exämple", "pass"} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is in the log:\n%s", secret, said)
		}
	}
	for _, kept := range []string{"550 5.1.1", "no such user", "newsletter=lettre", "node=host/0192", "mails=3", "gone"} {
		if !strings.Contains(said, kept) {
			t.Errorf("%q is missing:\n%s", kept, said)
		}
	}
}
