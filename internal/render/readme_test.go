package render

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

func readme(t *testing.T) string {
	t.Helper()
	body, err := os.ReadFile("../../templates/README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTheReadmeNamesEveryFieldOfTheViews(t *testing.T) {
	text := readme(t)
	seen := map[reflect.Type]bool{reflect.TypeFor[time.Time](): true}
	var check func(reflect.Type)
	check = func(v reflect.Type) {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || seen[v] {
			return
		}
		seen[v] = true
		for f := range v.Fields() {
			if !f.Anonymous && !strings.Contains(text, "`."+f.Name+"`") && !strings.Contains(text, "**."+f.Name+"**") {
				t.Errorf("templates/README.md does not tell of %s.%s", v.Name(), f.Name)
			}
			check(f.Type)
		}
	}
	for _, v := range []any{IssueView{}, ConfirmationView{}, ReviewView{}, AlertView{}} {
		check(reflect.TypeOf(v))
	}
}

func TestTheReadmeNamesEveryFunction(t *testing.T) {
	words := regexp.MustCompile(`\w+`).FindAllString(readme(t), -1)
	for name := range functions(locale.For(digest.English)) {
		if !slices.Contains(words, name) {
			t.Errorf("templates/README.md does not tell of %s", name)
		}
	}
}

func TestTheReadmesExampleWorks(t *testing.T) {
	blocks := regexp.MustCompile(`(?m)(?:^    .*\n)+`).FindAllString(readme(t), -1)
	files := map[string]string{}
	for _, b := range blocks {
		if strings.Contains(b, `{{define "publisher"}}`) {
			name := "email/motto.html"
			if !strings.Contains(b, "<p") {
				name = "email/text.txt"
			}
			files[name] = strings.ReplaceAll(b, "\n    ", "\n")[4:]
		}
	}
	if len(files) != 2 {
		t.Fatalf("the example has %d files", len(files))
	}
	r, err := with(files)
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Email(number47(), bulletin("fr"), digest.Variant{Language: "fr", Length: digest.Full})
	l = letter(t, l, err)
	for _, body := range []string{l.HTML, l.Text} {
		if !strings.Contains(body, "Sans publicité, sans pistage.") {
			t.Errorf("the motto is not in\n%s", body)
		}
	}
}
