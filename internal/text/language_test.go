package text_test

import (
	"os"
	"strings"
	"testing"

	"hebdo/internal/text"
)

func TestLanguageOfHeadlinesOfAFewWords(t *testing.T) {
	b, err := os.ReadFile("testdata/headlines.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		want, headline, _ := strings.Cut(line, " ")
		if want == "#" {
			continue
		}
		all++
		if got := string(text.Language(headline)); got == want {
			right++
		} else {
			t.Logf("%q: %q, want %q", headline, got, want)
		}
	}
	if share := float64(right) / float64(all); all != 200 || share < .97 {
		t.Errorf("%d of %d right", right, all)
	}
}

func TestLanguageKnowsWhatItDoesNotRead(t *testing.T) {
	for want, s := range map[string]string{
		"sv": "Regeringen presenterade i går en ny plan för forskning om artificiell intelligens",
		"pl": "Rząd przedstawił wczoraj nowy plan badań nad sztuczną inteligencją",
		"uk": "Уряд оголосив про новий план розвитку штучного інтелекту",
		"ja": "政府は人工知能の研究のための新しい計画を発表した",
		"zh": "政府宣布了人工智能研究的新计划",
		"ko": "정부가 인공지능 연구를 위한 새로운 계획을 발표했다",
		"el": "Η κυβέρνηση ανακοίνωσε νέο σχέδιο για την τεχνητή νοημοσύνη",
		"ar": "أعلنت الحكومة خطة جديدة للذكاء الاصطناعي",
		"fr": "Le quotidien 人民日报 annonce un plan pour la recherche",
		"":   "2026 … 42 %",
	} {
		if got := string(text.Language(s)); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// BenchmarkLanguage is the language of a short text; compare its ns/op before and
// after a change:
//
//	go test ./internal/text -run '^$' -bench 'Language$' -count 6
func BenchmarkLanguage(b *testing.B) {
	s := strings.Repeat("Le gouvernement annonce un plan pour l’intelligence artificielle. ", 20)
	for b.Loop() {
		text.Language(s)
	}
}
