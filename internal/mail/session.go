package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// health says what may be done with a connection after a transaction.
type health int

const (
	alive   health = iota // use it again
	lost                  // close it
	stale                 // close it; it was gone before it answered anything
	lostWay               // close it; commands in one write, or behind a message, seem to be too much for the server
)

// What is known of a server that offers PIPELINING.
const (
	untested int32 = iota
	proven         // it took commands in one write
	lying          // it did not, and took the same ones singly
)

// send runs one mail transaction (RFC 5321, 3.3). Where the server takes it,
// MAIL, RCPT and DATA go in one write (RFC 2920), and in the very write of the
// mail before when that one is still under way. After a refusal the connection
// stays open; the next transaction begins with RSET.
func (c *conn) send(ctx context.Context, e *envelope) (health, error) {
	c.limit(ctx, c.owner.opt.Timeout)
	stop := context.AfterFunc(ctx, func() { _ = c.wire.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	h, err := c.transaction(ctx, e)
	if h != alive || !stop() {
		c.broken = true // a deadline may have cut a TLS record in two
		if h == alive {
			h = lost
		}
	}
	return h, err
}

func (c *conn) transaction(ctx context.Context, e *envelope) (health, error) {
	commands, refused := c.commands(e)
	if refused != nil {
		return alive, *refused
	}
	if c.dirty {
		commands = slices.Insert(commands, 0, command{"RSET", "", "", 2, session})
	}
	h, err := c.announce(ctx, commands, e)
	if err != nil {
		return h, err
	}
	select {
	case <-e.recall:
		return lost, digest.ErrNotBegun // the server waits for the message: it has to be left
	default:
	}
	c.limit(ctx, c.owner.opt.Timeout)
	whole, err := c.write(e.wire, c.follower(e))
	if !whole {
		return lost, c.broke(ctx, "sending the message", err) // the final dot was not given away
	}
	if err == nil {
		c.limit(ctx, c.owner.opt.Answer)
		_, _, err = c.client.Text.ReadResponse(2)
	}
	if err == nil {
		c.dirty = false
		return alive, nil
	}
	if r, ok := c.owner.refusal(err, e.domain); ok {
		r.Connection = false
		c.dirty = false // the end of the data ends the transaction, whatever the answer
		if c.trial && outOfOrder(r) {
			c.concludes(lying)
			return lostWay, r
		}
		return after(r), r
	}
	c.concludes(lying)
	return lost, fmt.Errorf("mail server %s: %w (%w)", c.owner.opt.address(), digest.ErrPerhapsAccepted, because(ctx, err))
}

// write gives a message to the connection, and what follows it; whole tells
// whether all of the message, whatever became of it then.
func (c *conn) write(message net.Buffers, behind []byte) (whole bool, err error) {
	c.pieces = append(c.pieces[:0], message...)
	if len(behind) > 0 {
		c.pieces = append(c.pieces, behind)
	}
	if c.owner.opt.TLS == "none" {
		rest := c.pieces
		_, err = rest.WriteTo(c.wire.Conn) // one call of the system, and nothing is copied
		return len(rest) <= len(c.pieces)-len(message), err
	}
	// In one write, so that it is cut into records of the full size. Nothing is
	// buffered: all of it goes to the connection at once.
	joined := slices.Concat(c.pieces...)
	n, err := c.client.Text.W.Write(joined)
	if err == nil {
		err = c.client.Text.W.Flush() // a mail smaller than the buffer waits there
	}
	return n >= len(joined)-len(behind), err
}

// commands are those from MAIL to DATA; they hold until it is called again. A
// mail with an address that only SMTPUTF8 (RFC 6531) can carry is refused here,
// as such a server would, where the server does not know it.
func (c *conn) commands(e *envelope) ([]command, *digest.Refusal) {
	options := ""
	if ok, _ := c.client.Extension("SIZE"); ok {
		options = " SIZE=" + strconv.Itoa(e.size)
	}
	if e.utf8 {
		if ok, _ := c.client.Extension("SMTPUTF8"); !ok {
			return nil, &digest.Refusal{Permanent: true, Code: 553, Enhanced: "5.6.7", Domain: e.domain,
				Text: "the address has letters outside ASCII, and the mail server does not offer SMTPUTF8"}
		}
		options += " BODY=8BITMIME SMTPUTF8"
	}
	c.lines = append(c.lines[:0], command{"MAIL FROM:", e.from, options, 2, session},
		command{"RCPT TO:", e.to, "", 2, recipient}, command{"DATA", "", "", 3, recipient})
	return c.lines, nil
}

type command struct {
	verb, path, options string // its line
	expect              int    // first digit of the reply
	of                  subject
}

// subject is what a command is about: a 421 to it is the server's own trouble,
// or that of the recipient's domain.
type subject int

const (
	session subject = iota
	recipient
)

// announce says the commands, where they were not said before, and returns the
// first refusal.
func (c *conn) announce(ctx context.Context, commands []command, e *envelope) (health, error) {
	text := c.client.Text
	known := c.owner.pipelining.Load()
	together, _ := c.client.Extension("PIPELINING")
	together = together && !e.singly && known != lying
	doubtful := func(i int) bool { return together && known == untested && i > 0 && ctx.Err() == nil }
	if c.announced {
		c.announced = false
	} else if together {
		c.said = appendLines(c.said[:0], commands)
		_, _ = text.W.Write(c.said) // the error stays with the writer until Flush
		if err := text.W.Flush(); err != nil {
			return stale, c.broke(ctx, "speaking to it", err)
		}
	}
	c.dirty = true
	var first error
	for i, m := range commands {
		if !together {
			if err := text.PrintfLine("%s%s%s", m.verb, m.path, m.options); err != nil {
				return c.early(i), c.broke(ctx, "speaking to it", err)
			}
		}
		_, _, err := text.ReadResponse(m.expect)
		r, isReply := c.owner.refusal(err, e.domain)
		switch {
		case err != nil && first == nil && c.trial && ctx.Err() == nil && (!isReply || outOfOrder(r)):
			c.concludes(lying)
			return stale, c.broke(ctx, "answering commands sent behind a message", err)
		case err != nil && first == nil && doubtful(i) && (!isReply || outOfOrder(r)):
			return lostWay, c.broke(ctx, "answering commands sent together", err)
		case err == nil && m.expect == 3 && first != nil:
			return c.nothing(ctx, first) // DATA accepted although nobody is to get it
		case err == nil:
		case !isReply:
			if first != nil {
				return lost, first // the server refused and hung up
			}
			return c.early(i), c.broke(ctx, "waiting for its answer", err)
		case r.Code == 421 && i == 0 && first == nil:
			return stale, r // said to an idle connection, before this mail was spoken of
		case r.Code == 421 && first == nil:
			r.Connection = m.of == session
			return lost, r
		case first == nil:
			first = r
			if !together {
				return alive, first
			}
		}
	}
	if together && first == nil {
		c.owner.pipelining.CompareAndSwap(untested, proven)
	}
	c.concludes(proven)
	return alive, first
}

// outOfOrder tells a complaint about the command from one about the mail
// (RFC 5321, 4.2.4; RFC 3463, 3.6).
func outOfOrder(r digest.Refusal) bool {
	return r.Code >= 500 && r.Code <= 503 || strings.HasPrefix(r.Enhanced, "5.5.")
}

// early tells a connection that was gone before its first answer from one lost later.
func (c *conn) early(i int) health {
	if i == 0 {
		return stale
	}
	return lost
}

// nothing ends the data that a server asked for after it had refused the
// recipient: a lone dot (RFC 2920, 3.1).
func (c *conn) nothing(ctx context.Context, refused error) (health, error) {
	if err := c.client.Text.PrintfLine("."); err != nil {
		return lost, refused
	}
	if _, _, err := c.client.Text.ReadResponse(2); err != nil {
		var reply *textproto.Error
		if !errors.As(err, &reply) {
			return lost, refused
		}
	}
	c.dirty = false
	return alive, refused
}

// after says whether a session goes on after a refusal.
func after(r digest.Refusal) health {
	if r.Code == 421 {
		return lost
	}
	return alive
}

// broke says at what a session broke. Nothing was accepted.
func (c *conn) broke(ctx context.Context, at string, err error) error {
	return fmt.Errorf("mail server %s: the session broke while %s: %w", c.owner.opt.address(), at, because(ctx, err))
}

// because prefers the reason why ctx ended to the time-out it was turned into.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// limit allows so much time from now on, none when ctx has ended.
func (c *conn) limit(ctx context.Context, d time.Duration) {
	c.wire.allow(maxSaid)
	_ = c.client.UpdateDeadline(d) // a connection without deadlines is a closed one: the next write says so
	if ctx.Err() != nil {
		_ = c.wire.SetDeadline(time.Unix(1, 0))
	}
}
