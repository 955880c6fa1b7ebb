package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
	"hebdo/internal/text"
)

var spokenKey = regexp.MustCompile(`c\.(?:t|say|warn|agreed)\("([a-z.]+[a-z])"`)

func TestEveryWordOfTheCommandLineExists(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := 0
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range spokenKey.FindAllStringSubmatch(string(body), -1) {
			seen++
			if !locale.For(digest.English).Has("cli." + m[1]) {
				t.Errorf("%s says %q, which has no words", file, "cli."+m[1])
			}
		}
	}
	if seen < 50 {
		t.Fatalf("only %d keys were found: the pattern no longer fits", seen)
	}
	codes := regexp.MustCompile(`"((?:spf|dkim|dmarc|mx|ptr|tls|web|message)\.[a-z]+|dns)"`)
	found, err := filepath.Glob("../../internal/doctor/*.go")
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	for _, file := range append(found, "doctor.go") {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(body), -1) {
			if !locale.For(digest.English).Has("doctor." + m[1]) {
				t.Errorf("%s finds %q, which has no words", file, m[1])
			}
		}
	}
	for _, s := range digest.States() {
		if !locale.For(digest.English).Has("cli.state.issue." + string(s)) {
			t.Errorf("the state %s has no word", s)
		}
	}
}

// A German article was announced to French readers as "Journal · 3 min · de".
func TestEveryLanguageThatIsToldHasAName(t *testing.T) {
	told := slices.Clone(text.Latin[:])
	for _, said := range []string{
		"Новая модель вышла", "Нова модель вийшла їхня", "新しいモデルです", "新模型发布", "새로운 모델", "Το νέο μοντέλο",
		"نموذج جديد", "مدل جدید پژوهشگران", "מודל חדש", "नया मॉडल", "โมเดลใหม่",
	} {
		told = append(told, string(text.Language(said)))
	}
	for _, words := range []*locale.Words{locale.For(digest.French), locale.For(digest.English)} {
		for _, lang := range told {
			if key := "language.in." + lang; !strings.HasPrefix(words.T(key), map[digest.Language]string{"fr": "en ", "en": "in "}[words.Language]) {
				t.Errorf("%s in %s", key, words.Language)
			}
		}
	}
}
