package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// lab is `hebdo lab`: the editorial engine as filters, JSON Lines in and out.
// Each answers every line, in order, with an object of the same id.
func (c *console) lab() *cobra.Command {
	cmd := &cobra.Command{Use: "lab", Short: c.t("lab.short"), Long: c.t("lab.long")}
	cmd.AddCommand(c.labExtract(), c.labFeed(), c.labStories(), c.labThemes(), c.labSummarise(), c.labSentences(), c.labLanguage())
	return cmd
}

// maxLine is the longest line a filter reads.
const maxLine = 64 << 20

// lines hands each line of input to f and prints what it gives, one at a time:
// memory does not grow with the input.
func lines[In, Out any](c *console, f func(In) (Out, error)) error {
	w := bufio.NewWriter(c.data)
	err := each(c.in, func(in In) error {
		out, err := f(in)
		if err != nil {
			return err
		}
		body, err := marshal(out)
		if err != nil {
			return err
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
		return w.Flush()
	})
	return errors.Join(err, w.Flush())
}

// each reads JSON Lines; a line that is none stops it, and is named.
func each[In any](r io.Reader, f func(In) error) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; scanner.Scan(); n++ {
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		var in In
		err := json.Unmarshal(scanner.Bytes(), &in)
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return usage("line %d: %q is a %s; this filter wants a %s there", n, strings.ToLower(wrong.Field), wrong.Value, wrong.Type.Kind())
		}
		if err != nil {
			return usage("line %d is no JSON object as this filter wants it: %v", n, err)
		}
		if err := f(in); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return usage("a line is longer than %d MiB", maxLine>>20)
	}
	return scanner.Err()
}

// marshal is one line of JSON without HTML escapes.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// readDocument reads a page or feed that an input line names.
func readDocument(path string) ([]byte, error) {
	const limit = 32 << 20
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError{err}
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && len(body) > limit {
		err = usage("%s is larger than 32 MiB", path)
	}
	return body, err
}
