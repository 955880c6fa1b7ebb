package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"hebdo/internal/digest"
)

// Hash is the SHA-256 of all fields of a letter, each preceded by its length, in
// hexadecimal, and of where its parts are, if it has any. An approval stores it; Drain sends nothing that does not match.
func Hash(l digest.Letter) string {
	h := sha256.New()
	for _, part := range []string{string(l.Variant.Language), string(l.Variant.Length), l.Subject, l.Preheader, l.HTML, l.Text} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	for _, p := range l.Parts {
		fmt.Fprintf(h, "%d %s %t %d %d\n", len(p.Theme), p.Theme, p.HTML, p.From, p.To)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Edition is a letter as an approval stores it: with its hash, and encoded
// where the sender can do that before it sends.
func (c *Courier) Edition(issueID string, l digest.Letter) digest.Edition {
	e := digest.Edition{IssueID: issueID, Letter: l, Hash: Hash(l)}
	if encoder, ok := c.sender.(Encoder); ok {
		e.Encoded = encoder.Encode(digest.Mail{Subject: l.Subject, Text: l.Text, HTML: l.HTML, Parts: l.Parts}, marks[:])
	}
	return e
}

// edition is a letter ready to be sent to many.
type edition struct {
	common digest.Mail
	send   func(context.Context, digest.Copy) error
}

// prepare makes an edition, encoded once where the sender can.
func (c *Courier) prepare(f frame, stored digest.Edition) (e edition, err error) {
	e.common = c.common(f, stored.Letter)
	e.common.Encoded = stored.Encoded
	if press, ok := c.sender.(Press); ok {
		e.send, err = press.Prepare(e.common, marks[:])
		return e, err
	}
	e.send = func(ctx context.Context, own digest.Copy) error {
		return c.sender.Send(ctx, e.common.For(own, marks[:]))
	}
	return e, nil
}

// shelf holds the editions of the issue at hand.
type shelf struct {
	frame    frame
	editions map[digest.Variant]edition
	main     digest.Language
}

// load reads the approved editions, checks that they are what was approved,
// and that mails can be made of them, before anybody gets one.
func (c *Courier) load(ctx context.Context, issue digest.Issue, nl digest.Newsletter) (*shelf, error) {
	stored, err := c.issues.Editions(ctx, issue.ID)
	if err != nil {
		return nil, fmt.Errorf("load the approved editions: %w", err)
	}
	if len(stored) == 0 {
		return nil, fmt.Errorf("no edition was stored with the approval of the issue: %w", digest.ErrNotApproved)
	}
	f, err := c.frame(issue, nl)
	if err != nil {
		return nil, err
	}
	s := &shelf{frame: f, editions: make(map[digest.Variant]edition, len(stored)), main: nl.MainLanguage()}
	for _, e := range stored {
		switch {
		case e.IssueID != issue.ID || Hash(e.Letter) != e.Hash:
			return nil, fmt.Errorf("edition %s is not what was approved (its hash differs): take the issue back to review", e.Letter.Variant)
		case strings.ContainsAny(e.Letter.Subject, "\r\n\x00"):
			return nil, fmt.Errorf("edition %s: the subject has a line break: %w", e.Letter.Variant, digest.ErrUnsendable)
		case e.Letter.Text == "":
			return nil, fmt.Errorf("edition %s: the text part is empty: %w", e.Letter.Variant, digest.ErrUnsendable)
		}
		if s.editions[e.Letter.Variant], err = c.prepare(f, e); err != nil {
			return nil, fmt.Errorf("edition %s: %w", e.Letter.Variant, err)
		}
	}
	return s, nil
}

// of gives the edition for a reader: the one asked for, else the full one in
// that language, else the newsletter's main one, else the only one there is.
func (s *shelf) of(v digest.Variant) (edition, error) {
	for _, want := range []digest.Variant{
		v,
		{Language: v.Language, Length: digest.Full},
		{Language: s.main, Length: v.Length},
		{Language: s.main, Length: digest.Full},
	} {
		if e, ok := s.editions[want]; ok {
			return e, nil
		}
	}
	if len(s.editions) == 1 {
		for _, e := range s.editions {
			return e, nil
		}
	}
	return edition{}, errors.New("the issue has no edition for " + v.String() + " nor in its main language")
}
