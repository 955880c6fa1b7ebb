package mail

// beingTried is known of a server while one connection finds out whether it
// understands commands that follow a message in the same write. One mail at
// most is in doubt when it does not.
const beingTried = lying + 1

// follower chooses who comes next on the connection and gives the commands to
// say for them behind the message of e, which RFC 2920, 3.1, allows: the server
// has them before it when it has answered, and the next mail needs no way there
// and back of its own. None: nobody waits, or the server is not known to
// understand it.
func (c *conn) follower(e *envelope) []byte {
	s := c.owner
	if e.singly || s.pipelining.Load() != proven {
		return nil
	}
	known := s.chaining.Load()
	if known != proven && (known != untested || !s.chaining.CompareAndSwap(untested, beingTried)) {
		return nil
	}
	c.trial = known == untested
	next, ok := s.pool.follow(c)
	if !ok {
		c.concludes(untested)
		return nil
	}
	commands, _ := c.commands(&next) // none is refused to a mail that can be announced
	c.said = appendLines(c.said[:0], commands)
	return c.said
}

// concludes ends a trial with what the server is known to be.
func (c *conn) concludes(known int32) {
	if !c.trial {
		return
	}
	c.trial = false
	c.owner.chaining.Store(known)
	if known == lying {
		c.owner.opt.Logger.Warn("the mail server offers PIPELINING and does not understand commands that follow a message: they wait for its answer", "server", c.owner.opt.address())
	}
}

// appendLines appends commands as they are said together.
func appendLines(b []byte, commands []command) []byte {
	for _, m := range commands {
		b = append(append(append(append(b, m.verb...), m.path...), m.options...), "\r\n"...)
	}
	return b
}
