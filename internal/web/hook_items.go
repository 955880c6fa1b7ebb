package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// item is one event of a list. Its keys are taken as they are spelt, and its
// values whatever their type: an operator's own arguments stand between a
// provider's keys, and may be anything.
type item map[string]json.RawMessage

// items reads one JSON object or a list of them. What is no object costs none
// of the others; unread is how many those are. None that can be read is an error.
func items(body []byte) (all []item, unread int, err error) {
	var list []json.RawMessage
	if !strings.HasPrefix(strings.TrimSpace(string(body)), "[") {
		list = append(list, body)
	} else if err := parse(body, &list); err != nil {
		return nil, 0, err
	}
	for _, raw := range list {
		var one item
		if fault := parse(raw, &one); fault != nil {
			unread, err = unread+1, fault
			continue
		}
		all = append(all, one)
	}
	if len(all) > 0 {
		err = nil
	}
	return all, unread, err
}

// text is a string, or a number as it is written; empty: it is neither.
func (i item) text(key string) string {
	var words string
	if json.Unmarshal(i[key], &words) == nil {
		return words
	}
	var number json.Number
	if json.Unmarshal(i[key], &number) == nil {
		return number.String()
	}
	return ""
}

// at is a time in seconds since 1970; the zero time: it is none.
func (i item) at(key string) time.Time {
	seconds, err := strconv.ParseFloat(i.text(key), 64)
	if err != nil || !(seconds > 0 && seconds < 1e11) { // more would not fit the ledger's microseconds
		return time.Time{}
	}
	return time.UnixMicro(int64(seconds * 1e6)).UTC()
}
