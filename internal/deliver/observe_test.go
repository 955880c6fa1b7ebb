package deliver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

func TestEachBatchIsOneLineOfTheLogWithoutAnyAddress(t *testing.T) {
	clk := newClock()
	l := readers(101, clk.now)
	var said bytes.Buffer
	var mu sync.Mutex
	tried := map[digest.DeliveryState]int{}
	codes := map[int]int{}
	sent := 0
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		switch sent++; {
		case sent%20 == 0:
			return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "no reader7@example.org here"}
		case sent%25 == 0:
			return digest.ErrPerhapsAccepted
		}
		return nil
	}), clk.now, deliver.Options{Batch: 30, Logger: slog.New(slog.NewJSONHandler(&said, nil)), Tried: func(x deliver.Tried) {
		mu.Lock()
		defer mu.Unlock()
		tried[x.State]++
		codes[x.Code]++
		if x.Newsletter != newsletter.Slug || x.Domain == "" || strings.Contains(x.Domain, "@") || x.Took < 0 {
			t.Errorf("a try is told as %+v", x)
		}
	}})
	if _, err := c.Enqueue(t.Context(), issue); err != nil {
		t.Fatal(err)
	}
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	var lines, delivered, refused, unsure int
	for text := range strings.Lines(said.String()) {
		var line struct {
			Msg, Issue, Node                       string
			Batch, Sent, Refused, Unsure, Deferred int
			Waiting                                *int
			Seconds, Rate                          *float64
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "@") || strings.Contains(text, "reader") {
			t.Errorf("an address in the log: %s", text)
		}
		if line.Msg != "batch sent" {
			continue
		}
		lines++
		delivered, refused, unsure = delivered+line.Sent, refused+line.Refused, unsure+line.Unsure
		if line.Issue != issueID || line.Node == "" || line.Batch > 101 || line.Waiting == nil || *line.Waiting != 0 || line.Seconds == nil || line.Rate == nil {
			t.Errorf("a batch is told as %s", text)
		}
	}
	if lines != 1 || delivered != report.Sent || refused != report.Refused || unsure != report.Unsure || refused == 0 || unsure == 0 {
		t.Errorf("%d lines tell of %d sent, %d refused, %d unsure; the report is %+v", lines, delivered, refused, unsure, report)
	}
	if tried[digest.Delivered] != report.Sent || tried[digest.Refused] != report.Refused || codes[250] != report.Sent || codes[550] != report.Refused {
		t.Errorf("tries by state %v, by code %v; the report is %+v", tried, codes, report)
	}
}
