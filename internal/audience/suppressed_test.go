package audience

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func TestSuppressionListGoesOutAndInTheSame(t *testing.T) {
	at := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	list := []digest.Subscriber{
		{Address: "Anne@example.org", Match: "anne@example.org", Suppression: digest.Suppression{Kind: digest.Bounced, Since: at, Text: "550 5.1.1 \"no\" such user"}},
		{Address: "b@example.org", Match: "b@example.org", Suppression: digest.Suppression{Kind: digest.Complained, Since: at, Text: "=formula"}},
		{Match: "erased:1", Suppression: digest.Suppression{Kind: digest.Erased, Since: at}},
		{Address: "c@example.org", Match: "c@example.org", Suppression: digest.Suppression{Kind: digest.Barred, Since: at}},
	}
	pages := [][]digest.Subscriber{list[:2], list[2:], nil}
	var out bytes.Buffer
	if err := WriteSuppressed(&out, func() ([]digest.Subscriber, error) { p := pages[0]; pages = pages[1:]; return p, nil }); err != nil {
		t.Fatal(err)
	}
	got, bad, err := ReadSuppressed(&out)
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	if diff := cmp.Diff([]digest.Subscriber{list[0], list[1], list[3]}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSuppressionListsOfOtherTools(t *testing.T) {
	for _, c := range []struct {
		file string
		want []digest.SuppressionKind
		bad  []int
	}{
		{"a@example.org\nb@example.org\n", []digest.SuppressionKind{digest.Barred, digest.Barred}, nil},
		{"a@example.org,complained\nb@example.org,hard bounce,2026-01-02,550 no\nc@example.org\nd@example.org,Dan\n",
			[]digest.SuppressionKind{digest.Complained, digest.Bounced, digest.Barred}, []int{4}},
		{"EmailAddress,SuppressionReason,Origin,CreatedAt\na@example.org,HardBounce,Recipient,2026-01-02T03:04:05Z\nb@example.org,SpamComplaint,Recipient,\n",
			[]digest.SuppressionKind{digest.Bounced, digest.Complained}, nil},
		{"type;address;error\nbounce;a@example.org;550 no\n", []digest.SuppressionKind{digest.Bounced}, nil},
		{"email,reason\nnobody,bounced\na@example.org,moonlight\nb@example.org,\n", []digest.SuppressionKind{digest.Barred}, []int{2, 3}},
		{"name\nAnne\n", nil, []int{1}},
		{"", nil, nil},
	} {
		got, bad, err := ReadSuppressed(strings.NewReader(c.file))
		if err != nil {
			t.Fatal(err)
		}
		var kinds []digest.SuppressionKind
		for _, g := range got {
			kinds = append(kinds, g.Suppression.Kind)
		}
		var lines []int
		for _, b := range bad {
			lines = append(lines, b.Line)
		}
		if diff := cmp.Diff(c.want, kinds) + cmp.Diff(c.bad, lines); diff != "" {
			t.Errorf("%q:\n%s", c.file, diff)
		}
	}
}
