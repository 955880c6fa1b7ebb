package render

import (
	"bytes"
	"fmt"
)

// maxOutput is the most one template may write, in bytes: ten times what a
// mailbox shows.
const maxOutput = 1 << 20

// capped is a buffer that refuses to grow over its limit.
type capped struct {
	bytes.Buffer
	limit int
}

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > c.limit {
		return 0, fmt.Errorf("a template wrote more than %d kB", c.limit/1024)
	}
	return c.Buffer.Write(p)
}
