package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// body reads an answer, undoing its content coding (RFC 9110, 8.4). The
// transport has already undone the gzip it asked for itself; some servers
// send gzip or deflate to whoever asks, twice even. The limit counts what
// comes out of the last decoder, so that a small file cannot become a large one.
// With the error of a connection that broke, what came before is given.
func body(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	var r io.Reader = resp.Body
	codings := strings.Split(strings.Join(resp.Header.Values("Content-Encoding"), ","), ",")
	if len(codings) > 3 {
		return nil, Failure{Kind: KindContent, Err: fmt.Errorf("encoded %d times over", len(codings))}
	}
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if r, err = decoder(r, strings.ToLower(strings.TrimSpace(codings[i]))); err != nil {
			return nil, err
		}
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return b, err
	}
	if int64(len(b)) > limit {
		return nil, tooLarge(limit)
	}
	return b, nil
}

func decoder(r io.Reader, coding string) (io.Reader, error) {
	switch coding {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, Failure{Kind: KindContent, Err: fmt.Errorf("the body is said to be gzip and is not: %w", err)}
		}
		return z, nil
	case "deflate":
		return inflate(r)
	default:
		return nil, Failure{Kind: KindContent, Err: fmt.Errorf("the body is encoded as %q, which was not asked for", coding)}
	}
}

// inflate reads "deflate", which is zlib by RFC 9110 and raw deflate by many servers.
func inflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil {
		return b, nil //nolint:nilerr // an empty body decodes to nothing
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

func tooLarge(limit int64) Failure {
	return Failure{Kind: KindTooLarge, Err: fmt.Errorf("more than %d bytes", limit)}
}
