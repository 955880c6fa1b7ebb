package collect

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// itemStart and itemEnd find the entries of RSS and Atom in any prefix.
var (
	itemStart = regexp.MustCompile(`<(?:[A-Za-z][\w.-]*:)?(?:item|entry)(?:\s[^>]*)?>`)
	itemEnd   = regexp.MustCompile(`</(?:[A-Za-z][\w.-]*:)?(?:item|entry)\s*>`)
	rootEnd   = regexp.MustCompile(`</(?:[A-Za-z][\w.-]*:)?(?:rss|feed|RDF)\s*>\s*$`)
)

// salvage makes a well-formed feed of the head and the whole entries of a
// broken one. An entry that breaks off is left for the next visit, which may
// bring it whole. It gives nil when there is nothing to save, and ErrTruncated
// or ErrDamaged to say what was wrong.
func salvage(doc []byte) ([]byte, error) {
	if doc[0] == '{' {
		return salvageJSON(doc)
	}
	start := itemStart.FindIndex(doc)
	if start == nil {
		return nil, ErrNotFeed
	}
	head := doc[:start[0]]
	open, err := unclosed(head)
	if err != nil || len(open) == 0 {
		return nil, ErrNotFeed
	}
	out := bytes.Clone(head)
	lost := 0
	for rest := doc[start[0]:]; ; {
		item, tail, whole := nextItem(rest)
		if item == nil && !whole {
			break
		}
		if still, err := unclosed(item); whole && err == nil && len(still) == 0 {
			out = append(out, item...)
		} else {
			lost++
		}
		rest = tail
	}
	for i := len(open) - 1; i >= 0; i-- {
		out = fmt.Appendf(out, "</%s>", open[i])
	}
	if !rootEnd.Match(doc[max(0, len(doc)-200):]) {
		return out, ErrTruncated
	}
	return out, fmt.Errorf("%w (%d of them)", ErrDamaged, lost)
}

// nextItem cuts the first entry off. whole is false for one that has no end
// before the next begins; item is nil when there is none.
func nextItem(doc []byte) (item, rest []byte, whole bool) {
	start := itemStart.FindIndex(doc)
	if start == nil {
		return nil, nil, false
	}
	end := itemEnd.FindIndex(doc[start[1]:])
	if end == nil {
		return doc[start[0]:], nil, false
	}
	stop := start[1] + end[1]
	return doc[start[0]:stop], doc[stop:], true
}

// unclosed reads a piece of XML and names the elements that it leaves open.
func unclosed(piece []byte) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(piece))
	d.Strict = false
	var open []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return open, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, qualified(t.Name))
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != qualified(t.Name) {
				return nil, fmt.Errorf("</%s> closes nothing", qualified(t.Name))
			}
			open = open[:len(open)-1]
		}
	}
}

// qualified is the name as written; RawToken leaves the prefix in Space.
func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// salvageJSON keeps the top-level members and the items that came whole.
func salvageJSON(doc []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	if _, err := d.Token(); err != nil {
		return nil, ErrNotFeed
	}
	kept := map[string]any{}
	var items []json.RawMessage
	for d.More() {
		key, err := d.Token()
		name, isName := key.(string)
		if err != nil || !isName {
			break
		}
		if name != "items" {
			var value json.RawMessage
			if d.Decode(&value) != nil {
				break
			}
			kept[name] = value
			continue
		}
		if _, err := d.Token(); err != nil {
			break
		}
		for d.More() {
			var item json.RawMessage
			if d.Decode(&item) != nil {
				break
			}
			if feed, err := parse(fmt.Appendf(nil, `{"items":[%s]}`, item)); err == nil && len(feed.Items) == 1 {
				items = append(items, item)
			}
		}
		break
	}
	if len(items) == 0 {
		return nil, ErrNotFeed
	}
	kept["items"] = items
	out, err := json.Marshal(kept)
	if err != nil {
		return nil, ErrNotFeed
	}
	if json.Valid(doc) {
		return out, ErrDamaged
	}
	return out, ErrTruncated
}
