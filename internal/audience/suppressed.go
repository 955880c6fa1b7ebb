package audience

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// reasons are what other tools call the reasons of a suppression.
var reasons = map[string]digest.SuppressionKind{
	"bounced": digest.Bounced, "bounce": digest.Bounced, "hard": digest.Bounced, "hard bounce": digest.Bounced, "hardbounce": digest.Bounced,
	"hard_bounce": digest.Bounced, "invalid": digest.Bounced, "disparue": digest.Bounced, "adresse disparue": digest.Bounced,
	"complained": digest.Complained, "complaint": digest.Complained, "spam": digest.Complained, "spamcomplaint": digest.Complained,
	"spam complaint": digest.Complained, "abuse": digest.Complained, "plainte": digest.Complained,
	"barred": digest.Barred, "blocked": digest.Barred, "blocklist": digest.Barred, "manual": digest.Barred, "unsubscribed": digest.Barred,
	"unsubscribe": digest.Barred, "suppressed": digest.Barred, "exclue": digest.Barred, "": digest.Barred,
}

// suppression reads a cell of a list of readers. A reason that is not known is
// one as well: who was kept off elsewhere is to stay off.
func suppression(cell string) digest.SuppressionKind {
	folded := fold(cell)
	if blank(cell) || answers[folded] == refused {
		return ""
	}
	switch folded {
	case "null", "none", "nil", "nan", "na":
		return ""
	}
	if kind, ok := reasons[strings.ToLower(cell)]; ok {
		return kind
	}
	return digest.Barred
}

// maxSuppressed is the largest suppression list that is read, in bytes.
const maxSuppressed = 64 << 20

// ReadSuppressed reads a suppression list: CSV with a line of column names, in
// any order: the address (email, address, recipient), and if there are the
// reason, since when (RFC 3339 or a date), and words. Without that line the
// columns stand in this order, the address alone or with more. A reason that is not known is a bad line; none is digest.Barred. Lines
// of erased addresses, which have none, are passed over. All faults are told at
// once; any means that nothing should be taken.
func ReadSuppressed(r io.Reader) ([]digest.Subscriber, []BadLine, error) {
	file, err := openSheet(r, maxSuppressed)
	if errors.Is(err, errTooBig) {
		return nil, []BadLine{{Code: "size", Detail: sizeOf(maxSuppressed)}}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.close()
	var records []record
	var faults []BadLine
	file.each(func(r record) bool { records = append(records, r); return true }, func(b BadLine) { faults = append(faults, b) }, nil)
	at := map[string]int{"email": 0, "reason": 1, "since": 2, "text": 3}
	if len(records) > 0 && !strings.Contains(records[0].cells[0], "@") {
		if at = suppressedColumns(records[0].cells); at["email"] < 0 {
			return nil, append(faults, BadLine{Line: records[0].line, Code: "column.address"}), nil
		}
		records = records[1:]
	}
	var all []digest.Subscriber
	for _, rec := range records {
		cell := func(name string) string {
			if i := at[name]; i >= 0 && i < len(rec.cells) {
				return rec.cells[i]
			}
			return ""
		}
		if cell("email") == "" && strings.EqualFold(cell("reason"), string(digest.Erased)) {
			continue
		}
		address, err := ParseAddress(cell("email"))
		if err != nil {
			faults = append(faults, BadLine{Line: rec.line, Code: "address", Detail: cell("email")})
			continue
		}
		kind, ok := reasons[strings.ToLower(cell("reason"))]
		if !ok {
			faults = append(faults, BadLine{Line: rec.line, Code: "reason", Detail: cell("reason")})
			continue
		}
		all = append(all, digest.Subscriber{
			Address: address.Typed, Match: address.Match,
			Suppression: digest.Suppression{Kind: kind, Since: since(cell("since")), Text: cell("text")},
		})
	}
	return all, faults, nil
}

func suppressedColumns(names []string) map[string]int {
	at := map[string]int{"email": -1, "reason": -1, "since": -1, "text": -1}
	for i, name := range names {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "email", "e-mail", "address", "adresse", "courriel", "recipient", "emailaddress", "email address":
			at["email"] = i
		case "reason", "suppressed", "suppression", "type", "motif", "suppressionreason":
			at["reason"] = i
		case "since", "date", "created", "created_at", "createdat", "depuis":
			at["since"] = i
		case "text", "error", "status", "reply", "description", "texte":
			at["text"] = i
		}
	}
	return at
}

// since is a time as tools write it; the zero time where it is none.
func since(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02", time.RFC1123, time.RFC1123Z} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// WriteSuppressed writes a suppression list as ReadSuppressed reads it; next
// gives its pages, an empty one last.
func WriteSuppressed(w io.Writer, next func() ([]digest.Subscriber, error)) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err := out.Write([]string{"email", "reason", "since", "text"})
	for err == nil {
		var page []digest.Subscriber
		if page, err = next(); err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, who := range page {
			if who.Suppression.Kind == digest.Erased {
				continue // it has no address, and nothing to keep off
			}
			cells := []string{who.Address, string(who.Suppression.Kind), stamp(who.Suppression.Since), who.Suppression.Text}
			for i := range cells {
				cells[i] = guard(cells[i])
			}
			if err == nil {
				err = out.Write(cells)
			}
		}
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("writing the suppression list: %w", err)
	}
	return nil
}
