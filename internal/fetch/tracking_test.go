package fetch

import "testing"

func TestWithoutTrackingLeavesWhatAPageIsChosenBy(t *testing.T) {
	for query, want := range map[string]string{
		"": "", "&&b": "b", "utm_source=x": "", "id=2&UTM_Source=x&a=1": "id=2&a=1", "at_custom1=rss&pk_source=a&smid=tw": "",
		"source=rss-5f1------2": "", "source=press": "source=press", "at=3&q=utm_source": "at=3&q=utm_source",
	} {
		if got := WithoutTracking(query); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}
