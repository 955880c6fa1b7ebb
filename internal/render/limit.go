package render

import (
	"bytes"
	"errors"
)

// maxOutput is the most one template may write, in bytes: ten times what a
// mailbox shows.
const maxOutput = 1 << 20

var errTooLong = errors.New("it wrote more than 1024 kB")

// capped is a buffer that refuses to grow over maxOutput.
type capped struct {
	bytes.Buffer
}

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > maxOutput {
		return 0, errTooLong
	}
	return c.Buffer.Write(p)
}
